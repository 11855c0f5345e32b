"""工作效果评估 of a small year, counted by hand, with what the office writes and remembers."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from domain.reports.evaluation import Period, parse_period
from server.clues.models import Clue
from server.db import unit_of_work
from server.deadlines.models import TermEventRow
from server.followup.models import FollowUp, Revisit, RevisitDraw
from server.inspections.models import Inspection
from server.reports import service
from server.reports.making_evaluation import make_evaluation
from server.reports.workbook import write_workbook
from server.runtime import SITE_ZONE, today
from tests.integration.builders import PASSWORD
from tests.integration.reports.year import Year, build_year

WRITTEN = {"conclusion": "总体有效。\n联合仍少。", "measures": "四月前各队联合一次。"}
# Standing visits: d1 E1 E2 P1 E4, d2 E1 E3, d3 P1 P2, d4 E5 E6, d5 E1.
NOW = {
    "visits": 11,
    "firms": 8,
    "visits_each": "1.38",  # 11 ÷ 8
    "again": 2,  # E1 three times, P1 twice
    "saved": 2,  # the market's parts of d2
    "cases": 5,  # the void one is none
    "problem_firms": 3,  # E1, E2, P1
    "repeat_firms": 1,  # E1, PAX-02 twice
    "repeated": "33.33%",
    "closed": 2,
    "closed_share": "40.00%",
    "days": "8.5",  # 10 and 7
    "late_cases": 1,
    "late_results": 1,  # of the bureau's own and ended
    "revisits": 2,
    "revisited": 1,
    "revisited_share": "50.00%",
    "not_corrected": 1,
    "clues": 2,
    "clues_closed": 1,
    "clues_share": "50.00%",
}
BEFORE = {"visits": 0, "revisits": 1, "revisited": 0, "clues": 0, "days": "—", "found": "—"}


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SITE_ZONE)


@pytest.fixture
def year(app: Flask) -> Iterator[Year]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = build_year()
        _case(made, "d1/E2", "PAX-01", "2026-02-15", "2026-02-25")
        _case(made, "d1/E1", "PAX-02", "2026-01-22", "2026-01-29")
        late = _case(made, "d5/E1", "PAX-02", "2026-02-16")
        _case(made, "d3/P2", "PAX-01", "2026-02-25", state="void")
        _case(made, "d1/P1", "PAX-03", "2026-02-13")
        _case(made, "d3/P1", "PAX-01", "2026-02-25")  # found again, but something else
        _overdue(made, "entry", made.sheets["d1/E2/tr"], "d1/E2")
        _overdue(made, "entry", made.sheets["d2/E1/mr"], "d2/E1")  # another department's
        _overdue(made, "entry", made.sheets["d4/E6/tr"], "d4/E6")  # has not ended
        _overdue(made, "follow_up", late, "d5/E1")
        _revisit(made, "d1/E2", "2026-02-20", "partly")
        _revisit(made, "d1/E1", "2026-02-21")
        _revisit(made, "d8/E2", "2025-02-01", "partly")
        for day, state in (("2026-01-05", "closed"), ("2026-03-01", "received"),
                           ("2025-12-31", "closed")):  # fmt: skip
            _clue(made, day, state)
        yield made


def _case(made: Year, visit: str, item: str, opened: str, done: str = "", state: str = "") -> int:
    with unit_of_work() as work:
        row = FollowUp(
            jurisdiction_id=made.jurisdiction_id, inspection_id=made.visits[visit],
            sheet_id=made.sheets[f"{visit}/tr"], item_code=item, item_text=item,
            department_id=made.actor("office").department_id, severity="minor", result_code=5,
            state=state or ("done" if done else "open"), opened_at=_at(opened),
            decide_by=date(2026, 7, 9), disposal="correction_order" if done else "",
            decided_by=made.people["office"] if done else None,
            decided_at=_at(opened) if done else None,
            done_on=date.fromisoformat(done) if done else None,
        )  # fmt: skip
        work.add(row)
        work.flush()
        return row.id


def _overdue(made: Year, term: str, subject: int, visit: str) -> None:
    with unit_of_work() as work:
        work.add(
            TermEventRow(
                jurisdiction_id=made.jurisdiction_id, term=term, subject_id=subject, turn=1,
                inspection_id=made.visits[visit], kind="overdue", step=0,
                department_id=made.actor("office").department_id, due_on=date(2026, 2, 28),
                at=_at("2026-03-01"), recorded_at=_at("2026-03-01"),
            )
        )  # fmt: skip


def _revisit(made: Year, visit: str, day: str, outcome: str = "") -> None:
    with unit_of_work() as work:
        firm = work.get_one(Inspection, made.visits[visit]).firm_id
        draw = RevisitDraw(
            jurisdiction_id=made.jurisdiction_id, from_on=date(2026, 1, 1), to_on=date(2026, 2, 1),
            percent="50", within_days=30, pool="[]", pool_sha256="0" * 64, seed=day, witness="乙",
            made_by=made.people["office"], made_at=_at(day),
        )  # fmt: skip
        work.add(draw)
        work.flush()
        work.add(
            Revisit(
                jurisdiction_id=made.jurisdiction_id, draw_id=draw.id, firm_id=firm,
                inspection_id=made.visits[visit], ticket=day, due_on=date(2026, 3, 20),
                outcome=outcome, visited_on=date(2026, 3, 2) if outcome else None,
            )
        )  # fmt: skip


def _clue(made: Year, day: str, state: str) -> None:
    with unit_of_work() as work:
        work.add(
            Clue(
                jurisdiction_id=made.jurisdiction_id, number=f"XS{day}", key=day.ljust(64, "0"),
                code_sha256=day.ljust(64, "1"), received_at=_at(day), kind="vehicle", what="超员",
                state=state, accept_by=date(2026, 3, 9), public_answer="已查处",
            )
        )  # fmt: skip


@pytest.mark.both
def test_the_periods_numbers_are_what_was_counted_by_hand(year: Year) -> None:
    office = year.actor("office")
    made = service.get_report(office, make_evaluation(office, Period(2026), WRITTEN).id)
    assert made.row.day == today()
    told = {key: made.texts[f"now/{key}"] for key in NOW}
    assert told == {key: str(number) for key, number in NOW.items()}
    assert {key: made.texts[f"before/{key}"] for key in BEFORE} == {
        key: str(number) for key, number in BEFORE.items()
    }
    annual = service.get_report(office, service.make_annual(office, today()).id)
    for key in ("problems", "done", "tasks", "entered", "published", "joint_count", "entry"):
        assert made.texts[f"now/{key}"] == annual.texts[f"now/{key}"], key
    for ref in service.list_refs(made.content):
        found = service.list_behind(office, made.row.id, ref, 1)
        assert found.page.total == len(found.page.rows) == int(made.texts[ref]), ref


def test_the_next_evaluation_begins_with_the_last_ones_gaps_and_texts(
    app: Flask, year: Year
) -> None:
    client = app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    assert client.get("/reports/evaluation").status_code == 200
    half, whole = "/reports/evaluation?period=2025-1", "/reports/evaluation?period=2026"
    refused = client.post(half, data={"measures": "写了一半"})
    assert refused.status_code == 422 and "写了一半" in refused.text
    too_long = client.post(half, data={"conclusion": "长" * 2001})
    assert too_long.status_code == 422
    first = client.post(half, data=WRITTEN)
    assert client.get(first.location).status_code == 200
    page = client.get(whole).text
    assert "上次评估的差距" in page and "2025 年上半年" in page
    second = client.post(whole, data={**WRITTEN, "done": "已补开联合检查"})
    shown = client.get(second.location).text
    assert "已补开联合检查" in shown and "联合检查减少的上门次数" in shown
    again = client.get(whole).text  # goes on with what was written, in one's own words
    assert "已补开联合检查" in again and "总体有效。\n联合仍少。" in again.replace("\r", "")
    made = service.get_report(year.actor("office"), int(second.location.rsplit("/", 1)[1]))
    measures = shown.partition('id="evaluation-indicators"')[2].partition("</table>")[0]
    assert all(one["gap"] in measures for one in made.content["indicators"])
    body = write_workbook(made.form)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert rows[0][0].startswith("2026 年“双随机、一公开”监管工作效果评估\n（1 月 1 日至")
    assert rows[-4][0] == "上次评估差距的整改落实" and "已补开联合检查" in rows[-4][1]
    assert client.get(f"{second.location}/form.html").status_code == 200
    if shutil.which("pdftotext"):  # a group stays on the page of the cell that names it
        top, rest = _pages(client.get(f"{second.location}/form.pdf").data)[:2]
        assert "录入公示" in top and "抽取回访" not in top  # it would fit, its group would not
        assert all(one in rest for one in ("抽取回访", "回访时仍未全部改正"))
    assert client.get(f"{second.location}/behind?of=now/clues").text.count("XS2026") == 2


def _pages(body: bytes) -> list[str]:
    run = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True)
    return run.stdout.decode().split("\f")


@pytest.mark.parametrize("code", ["", "2026-2", "26", "20260", "2026-", "abcd", "0000"])
def test_what_is_no_period_is_none(code: str) -> None:
    assert parse_period(code) is None


def test_a_half_year_ends_on_30_june_and_a_whole_one_on_31_december() -> None:
    half, whole = parse_period("2026-1"), parse_period("2026")
    assert half and whole
    assert (half.last, whole.last) == (date(2026, 6, 30), date(2026, 12, 31))
    assert half.last + timedelta(days=184) == whole.last

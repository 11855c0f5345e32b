"""Events of terms on record, and pauses: whoever asks, whenever, however many at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Role
from domain.errors import Fault
from domain.pauses import Span
from domain.terms import Term
from server.accounts.models import Department, Jurisdiction
from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.deadlines import events as advancing
from server.deadlines import pauses, service
from server.deadlines.board import Board
from server.deadlines.calendar import seed_calendar
from server.deadlines.events import advance_county
from server.deadlines.models import TermEventRow, TermPause, TermRun
from server.deadlines.parts.wanted import Wanted
from server.deadlines.visit_terms import list_terms
from server.fieldsync.models import Entity
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.publication.models import Publication
from server.runtime import SITE_ZONE
from tests.conftest import ON_SQLITE, Clock
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.inspections.visit import fill, submit
from tests.statements import before_each

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
HANDED_IN = datetime(2026, 3, 4, 16, 30, tzinfo=SITE_ZONE)
OF_REPORTS = 28  # the year's dates from 20 March on begin, those of March and of 3 April come near
DUE = date(2026, 4, 1)  # twenty working days after 4 March


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    """A joint visit that ended on 4 March; tr has handed in, mr has nothing on record."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        seed_calendar()
        made = build_field()
        clock.at = HANDED_IN
        fill(made)
        submit(made)
        yield made


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SITE_ZONE)


def events(term: str = "entry", sheet: int | None = None) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(TermEventRow).order_by(TermEventRow.id)).all()
    return [
        (f"{one.kind}{one.step or ''}", one.at.astimezone(SITE_ZONE).strftime("%m-%d %H:%M"))
        for one in rows
        if one.term == term and (sheet is None or one.subject_id == sheet)
    ]


def evidence() -> pauses.Evidence:
    return pauses.Evidence(io.BytesIO(PDF), "送检单.pdf")


def ask(field: Field, first: date, last: date, who: str = "office") -> TermPause:
    return pauses.request_pause(
        field.actor(who), field.inspection_id, "testing", "制动性能送检", Span(first, last),
        evidence(),
    )  # fmt: skip


def sign_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"account": who, "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.both
def test_a_month_without_anybody_asking_is_caught_up_with_the_true_times(
    field: Field, clock: Clock
) -> None:
    """And asking again, or for an earlier instant, adds nothing."""
    clock.at = at(4, 10, 9)
    # entry and publication of each department's sheet, materials of the one that does not lead
    assert service.advance() == 35 + OF_REPORTS
    tr = field.sheet_ids["tr"]
    assert events(sheet=tr) == [
        ("set", "03-04 16:30"),
        ("warned10", "03-18 00:00"),
        ("warned5", "03-25 00:00"),
        ("warned3", "03-27 00:00"),
        ("warned1", "03-31 00:00"),
        ("warned", "04-01 00:00"),
        ("overdue", "04-02 00:00"),
    ]
    assert events("publication", tr) == events(sheet=tr)
    for when in (None, at(3, 20), at(4, 10, 9)):
        assert service.advance(when) == 0
    rows = service.list_term_events()
    assert {one.recorded_at for one in rows} == {clock.at} and len(rows) == 35 + OF_REPORTS
    assert [one.id for one in service.list_term_events(rows[4].id)] == [one.id for one in rows[5:]]


@ON_SQLITE
def test_what_a_page_leaves_is_written_by_the_next_that_asks(
    field: Field, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advancing, "MOST_FOR_A_PAGE", 1)
    clock.at = at(4, 10, 9)
    counts = []
    while len(counts) < 2 or counts[-1] > counts[-2]:
        advancing.catch_up(field.jurisdiction_id)
        counts.append(len(service.list_term_events()))
    assert counts[0] < counts[1] < counts[-1] == 35 + OF_REPORTS
    run = db.session.get_one(TermRun, field.jurisdiction_id)
    assert run.advanced_at == clock.at


def test_two_advances_at_once_write_each_event_once(app: Flask, field: Field, clock: Clock) -> None:
    clock.at = at(4, 10, 9)
    with unit_of_work() as work:
        mother = work.get_one(Inspection, field.inspection_id)
        for number in range(30):
            work.add(
                Inspection(
                    jurisdiction_id=field.jurisdiction_id, number=f"more-{number}",
                    draw_id=mother.draw_id, task_id=mother.task_id,
                    firm_id=_firm(work, field, number), created_at=HANDED_IN,
                    ended_on=date(2026, 3, 4),
                    sheets=[
                        Sheet(
                            jurisdiction_id=field.jurisdiction_id, code="tr", lists=[],
                            department_id=field.actor("wang").department_id,
                            submitted_at=HANDED_IN, ended_on=date(2026, 3, 4), state="submitted",
                        )
                    ],
                )
            )  # fmt: skip
    db.session.remove()

    def advance() -> int:
        with app.app_context():
            return service.advance()

    written = at_once(advance, advance, advance)
    assert sum(written) == 35 + 30 * 14 + OF_REPORTS
    with app.app_context():
        names = [
            (one.term, one.subject_id, one.turn, one.kind, one.step)
            for one in db.session.scalars(select(TermEventRow))
        ]
        assert len(names) == len(set(names)) == 35 + 30 * 14 + OF_REPORTS
        assert service.advance() == 0


def _firm(work: object, field: Field, number: int) -> int:
    from server.registry.models import Firm

    firm = Firm(
        jurisdiction_id=field.jurisdiction_id, uscc=f"91140522MA0K{number:04d}YY",
        name=f"示例客运{number}", category="passenger", address="县城东街",
    )  # fmt: skip
    db.session.add(firm)
    db.session.flush()
    return firm.id


def test_no_statement_changes_an_event_or_what_a_pause_asked(field: Field, clock: Clock) -> None:
    service.advance()
    ask(field, date(2026, 3, 9), date(2026, 3, 13))
    statements = [
        "UPDATE term_events SET step = 9",
        "DELETE FROM term_events",
        "UPDATE term_pauses SET to_on = '2026-03-31'",
        "DELETE FROM term_pauses",
    ]
    if db.engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO term_events SELECT * FROM term_events")
    else:
        statements.append("TRUNCATE term_events CASCADE")
    for statement in statements:
        with pytest.raises(DBAPIError, match=r"append_only|kept"), unit_of_work() as work:
            work.execute(text(statement))


def test_an_approved_pause_moves_the_due_date_on_the_board_the_phones_and_on_record(
    field: Field, clock: Clock
) -> None:
    clock.at = at(3, 20, 9)
    pause = ask(field, date(2026, 3, 9), date(2026, 3, 13))
    assert board_due(field) == DUE  # asked for is not granted
    with pytest.raises(Fault, match=r"(?i)whoever asked|cannot decide"):
        pauses.refuse_pause(field.actor("office"), pause.id, "不同意")
    clock.at = at(3, 26, 10)
    statements: list[str] = []
    before_each(db.engine, lambda *told: statements.append(told[2]))
    pauses.approve_pause(field.actor("head"), pause.id, PASSWORD, "")
    # a notice takes the terms first, then the visits: the other way round each would wait for each
    terms, visit = ([word in one for one in statements].index(True)
                    for word in ("term_runs", "FROM spaces"))  # fmt: skip
    assert terms < visit
    moved = date(2026, 4, 9)  # five working days on, over 清明 (4 to 6 April)
    assert board_due(field) == moved and phone_due(field) == moved.isoformat()
    assert events(sheet=field.sheet_ids["tr"]) == [
        ("set", "03-04 16:30"), ("warned10", "03-18 00:00"), ("warned5", "03-25 00:00"),
        ("moved", "03-26 10:00"),
    ]  # fmt: skip
    clock.at = at(4, 30)
    service.advance()
    assert events(sheet=field.sheet_ids["tr"])[-1] == ("overdue", "04-10 00:00")
    deeds = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("pause.%")))
    assert list(deeds) == ["pause.requested", "pause.approved"]


@ON_SQLITE
def test_a_pause_is_asked_for_in_time_with_evidence_and_once(field: Field, clock: Clock) -> None:
    def refusal(*days: date, who: str = "office") -> str:
        with pytest.raises(Fault) as told:
            ask(field, *days, who=who)
        return told.value.code

    week = (date(2026, 3, 9), date(2026, 3, 13))
    assert refusal(date(2026, 3, 4), week[1]) == "pause.before_start"
    assert refusal(date(2026, 4, 2), date(2026, 4, 3)) == "pause.after_due"
    assert refusal(*week, who="auditor") == refusal(*week, who="wang") == "access.denied"
    with pytest.raises(Fault, match=r"(?i)evidence"):
        pauses.request_pause(
            field.actor("lead"), field.inspection_id, "testing", "送检", Span(*week), None
        )
    first = ask(field, *week, who="lead")
    assert refusal(date(2026, 3, 16), date(2026, 3, 17)) == "pause.open"
    pauses.approve_pause(field.actor("head"), first.id, PASSWORD, "")
    with unit_of_work() as work:
        third = Department(jurisdiction_id=field.jurisdiction_id, code="ep", name="生态环境局")
        work.add(third)
    other = replace(field.actor("zhao"), roles=frozenset({Role.TEAM_LEAD}))
    stranger = replace(other, department_id=third.id)
    for asker, may_see in ((stranger, False), (field.actor("lead"), True)):
        assert pauses.can_see_evidence(asker, pauses.get_pause(asker, first.id)) is may_see
    with pytest.raises(Fault, match="not allowed"):
        pauses.get_evidence(stranger, first.id)
    with pytest.raises(Fault) as told:
        pauses.drop_pause(field.actor("lead"), first.id)
    assert told.value.code == "pause.wrong_state"
    assert refusal(date(2026, 3, 13), date(2026, 3, 16)) == "pause.overlaps"
    clock.at = at(4, 10)
    assert refusal(date(2026, 3, 16), date(2026, 3, 17)) == "pause.overdue"


@ON_SQLITE
def test_the_county_may_count_from_the_end_of_the_whole_task(field: Field) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {"entry.start": "task_end"}
        mother = work.get_one(Inspection, field.inspection_id)
        other = Inspection(
            jurisdiction_id=field.jurisdiction_id, number="more-1", draw_id=mother.draw_id,
            task_id=mother.task_id, firm_id=_firm(work, field, 1), created_at=HANDED_IN,
        )  # fmt: skip
        work.add(other)
    assert board_due(field) is None
    with unit_of_work():
        other.ended_on = date(2026, 3, 11)
    assert board_due(field) == date(2026, 4, 9)


@ON_SQLITE
def test_a_setting_that_moves_a_due_date_is_on_record_with_the_instant_it_was_saved(
    field: Field, clock: Clock
) -> None:
    from server.settings import service as settings

    clock.at = at(3, 20, 9)
    admin = replace(field.actor("office"), roles=frozenset({Role.ADMIN}))
    settings.save(admin, {"entry.working_days": "18"}, 0)
    assert events(sheet=field.sheet_ids["tr"]) == [
        ("set", "03-04 16:30"), ("warned10", "03-18 00:00"), ("moved", "03-20 09:00"),
    ]  # fmt: skip
    clock.at = at(3, 23)
    advance_county(field.jurisdiction_id)
    assert events(sheet=field.sheet_ids["tr"])[3:] == [("warned5", "03-23 00:00")]


def test_another_term_reaches_the_phones_and_leaves_what_was_met_in_time(
    field: Field, clock: Clock
) -> None:
    from server.settings import service as settings

    clock.at = at(3, 26)
    with unit_of_work() as work:
        mr = work.get_one(Sheet, field.sheet_ids["mr"])
        mr.state, mr.entered_at = "entered", at(3, 25)
        told = {"recorded_by": field.people["office"], "recorded_at": at(3, 25)}
        work.add(Publication(jurisdiction_id=field.jurisdiction_id, sheet_id=mr.id, version=1,
                             channel="本局网站", published_on=date(2026, 3, 25),
                             **told))  # fmt: skip
    office = field.actor("office")
    admin = replace(office, roles=frozenset({Role.ADMIN}))
    settings.save(admin, {"entry.working_days": "10"}, 0)
    assert phone_due(field) == "2026-03-18"
    expected = {field.sheet_ids["tr"]: ("overdue", date(2026, 3, 18)),
                field.sheet_ids["mr"]: ("met", DUE)}  # fmt: skip
    rows = service.list_board(office)
    assert {
        one.sheet.sheet_id: (str(one.state), one.due.due) for one in rows if one.due
    } == expected
    counted = {str(one): number for one, number in Board(office, Wanted()).count().items()}
    assert counted == {"overdue": 1, "met": 1}
    lines = list_terms(inspections.get_inspection(office, field.inspection_id))
    public = next(one for one in lines if (one.term, one.sheet.id) == (Term.PUBLICATION, mr.id))
    assert (str(public.state), public.due and public.due.due) == ("met", DUE)
    page = [one for one in lines
            if one.term is Term.ENTRY and one.due]  # fmt: skip
    assert {one.sheet.id: (str(one.state), one.due and one.due.due) for one in page} == expected


@ON_SQLITE
def test_a_visit_taken_back_drops_its_terms(field: Field, clock: Clock) -> None:
    service.advance()
    with unit_of_work() as work:
        work.get_one(Inspection, field.inspection_id).withdrawn_at = clock.at
    clock.at = at(3, 9)
    advance_county(field.jurisdiction_id)
    assert events(sheet=field.sheet_ids["tr"])[1:] == [("dropped", "03-09 00:00")]


@ON_SQLITE
def test_the_pages_ask_show_decide_and_lose_nothing(app: Flask, field: Field, clock: Clock) -> None:
    page = f"/inspections/{field.inspection_id}/terms"
    office, head = sign_in(app, "office"), sign_in(app, "head")
    shown = office.get(page).text
    assert "第 20 个工作日" in shown and "2026-04-01" in shown and "开始计算" in shown
    assert "提交审批" not in head.get(page).text
    form = {
        "reason": "testing", "words": "制动性能送检", "from_on": "2026-03-09",
        "to_on": "2026-03-06",
    }  # fmt: skip
    refused = office.post(page, data=form)
    assert refused.status_code == 422 and "制动性能送检" in refused.text
    assert "请附上证明材料" in refused.text
    sent = {**form, "document": (io.BytesIO(PDF), "送检单.pdf")}
    refused = office.post(page, data=sent)
    assert refused.status_code == 422 and "恢复计时不能早于中止" in refused.text
    held = re.search(r'name="document_kept" value="([^"]+)" checked', refused.text)
    assert held is not None and "已收到：送检单.pdf" in refused.text
    sent = {**form, "to_on": "2026-03-13", "document_kept": held[1]}
    lead = sign_in(app, "lead").post(page, data=sent)
    assert lead.status_code == 422 and "请附上证明材料" in lead.text  # it is nobody else's
    assert office.post(page, data=sent).status_code == 302
    second = office.post(page, data={**sent, "from_on": "2026-03-16", "to_on": "2026-03-17"})
    assert second.status_code == 409 and "制动性能送检" in second.text and held[1] in second.text
    (pause,) = db.session.scalars(select(TermPause)).all()
    where = f"/pauses/{pause.id}"
    assert "待审批的期限中止" in head.get("/").text and "批准中止" in head.get(where).text
    asked = head.get(where).text  # what approving makes of it
    assert "2026-04-09" in asked and "中止 5 天不计" in asked
    assert "提交审批" not in office.get(page).text  # one at a time
    with head.get(f"{where}/document") as kept:
        assert kept.data == PDF
    assert head.post(f"{where}/approve", data={"password": "wrong"}).status_code in (401, 403)
    assert office.post(f"{where}/approve", data={"password": PASSWORD}).status_code == 403
    assert head.post(f"{where}/approve", data={"password": PASSWORD}).status_code == 302
    shown = office.get(page).text
    assert "2026-04-09" in shown and "中止 5 天不计" in shown and "到期日改为 2026-04-09" in shown
    assert "已批准" in office.get("/pauses?state=approved").text
    add_refused(60)
    first, second = (office.get(f"/pauses?state=refused&page={n}").text for n in (1, 2))
    assert "第 1 页，共 2 页" in first and "state=refused&amp;page=2&amp;" in first
    assert [page.count('href="/pauses/') for page in (first, second)] == [50, 10]
    for shown_page, told in ((first, "本页 50 条，共 60 条"), (second, "本页 10 条，共 60 条")):
        assert (
            told in shown_page and 'href="/pauses?state=refused" aria-current="page"' in shown_page
        )
    assert "期限已过" not in shown and "期限已过" not in head.get(page).text
    clock.at = at(4, 10, 9)
    late = sign_in(app, "office").get(page).text
    assert "距到期不超过 10 个工作日" in late and "录入期限：剩余" not in late
    assert "报送资料期限：剩余 1 天" in late  # that term alone is counted in calendar days
    assert "期限已过，不能再申请中止" in late and "提交审批" not in late


def add_refused(number: int) -> None:
    """As the one on record, asked for again and again."""
    known = db.session.scalars(select(TermPause)).one()
    columns = {one.key: getattr(known, one.key) for one in TermPause.__table__.columns}
    rows = [{**columns, "id": known.id + 1 + n, "state": "refused"} for n in range(number)]
    with unit_of_work() as work:
        work.execute(insert(TermPause), rows)


def board_due(field: Field) -> date | None:
    office = field.actor("office")
    found = {one.sheet.sheet_id: one.due for one in service.list_board(office)}
    due = found[field.sheet_ids["tr"]]
    (row,) = Board(office, Wanted()).find_rows([field.sheet_ids["tr"]])
    assert row.due == due
    counted = Board(office, Wanted(due=due.due if due else date.max)).count()
    assert sum(counted.values()) == (2 if due else 0)  # each department's part
    on_page = inspections.due_of_sheets([inspections.get_inspection(office, field.inspection_id)])
    assert on_page[field.sheet_ids["tr"]].due == (due.due if due else None)
    return due.due if due else None


def phone_due(field: Field) -> str:
    row = db.session.scalars(
        select(Entity).where(
            Entity.space == field.space, Entity.type == "inspection"
        )
    ).one()  # fmt: skip
    return str(row.fields["due_on"])

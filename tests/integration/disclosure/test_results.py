"""What visitors see of a result, and what they never see."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.accounts.models import Jurisdiction
from server.db import db, scope_to, unit_of_work
from server.disclosure import service
from server.disclosure.models import PublicResult
from server.followup import service as followup
from server.planning.models import PlanVersion
from server.registry.items.models import ItemPublication
from server.runtime import now
from tests.conftest import ON_SQLITE, Clock
from tests.integration.builders import build_field
from tests.integration.disclosure.conftest import Office

VISIT = "/public/results/visits/{}"


@pytest.fixture
def office(app: Flask, county: Callable[[], Office]) -> Iterator[Office]:
    with app.app_context():
        yield county()


def rows() -> list[PublicResult]:
    db.session.expire_all()
    return db.session.query(PublicResult).order_by(PublicResult.id).all()


def told(visitor: FlaskClient, question: str = "") -> list[dict[str, Any]]:
    answer = visitor.get(f"/public/results.json{question}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.text)["results"]
    return found


def test_a_result_is_public_from_its_publication_until_it_is_taken_back(
    office: Office, visitor: FlaskClient
) -> None:
    visit = VISIT.format(office.field.inspection_id)
    assert visitor.get(visit).status_code == 404
    assert "还没有公示的结果" in visitor.get("/public/results").text
    office.publish()
    page = visitor.get(visit)
    assert page.status_code == 200
    assert "示例客运有限公司" in page.text and "发现问题待后续处理" in page.text
    draw = told(visitor)[0]["task"]["draw"]
    assert f'href="/public/draws/{draw}"' in page.text
    assert visitor.get(f"/public/draws/{draw}").status_code == 200, "anybody can check the draw"
    assert told(visitor)[0]["officers"] == ["li", "wang"], "who signed answers for it"
    assert "市场监督管理局" not in page.text, "the other department has not published"
    assert "示例客运有限公司" in visitor.get("/public/results?q=示例 客运").text
    assert visitor.get("/public/results/91140522MA0K0001XX").status_code == 200
    office.publish(reason="登记到了别的企业", is_void=True)
    assert visitor.get(visit).status_code == 404
    assert "disclosure.no_results" in visitor.get("/public/results/91140522MA0K0001XX").text
    assert told(visitor) == []
    assert [row.is_shown for row in rows()] == [False]


@ON_SQLITE
def test_both_versions_are_shown_with_the_reason_and_without_people(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    office.correct()
    visit = VISIT.format(office.field.inspection_id)
    waiting = visitor.get(visit).text
    assert "更正后的结果尚待公示" in waiting and "现场复核" not in waiting
    office.publish(2)
    page = visitor.get(visit).text
    assert "尚待公示" not in page and "更正理由：现场复核" in page
    assert "抽查5台" in page, "what stood there is shown beside what holds"
    assert "驾驶员张三（×××）的车×××未年检，陈某在场" in page
    for secret in ("13800001234", "晋E12345", "陈经理", "主要负责人"):
        assert secret not in page, secret
    [result] = told(visitor)
    newest, first = result["versions"]
    assert (newest["version"], first["version"]) == (2, 1)
    [change] = newest["changes"]
    assert (change["code"], change["old"]["note"]) == ("PAX-02", "抽查5台")
    assert "×××" in change["new"]["note"]


@ON_SQLITE
def test_outcome_of_a_problem_is_public_once_the_office_says_so(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    visit = VISIT.format(office.field.inspection_id)
    assert "后续处置结果" not in visitor.get(visit).text
    case = office.tell_outcome("PAX-02", "已抄告县公安局，电话0356-4221234")
    page = visitor.get(visit).text
    assert "已抄告县公安局，电话×××" in page and "（内部）" not in page
    assert rows()[0].has_outcome
    [result] = told(visitor)
    assert [one["disposal"] for one in result["outcomes"]] == ["notify"]
    followup.publish(office.field.actor("office"), case.id, "", case.revision)
    assert "已抄告" not in visitor.get(visit).text and not rows()[0].has_outcome


@pytest.mark.both
def test_results_are_found_by_firm_task_department_result_and_day(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    row = rows()[0]
    fits = (
        "q=示例", "q=91140522MA0K0001XX", "q=９１１４０５２２ma0k0001xx", "q=客运 示例",
        f"task={row.task_id}", f"department={row.department_id}", "result=8", "result=problem",
        "from=2026-03-04&to=2026-03-04", "year=2026", f"plan={row.plan_id}",
    )  # fmt: skip
    for question in fits:
        assert len(told(visitor, f"?{question}")) == 1, question
    misses = (
        "q=别家", "q=%25", "q=_", "task=999", "department=999", "result=1", "from=2026-03-05",
        "to=2026-03-03", "year=2025", "plan=999",
    )  # fmt: skip
    for question in misses:
        assert told(visitor, f"?{question}") == [], question
        assert "没有符合条件的结果" in visitor.get(f"/public/results?{question}").text


@ON_SQLITE
def test_what_cannot_be_meant_is_told_at_its_field_and_kept(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    page = visitor.get("/public/results?from=4.3.2026&q=示例&result=abc&task=x")
    assert page.status_code == 422
    assert "请按 2026-03-04 这样填写日期" in page.text
    assert 'value="4.3.2026"' in page.text and 'value="示例"' in page.text
    turned = visitor.get("/public/results?from=2026-03-05&to=2026-03-04")
    assert turned.status_code == 422 and "不能早于" in turned.text
    refused = visitor.get("/public/results.csv?from=4.3.2026")
    assert refused.status_code == 400 and "request.bad_parameter" in refused.text


@ON_SQLITE
def test_csv_opens_in_a_spreadsheet_and_runs_nothing(office: Office, visitor: FlaskClient) -> None:
    office.publish()
    office.correct(note="=HYPERLINK(1)")
    office.publish(2)
    with unit_of_work():
        rows()[0].firm_name = "=示例客运有限公司"
    answer = visitor.get("/public/results.csv?year=2026")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    [line] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert line["firm_name"] == "'=示例客运有限公司"
    assert (line["uscc"], line["version"], line["is_corrected"]) == ("91140522MA0K0001XX", "2", "1")
    assert (line["result"], line["result_text"]) == ("8", "发现问题待后续处理")
    assert line["correction_reason"] == "现场复核"
    page = visitor.get(line["page"].removeprefix("http://localhost"))
    assert page.status_code == 200


@ON_SQLITE
def test_a_file_or_page_that_one_has_is_not_sent_again_until_something_changes(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    for path in ("/public/results", "/public/results.csv", "/public/results.json"):
        first = visitor.get(path)
        seen = {"If-None-Match": first.headers["ETag"]}
        again = visitor.get(path, headers=seen)
        assert (again.status_code, again.data) == (304, b""), path
        assert visitor.get(f"{path}?year=2025", headers=seen).status_code == 200, path
    office.correct()
    assert visitor.get("/public/results.json", headers=seen).status_code == 200
    packed = visitor.get("/public/results", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "示例客运有限公司" in gzip.decompress(packed.data).decode()


@ON_SQLITE
def test_visitors_get_no_cookie_and_choose_their_language_by_a_link(
    app: Flask, county: Callable[[], Office], visitor: FlaskClient
) -> None:
    with app.app_context():  # left before the first visit, or its token would serve them all
        office = county()
        office.publish()
        visit = VISIT.format(office.field.inspection_id)
    paths = ("/public", "/public/results", "/public/results/91140522MA0K0001XX", visit,
             "/public/plans", "/public/items", "/public/draws", "/public/trail",
             "/public/results/shown", "/public/sitemap.xml", "/robots.txt",
             "/public/results.json")  # fmt: skip
    for path in paths:
        assert "Set-Cookie" not in visitor.get(path).headers, path
    chosen = visitor.get("/public/language?locale=en&next=/public/results")
    assert chosen.location == "/public/results"
    assert chosen.headers["Set-Cookie"].startswith("suicha_locale=en")
    assert "Inspection results" in visitor.get("/public/results").text
    assert visitor.get("/public/language?locale=en&next=//evil.example").location == "/public"


@ON_SQLITE
def test_search_engines_are_shown_public_pages_only(office: Office, visitor: FlaskClient) -> None:
    office.publish()
    robots = visitor.get("/robots.txt").text
    assert "Disallow: /\n" in robots and "Sitemap: http://localhost/public/sitemap.xml" in robots
    sitemap = visitor.get("/public/sitemap.xml").text
    found = [part.partition("</loc>")[0] for part in sitemap.split("<loc>")[1:]]
    assert "http://localhost/public/results/91140522MA0K0001XX" in found
    for address in found:
        page = visitor.get(address.removeprefix("http://localhost"))
        assert page.status_code == 200, address
        assert '<meta name="description" content="' in page.text, address
        assert f'<link rel="canonical" href="{address}">' in page.text, address


def test_a_result_is_shown_as_long_as_the_county_says(
    office: Office, visitor: FlaskClient, clock: Clock
) -> None:
    office.publish()
    with unit_of_work():
        county = db.session.get_one(Jurisdiction, office.field.jurisdiction_id)
        county.settings = {"public.results_days": 30}
    assert len(told(visitor)) == 1
    clock.advance(days=30)
    assert len(told(visitor)) == 1
    clock.advance(days=1)
    assert told(visitor) == []
    assert visitor.get(VISIT.format(office.field.inspection_id)).status_code == 404


def test_rebuilding_gives_the_same_rows_and_mends_wrong_ones(office: Office) -> None:
    office.publish()
    office.correct()
    office.tell_outcome("PAX-03", "已抄告")
    scope_to(None)
    assert service.check().wrong == ()
    before = {c.name: getattr(rows()[0], c.name) for c in PublicResult.__table__.columns}
    with unit_of_work():
        rows()[0].result_code, rows()[0].is_shown = 1, False
    assert len(service.check().wrong) == 1
    assert len(service.rebuild().wrong) == 1
    after = {c.name: getattr(rows()[0], c.name) for c in PublicResult.__table__.columns}
    assert after | {"revision": 0} == before | {"revision": 0}
    with unit_of_work() as work:
        work.delete(rows()[0])
    service.catch_up()
    assert service.check() == service.Checked(1, ()) and len(rows()) == 1


@ON_SQLITE
def test_what_was_checked_is_told_in_the_words_of_the_list_of_the_day(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    [item] = told(visitor)[0]["task"]["items"]
    assert (item["name"], item["bodies"]) == ("监督检查", "交通运输局"), "no list is published yet"
    before = visitor.get("/public/results.json").headers["ETag"]
    for edition, day, words in ((1, 1, "当日的依据"), (2, 6, "后来的依据")):
        listed = {"code": "T-tr", "name": "客运检查", "basis": words, "bodies": "县交通运输局",
                  "content": "经营资质", "methods": ["on_site", "document"]}  # fmt: skip
        with unit_of_work() as work:
            work.add(
                ItemPublication(
                    jurisdiction_id=office.field.jurisdiction_id, edition=edition, items=[listed],
                    sha256="0" * 64, published_at=datetime(2026, 3, day, tzinfo=UTC),
                )
            )  # fmt: skip
    [item] = told(visitor)[0]["task"]["items"]
    assert item == {"name": "客运检查", "basis": "当日的依据", "bodies": "县交通运输局",
                    "content": "经营资质", "methods": ["on_site", "document"]}  # fmt: skip
    assert visitor.get("/public/results.json").headers["ETag"] != before
    page = visitor.get(VISIT.format(office.field.inspection_id)).text
    assert "当日的依据" in page and "实地核查、书面检查" in page


@ON_SQLITE
def test_a_public_plan_and_a_draw_lead_to_the_results_of_their_task(
    office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    plan_id, task_id = rows()[0].plan_id, rows()[0].task_id
    with unit_of_work() as work:
        work.add(
            PlanVersion(
                jurisdiction_id=office.field.jurisdiction_id, plan_id=plan_id, number=1,
                content={"title": "年度抽查计划", "document_no": "", "year": 2026, "phases": [],
                         "columns": ["任务"], "tasks": [{"cells": {"任务": "检查"}}]},
                content_sha256="0" * 64, made_at=now(), published_at=now(),
            )
        )  # fmt: skip
    page = visitor.get(f"/public/plans/{plan_id}").text
    assert "已公示 1 条结果" in page
    assert f"/public/results?task={task_id}&amp;plan={plan_id}&amp;county=140522" in page
    of_visit = visitor.get(VISIT.format(office.field.inspection_id)).text
    draw = re.search(r'href="(/public/draws/[^"]+)"', of_visit)
    assert draw and "已公示 1 条结果" in visitor.get(draw[1]).text
    assert f"/public/results?task={task_id}&amp;county=140522" in visitor.get(draw[1]).text


@ON_SQLITE
def test_another_countys_results_are_not_found(
    app: Flask, office: Office, visitor: FlaskClient
) -> None:
    office.publish()
    other = build_field("140599", "2")
    visit = VISIT.format(office.field.inspection_id)
    assert visitor.get(visit).status_code == 404, "there are two counties now"
    assert visitor.get(f"{visit}?county=140522").status_code == 200
    assert visitor.get(f"{visit}?county=140599").status_code == 404
    assert "?county=140522" in visitor.get("/public/results?county=140522").text
    assert told(visitor, "?county=140599") == [] and other.inspection_id


@ON_SQLITE
def test_every_clause_a_field_is_public_by_is_quoted_beside_the_table(
    office: Office, visitor: FlaskClient
) -> None:
    page = visitor.get("/public/results/shown").text
    named = set(re.findall(r"\bR\d{3}\b", page))
    quoted = set(re.findall(r'<span class="nowrap">(R\d{3})</span>', page))
    assert named == quoted and len(named) == 10

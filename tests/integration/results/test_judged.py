"""How the same entry was judged elsewhere this year (R070): counts of the county, visits of one's
own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection

from server.db import db
from server.fieldsync import service as fieldsync
from server.results.overview import map_judged
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.more_visits import add_visits
from tests.integration.inspections.visit import answer, do, fill, submit
from tests.statements import before_each

LISTS = ["tr-list@1"]


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_field()


def enter(field: Field, second: int) -> None:
    """The visit done and entered, its second entry with this code."""
    fill(field, failed=0 if second == 1 else 1)
    submit(field)
    do(field, "lead", "sheet.accept", "sheet:tr", {})
    results = {"PAX-01": 1, "PAX-02": second, "PAX-03": 1}
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    do(
        field, "wang", "sheet.enter", "sheet:tr", {"results": results}, seen=rows.seen,
        digest=rows.digest(results),
    )  # fmt: skip


@pytest.mark.both
def test_same_entry_is_counted_by_code_and_the_last_three_visits_are_named(
    app: Flask, field: Field
) -> None:
    others = add_visits(field, 4)
    for one, code in zip(others, (1, 5, 8, 1), strict=True):
        enter(one, code)
    found = map_judged(field.actor("lead"), LISTS, 2026)
    second = found["tr-list", "PAX-02"]
    assert dict(second.county) == {1: 2, 5: 1, 8: 1} == dict(second.own)
    assert second.problems == 2
    newest = [(one.inspection_id, one.result) for one in second.recent]
    assert newest == [(others[n].inspection_id, code) for n, code in ((3, 1), (2, 8), (1, 5))]
    assert dict(found["tr-list", "PAX-01"].county) == {1: 4}
    assert map_judged(field.actor("lead"), LISTS, 2025) == {}
    assert map_judged(field.actor("lead"), ["mr-list@1", "tr@1"], 2026) == {}
    # Another department's lead would read how often, and nothing about whom.
    told = map_judged(field.actor("zhao"), LISTS, 2026)["tr-list", "PAX-02"]
    assert (sum(told.county.values()), dict(told.own), told.recent) == (4, {}, [])


def test_a_correction_counts_instead_of_what_was_entered(app: Flask, field: Field) -> None:
    def phone(name: str) -> Phone:
        return Phone(app, field, name)

    wang, _lead = lock_sheet(phone)
    order = ask(wang, "PAX-03", {"value": "台账不全", "result": 5})
    assert decide(phone("head"), order).status_code == 200
    found = map_judged(field.actor("lead"), LISTS, 2026)
    assert dict(found["tr-list", "PAX-03"].county) == {5: 1}


def test_pages_say_it_at_each_entry_in_one_statement(app: Flask, field: Field) -> None:
    asked: list[str] = []

    def note(_connection: Connection, *given: Any) -> None:
        if len(given) > 1 and "sheet_versions" in str(given[1]) and "firms" in str(given[1]):
            asked.append(str(given[1]))

    (other,) = add_visits(field, 1)
    enter(other, 5)
    fill(field, failed=1)
    submit(field)
    lead = app.test_client()
    assert lead.post("/sign-in", data={"account": "lead", "password": PASSWORD}).status_code == 302
    before_each(db.engine, note)
    sentence = "本年同项：全县 1 户，有问题 1 户"
    for path in (
        "/day",
        "/day/findings?day=2026-03-04",
        f"/inspections/{field.inspection_id}",
    ):
        asked.clear()
        page = lead.get(path).text
        assert sentence in page and "5 发现问题已责令改正 1 户" in page, path
        assert f'<a href="/inspections/{other.inspection_id}#sheet-tr">2026-0002</a>' in page, path
        assert len(asked) == 1, path


def test_a_day_without_findings_asks_nothing(app: Flask, field: Field) -> None:
    answer(field, "wang", "PAX-01", "pass")
    assert map_judged(field.actor("lead"), [], 2026) == {}

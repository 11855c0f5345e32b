"""What the database counts is what the parts say one by one, under every filter and for every list.

The parts are read here as each page of a single sheet reads them: the version in force, and what
stands of its receipts and publications.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from flask import Flask

from domain.access import Actor
from domain.deadlines import MetBy
from domain.publication_rates import Part, Step, count_rates
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.service import BoardRow, list_board
from server.inspections.models import Inspection, Sheet
from server.publication.models import PlatformReceipt, Publication
from server.publication.rates import BY, Filter, view_rates
from server.publication.records import Standing, map_receipt_days, map_standing
from server.publication.service import part_of
from server.results import service as results
from server.results.models import SheetVersion
from server.runtime import now
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.phone import Phone
from tests.integration.statistics.recorded import record

# Of a version: nothing, one that stands, one that is void, one void and entered again.
ENTRIES = ((), (False,), (False, True), (False, True, False))


@pytest.fixture
def county(app: Flask, field: Field, wang: Phone, phone: object) -> Iterator[Field]:
    """The joint visit of ``field``, of which one part is corrected, and visits in every state of
    receipts and publications, in two years, of two departments, tasks and teams."""
    seed_calendar()
    _note(field, field.sheet_ids["tr"], date(2026, 3, 4), (False,), (False,))
    proposal = ask(wang, "PAX-03", {"value": "台账缺两页"})
    assert decide(phone("head"), proposal).status_code == 200  # type: ignore[operator]
    days = (date(2025, 12, 31), date(2026, 1, 1))
    for place, (receipts, publications) in enumerate(product(ENTRIES, ENTRIES)):
        _enter(field, days[place % 2], place % 3 == 0, receipts, publications)
    record(field, days[1], state="submitted", code="mr", officers=("zhao",))
    record(field, days[0], state="open", trade="freight")
    with unit_of_work() as work:
        planned = work.query(Inspection).order_by(Inspection.id.desc()).first()
        planned.ended_on = planned.sheets[0].ended_on = None
    record(field, days[1])
    with unit_of_work() as work:
        work.query(Inspection).order_by(Inspection.id.desc()).first().withdrawn_at = now()
    db.session.expire_all()
    yield field


def _enter(
    field: Field, day: date, is_partner: bool, receipts: tuple[bool, ...], shown: tuple[bool, ...]
) -> None:
    who = {"code": "mr", "officers": ("zhao", "qian")} if is_partner else {"trade": "freight"}
    record(field, day, state="accepted", **who)  # type: ignore[arg-type]
    person = field.people["office"]
    with unit_of_work() as work:
        sheet = work.query(Sheet).order_by(Sheet.id.desc()).first()
        version = SheetVersion(
            jurisdiction_id=field.jurisdiction_id, sheet_id=sheet.id, version=1,
            op=f"op-{sheet.id}", content="{}", digest="0" * 64, result_code=1,
            entered_by=person, entered_at=now(), snapshot={},
        )  # fmt: skip
        work.add(version)
        work.flush()
        sheet.state = "entered"
    _note(field, sheet.id, day, receipts, shown)


def _note(
    field: Field, sheet_id: int, day: date, receipts: tuple[bool, ...], shown: tuple[bool, ...]
) -> None:
    """Of its first version: each is void or stands, the last counts."""
    noted = {
        "jurisdiction_id": field.jurisdiction_id, "sheet_id": sheet_id, "version": 1,
        "recorded_by": field.people["office"], "recorded_at": now(), "reason": "测试",
    }  # fmt: skip
    with unit_of_work() as work:
        for is_void in receipts:
            work.add(PlatformReceipt(**noted, number="SX", received_on=day, is_void=is_void))
            work.flush()
        for is_void in shown:
            work.add(Publication(**noted, channel="公示", published_on=day, is_void=is_void))
            work.flush()


def _one_by_one(actor: Actor) -> list[tuple[BoardRow, Part]]:
    board = list_board(actor)
    ids = [row.sheet.sheet_id for row in board]
    versions, standing = results.list_version_numbers(ids), map_standing(ids)
    return [
        (row, part_of(
            row.sheet.ended_on is not None, versions.get(row.sheet.sheet_id, 0),
            standing.get(row.sheet.sheet_id, Standing()),
        ))
        for row in board
    ]  # fmt: skip


def _fits(row: BoardRow, wanted: Filter) -> bool:
    sheet = row.sheet
    day = sheet.ended_on or sheet.planned_on
    return (
        wanted.year in (None, day and day.year)
        and wanted.task in (None, sheet.task_id)
        and wanted.department in (None, sheet.department_id)
        and (wanted.officer is None or wanted.officer in sheet.officer_ids)
    )


def _keys(row: BoardRow, by: str) -> list[tuple[int, str]]:
    sheet = row.sheet
    return {
        "task": [(sheet.task_id, sheet.task_name)],
        "department": [(sheet.department_id, sheet.department_name)],
        "officer": list(zip(sheet.officer_ids, sheet.team, strict=True)),
    }[by]


@pytest.mark.both
@pytest.mark.parametrize("rule", MetBy)
def test_rates_and_lists_are_those_of_the_parts_one_by_one(county: Field, rule: MetBy) -> None:
    with unit_of_work() as work:
        work.get_one(Jurisdiction, county.jurisdiction_id).settings = {"entry.met_by": rule.value}
    db.session.expire_all()
    for actor in (county.actor("office"), county.actor("lead")):
        every = _one_by_one(actor)
        assert len({part for _row, part in every}) >= 5, "the county has parts in many states"
        filters = [Filter(), *(Filter(year=year) for year in (2024, 2025, 2026, 10**9))]
        for by in BY:
            keys = {key for row, _part in every for key in _keys(row, by)}
            assert view_rates(actor, Filter()).names(by) == sorted(
                keys, key=lambda one: (one[1], one[0])
            )
            filters += [Filter(year=2025, **{by: key}) for key, _name in sorted(keys)[:2]]
        for wanted in filters:
            view = view_rates(actor, wanted)
            rows = [(row, part) for row, part in every if _fits(row, wanted)]
            assert view.total == count_rates(Counter(part for _row, part in rows), rule), wanted
            for by in BY:
                parts: dict[tuple[int, str], Counter[Part]] = {}
                for row, part in rows:
                    for key in _keys(row, by):
                        parts.setdefault(key, Counter())[part] += 1
                told = {(one.key, one.name): one.rates for one in view.lines(by)}
                assert told == {key: count_rates(found, rule) for key, found in parts.items()}
            for step in Step:
                if wanted.task or wanted.department:
                    continue  # a list costs a board, and these narrow it as the years do
                lacking = [row.sheet.sheet_id for row, part in rows if part.lacks(step, rule)]
                assert view.count_missing(step) == len(lacking)
                found = view.missing(step)
                assert [one.row.sheet.sheet_id for one in found] == lacking, (wanted, step)
        assert view_rates(actor, Filter()).years == [2026, 2025]


def test_receipts_of_more_sheets_than_a_statement_names(field: Field, wang: Phone) -> None:
    """PostgreSQL takes 65,535 values at most; a county's sheets of five years are more."""
    tr, day = field.sheet_ids["tr"], date(2026, 3, 4)
    _note(field, tr, day, (False,), (False,))
    assert map_receipt_days(range(1, 70_001)) == {tr: day}
    assert [*map_standing(range(1, 70_001))] == [tr]
    assert map_receipt_days(range(tr + 1, 70_001)) == {}

"""The order of results, page by page and in a file: each of them once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from server.db import db, scope_to, unit_of_work
from server.disclosure import searching
from server.disclosure.models import PublicResult
from server.disclosure.searching import Wanted, list_choices, list_results, walk_results
from server.inspections.models import Inspection, Sheet
from tests.integration.builders import Field

pytestmark = pytest.mark.both

DAYS = [date(2026, 3, day) for day in (4, 6, 4, 5, 4, 6, 4)]


def add_results(field: Field) -> list[int]:
    """A result for each of ``DAYS``; answers their ids in the order of the page."""
    visit = db.session.get_one(Inspection, field.inspection_id)
    own = {"jurisdiction_id": field.jurisdiction_id, "inspection_id": visit.id}
    with unit_of_work() as work:
        visit = work.get_one(Inspection, field.inspection_id)
        department = visit.sheets[0].department_id
        for number, day in enumerate(DAYS):
            code = f"x{number}"
            sheet = Sheet(**own, department_id=department, code=code, lists=[], ended_on=day)
            work.add(sheet)
            work.flush()
            work.add(
                PublicResult(
                    **own, sheet_id=sheet.id, sheet_code=code, number=visit.number,
                    firm_id=visit.firm_id, firm_name=f"示例{number}公司",
                    uscc="91140522MA0K0001XX", task_id=visit.task_id, plan_id=visit.task.plan_id,
                    task_name=visit.task.name, department_id=department, department_name="交通",
                    ended_on=day, first_published_on=day, published_on=day, version=1,
                    result_code=1 + number % 2 * 7, problems=number % 2, is_shown=True,
                    is_corrected=False, awaits_version=False, has_outcome=False,
                    search_text=f"示例{number}公司|91140522ma0k0001xx", private_names=[],
                )
            )  # fmt: skip
    query = db.session.query(PublicResult.id)
    return [row.id for row in query.order_by(PublicResult.ended_on.desc(), PublicResult.id.desc())]


def test_pages_and_batches_bring_each_result_once_the_newest_first(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PER_PAGE", 2)
    monkeypatch.setattr(searching, "BATCH", 2)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        wanted = add_results(field)
        county = field.jurisdiction_id
        pages = [list_results(county, Wanted(), number) for number in (1, 2, 3, 4, 99)]
        assert [row.id for page in pages[:4] for row in page.rows] == wanted
        assert (pages[4].number, pages[4].total) == (4, len(DAYS))
        assert [row.id for rows in walk_results(county, Wanted()) for row in rows] == wanted
        few = Wanted(q="公司", code=8, from_on=DAYS[0], to_on=DAYS[0] + timedelta(days=1))
        found = [row.id for rows in walk_results(county, few) for row in rows]
        assert len(found) == 1 and found == [row.id for row in list_results(county, few, 1).rows]
        monkeypatch.setattr(searching, "MANY_IDS", 2)
        assert [row.id for row in list_results(county, Wanted(q="公司"), 2).rows] == wanted[2:4]


def test_the_filter_offers_only_what_has_results(app: Flask, field: Field) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert list_choices(field.jurisdiction_id) == searching.Choices([], [], [], 0)
        add_results(field)
        offered = list_choices(field.jurisdiction_id)
        assert [name for _, name in offered.tasks] == ["道路客运企业检查"]
        assert [name for _, name in offered.departments] == ["交通"] and offered.years == [2026]
        assert offered.total == len(DAYS)

"""Registers: filters, pages, and files that are taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.errors import Fault
from server.accounts.service import find_department
from server.db import db
from server.demo.county import DEMO
from server.registry import service as registry
from server.registry.models import Firm, Officer
from tests.integration.registry.county import build_county, import_firms, import_officers

FIRMS = (DEMO / "firms.csv").read_text(encoding="utf-8")
OFFICERS = "姓名,单位,执法证号,有效期至,标签\n甲,县交通局,ZF000001,2026-03-04,客运、taxi\n"


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield build_county()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def refusal(text: str, load: object = import_firms) -> Fault:
    with pytest.raises(Fault) as refused:
        load(text.encode())  # type: ignore[operator]
    return refused.value


def test_sixty_firms_are_imported_once(county: int) -> None:
    assert import_firms(FIRMS.encode()).created == 60
    again = import_firms(FIRMS.encode())
    assert (again.created, again.updated, again.unchanged) == (0, 0, 60)


def test_changed_tier_updates_the_firm(county: int) -> None:
    import_firms(FIRMS.encode())
    report = import_firms(FIRMS.replace("较高风险", "高风险", 1).encode())
    assert (report.created, report.updated, report.unchanged) == (0, 1, 59)


def test_gbk_file_is_read_like_utf8(county: int) -> None:
    assert import_firms(FIRMS.encode("gb18030")).created == 60


def test_wrong_check_character_is_named_by_row_and_column(county: int) -> None:
    lines = FIRMS.splitlines()
    lines[3] = ("0" if lines[3][0] != "0" else "1") + lines[3][1:]
    error = refusal("\n".join(lines))
    assert (error.code, error.details["row"]) == ("plan.malformed", 4)
    assert error.details["column"] == "统一社会信用代码"
    assert count(Firm) == 0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("道路客运", "摆渡", "cell.unknown_word"),
        ("低风险", "无风险", "cell.unknown_word"),
        (",46\n", ",四十六\n", "cell.bad_count"),
        (",46\n", ",46,47\n", "plan.ragged"),
        ("类别", "种类", "plan.unknown_column"),
        ("名称", "类别", "plan.repeated_column"),
    ],
)
def test_cell_that_cannot_be_used_refuses_the_file(
    county: int, old: str, new: str, reason: str
) -> None:
    assert refusal(FIRMS.replace(old, new, 1)).details["reason"] == reason
    assert count(Firm) == 0


def test_same_firm_twice_in_a_file_is_refused(county: int) -> None:
    error = refusal(FIRMS + FIRMS.splitlines()[1] + "\n")
    assert (error.details["reason"], error.details["other"]) == ("plan.duplicate", 2)


def test_officer_labels_become_the_categories_a_draw_asks_for(county: int) -> None:
    import_officers(OFFICERS.encode())
    assert registry.list_officers(None).rows[0].labels == ["passenger", "taxi"]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("县交通局", "县航空局", "单位"),
        ("ZF000001", "ZF", "执法证号"),
        ("2026-03-04", "2026-02-30", "有效期至"),
    ],
)
def test_officer_that_cannot_be_used_is_named(county: int, old: str, new: str, column: str) -> None:
    error = refusal(OFFICERS.replace(old, new), import_officers)
    assert (error.details["row"], error.details["column"]) == (2, column)
    assert count(Officer) == 0


def test_certificate_is_good_on_its_last_day_and_not_after(county: int) -> None:
    import_officers(OFFICERS.encode())
    home = find_department("交通运输局")
    assert home is not None
    assert registry.list_eligible_officers(None, [home.id], date(2026, 3, 4))
    assert not registry.list_eligible_officers(None, [home.id], date(2026, 3, 5))


def test_register_is_filtered_by_word_category_and_tier(county: int) -> None:
    import_firms(FIRMS.encode())
    assert registry.list_firms(None, category="passenger").total == 8
    assert [f.tier for f in registry.list_firms(None, category="passenger", tier="none").rows] == [
        None
    ]
    assert registry.list_firms(None, q="校车").total == 1
    assert registry.list_firms(None, q="%").total == 0
    assert registry.list_firms(None, q="91140599ma9q113715").total == 1


def test_page_beyond_the_end_is_the_last_page(county: int) -> None:
    import_firms(FIRMS.encode())
    page = registry.list_firms(None, page=99)
    assert (page.number, page.count, page.total, len(page.rows)) == (2, 2, 60, 10)


def test_firm_of_another_county_is_not_found(county: int) -> None:
    import_firms(FIRMS.encode())
    firm_id = registry.list_firms(None).rows[0].id
    build_county("140597", "邻县")
    with pytest.raises(Fault) as refused:
        registry.get_firm(None, firm_id)
    assert refused.value.code == "firm.not_found"

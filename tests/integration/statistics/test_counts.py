"""What was found is counted from the versions in force, in one's own sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from server.statistics import overview
from server.statistics.counts import Line, Wanted
from tests.integration.builders import Field, build_field
from tests.integration.statistics.recorded import record

YEAR = Wanted(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    with app.app_context():
        yield build_field()


def told(lines: list[Line]) -> dict[str, tuple[int, int, int]]:
    return {one.key: (one.visits, one.with_problems, one.findings) for one in lines}


@pytest.mark.both
def test_findings_are_counted_by_each_dimension(field: Field) -> None:
    first = record(field, date(2026, 1, 10), ["PAX-01", "PAX-02"])
    record(field, date(2026, 2, 3), ["PAX-01"], firm=first, officers=("wang",))
    record(field, date(2026, 2, 4), [], trade="freight", tier="high", guests=("zhao",))
    record(field, date(2026, 2, 5), ["PAX-03"], void=["PAX-01"], trade="freight", tier=None)
    record(field, date(2026, 2, 6), ["PAX-02"], state="accepted")  # not entered yet
    record(field, date(2025, 12, 31), ["PAX-03"])  # another year
    record(field, date(2026, 2, 7), [], results={"PAX-03": 7})  # not its business
    office = field.actor("office")
    assert told(overview.count_items(office, YEAR)) == {
        "PAX-01": (5, 2, 2),  # a void finding was checked and found to be none
        "PAX-02": (5, 1, 1),
        "PAX-03": (4, 1, 1),
    }
    by = {one: told(overview.count_by(office, YEAR, one)) for one in ("trade", "tier", "month")}
    assert by["trade"] == {"passenger": (3, 2, 3), "freight": (2, 1, 1)}
    assert by["tier"] == {"normal": (3, 2, 3), "high": (1, 0, 0), "": (1, 1, 1)}
    assert by["month"] == {"2026-01": (1, 1, 2), "2026-02": (4, 2, 2)}
    both = Wanted(date(2025, 10, 1), date(2026, 12, 31))
    assert told(overview.count_by(office, both, "season")) == {
        "2025-4": (1, 1, 1), "2026-1": (5, 3, 4),
    }  # fmt: skip
    assert told(overview.count_by(office, YEAR, "firm"))[str(first)] == (2, 2, 3)
    officers = {
        one.name: told([one])[one.key] for one in overview.count_by(office, YEAR, "officer")
    }
    assert officers == {"王检查": (5, 3, 4), "李检查": (4, 2, 3)}
    totals = overview.count_totals(office, YEAR)
    assert (totals.visits, totals.with_problems, totals.findings) == (5, 3, 4)
    assert (totals.firms, totals.problem_firms, totals.done) == (4, 2, 0)
    freight = Wanted(YEAR.first, YEAR.last, "freight")
    assert told(overview.count_items(office, freight)) == {"PAX-03": (2, 1, 1)}
    again = overview.list_repeats(office, YEAR)
    assert [(one.firm_id, one.item, one.times) for one in again] == [(first, "PAX-01", 2)]
    assert (again[0].first, again[0].last) == (date(2026, 1, 10), date(2026, 2, 3))


def test_another_department_counts_its_own(field: Field) -> None:
    record(field, date(2026, 1, 10), ["PAX-01"])
    record(field, date(2026, 1, 11), ["MR-01"], code="mr", officers=("zhao", "qian"))
    assert overview.count_totals(field.actor("office"), YEAR).findings == 2  # the home department's
    assert overview.count_totals(field.actor("auditor"), YEAR).findings == 2
    assert overview.count_totals(field.actor("lead"), YEAR).findings == 1
    partner = field.actor("zhao")  # not a reader: seen as any partner department would be
    assert not overview.sees_county(partner)
    assert set(told(overview.count_items(partner, YEAR))) == {"MR-01"}

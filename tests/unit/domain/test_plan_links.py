"""Which rows of two plans seem to be one task, and on which days they allow a visit."""

from datetime import date
from typing import Any

import pytest

from domain.plan_links import PlannedRow, common_window, propose_pairs
from domain.plan_windows import Allowed, visit_phases, warn_of_visit

VALUES: dict[str, Any] = {
    "name": "对道路运输企业的监管", "object_scope": "危险货物运输企业", "item_text": "检查",
    "ratio_text": "100% 1次/年", "window_text": "3月-12月", "initiators": ["交通运输局"],
    "cooperators": ["市场监督管理局"], "start_month": 3, "end_month": 12,
}  # fmt: skip
PHASES = [
    {"name": "制定工作方案", "starts_on": "2018-11-28", "ends_on": "2018-11-30"},
    {"name": "抽取", "starts_on": "2018-12-03", "ends_on": "2018-12-08"},
    {"name": "实施抽查检查", "starts_on": "2018-12-10", "ends_on": "2018-12-20"},
    {"name": "公示抽查结果", "starts_on": "2018-12-21", "ends_on": "2018-12-31"},
]


def row(
    number: int, category: str | None, parties: str = "tr mr", leads: bool = True, **other: Any
) -> PlannedRow:
    who = {"initiators": frozenset(), "cooperators": frozenset(parties.split())}
    return PlannedRow(number, category, who, leads, VALUES | other)


def test_rows_of_one_trade_and_one_part_are_proposed_with_what_differs() -> None:
    own = row(1, "hazmat")
    county = row(
        11, "hazmat", window_text="3月-10月", end_month=10, name="危险货物运输企业检查",
        cooperators=["县市场监管局"],
    )  # fmt: skip
    (pair,) = propose_pairs([own], [row(12, "repair"), county])
    assert pair.county.id == 11 and pair.same_parties
    assert [one.field for one in pair.differences] == ["name", "window_text"]
    assert pair.common == (3, 10) and pair.is_narrower


def test_same_parties_come_first_and_no_row_is_in_two_pairs() -> None:
    county = [row(11, "repair", "tr mr"), row(12, "repair", "tr mr ee")]
    pairs = propose_pairs([row(1, "repair", "tr mr ee"), row(2, "repair", "tr mr")], county)
    assert [(pair.own.id, pair.county.id) for pair in pairs] == [(1, 12), (2, 11)]
    assert len(propose_pairs([row(1, "repair"), row(2, "repair")], county[:1])) == 1


def test_another_trade_another_part_or_no_trade_is_never_proposed() -> None:
    county = [row(11, "hazmat"), row(12, "vehicle_test", leads=False), row(13, None)]
    own = [row(1, "taxi"), row(2, "vehicle_test"), row(3, None)]
    assert propose_pairs(own, county) == ()


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [((3, 12), (3, 10), (3, 10)), ((3, 5), (6, 10), None), (None, (3, 4), (3, 4))],
)
def test_common_window(one: Any, other: Any, common: Any) -> None:
    assert common_window(one, other) == common


def test_visit_outside_either_plan_is_told_by_that_plan() -> None:
    windows = [Allowed("本局", 2026, 3, 12), Allowed("全县", 2026, 3, 10)]
    assert warn_of_visit(date(2026, 10, 31), windows) == []
    told = warn_of_visit(date(2026, 11, 1), windows)
    assert [one.details["plan"] for one in told] == ["全县"]
    assert len(warn_of_visit(date(2027, 3, 1), windows)) == 2


def test_visit_of_a_campaign_belongs_into_its_inspecting_phase() -> None:
    assert [one["name"] for one in visit_phases(PHASES)] == ["实施抽查检查"]
    assert warn_of_visit(date(2018, 12, 20), [], PHASES) == []
    (told,) = warn_of_visit(date(2018, 12, 21), [], PHASES)
    assert told.details["phases"] == ["实施抽查检查 2018-12-10—2018-12-20"]
    assert visit_phases([PHASES[0]]) == [PHASES[0]]


@pytest.mark.parametrize(
    ("own", "county", "same"),
    [
        ({"name": "对机动车维修经营单位的监管"}, {"name": "机动车维修 经营单位监管"}, True),
        ({"name": "对网约车经营企业的监管"}, {"name": "对网络预约出租汽车经营企业检查"}, False),
        ({"name": "甲", "official_no": "联 033"}, {"name": "乙", "official_no": "联０３３"}, True),
        ({"name": "甲", "official_no": "联033"}, {"name": "甲", "official_no": "联034"}, False),
        ({"name": "甲", "official_no": "联033"}, {"name": "甲", "official_no": None}, True),
        ({"name": "检查"}, {"name": "抽查"}, False),  # nothing is left that could be alike
    ],
)
def test_pair_of_one_number_or_one_name_says_the_same(
    own: dict[str, Any], county: dict[str, Any], same: bool
) -> None:
    (pair,) = propose_pairs([row(1, "repair", **own)], [row(11, "repair", **county)])
    assert pair.has_same_words is same

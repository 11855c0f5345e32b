"""A task typed into a form is read as its printed row would be."""

from dataclasses import replace

import pytest

from domain.plan_headers import PlanKind
from domain.plan_printing import columns_of, print_cells, reprint_cells
from domain.plan_typed import TypedTask, read_typed
from domain.plans import parse_plan

INTERNAL, JOINT = PlanKind.INTERNAL, PlanKind.JOINT
TASK = TypedTask(
    name="对道路旅客运输经营单位的监管",
    item_codes=["passenger"],
    item_names=["道路旅客运输"],
    object_scope="县内道路旅客运输经营单位",
    category="passenger",
    ratio_text="不低于5% 1次/年",
    window_text="3月-12月",
    initiators="法治办",
    lead_units="交通运输事业发展中心",
    cooperators="市场监督管理局、晋城市生态环境局阳城分局",
    inspecting_bodies="综合执法队",
)


def test_ratio_window_and_parties_are_read_and_the_text_kept() -> None:
    values, wrong = read_typed(JOINT, TASK, 2026)
    assert wrong == {}
    assert (values["ratio_percent"], values["is_minimum"], values["times_per_year"]) == (
        "5", True, 1,
    )  # fmt: skip
    assert values["ratio_text"] == "不低于5% 1次/年"
    assert values["initiators"] == ["法治办", "交通运输事业发展中心"]
    assert values["cooperators"] == ["市场监督管理局", "晋城市生态环境局阳城分局"]
    assert values["item_text"] == "道路旅客运输"


def test_separators_alone_name_no_initiator_and_no_cooperator() -> None:
    nobody = replace(TASK, initiators="、", lead_units=" ", cooperators="、、 、")
    _values, wrong = read_typed(JOINT, nobody, 2026)
    assert {field: one.code for field, one in wrong.items()} == {
        "initiators": "plan.blank", "cooperators": "plan.blank",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [INTERNAL, JOINT])
def test_printed_again_it_is_a_row_the_importer_reads_the_same(kind: PlanKind) -> None:
    values, _ = read_typed(kind, replace(TASK, risk_text="对低风险、高风险企业递加比例"), 2026)
    cells = print_cells(kind, values, 1)
    header = columns_of(kind)
    row = parse_plan([header, [cells[name] for name in header]], 2026).rows[0]
    assert row.task_name == values["name"] and str(row.ratio.percent) == values["ratio_percent"]
    leads = set(row.lead_units) if kind is INTERNAL else {"交通运输事业发展中心"}
    assert {*row.initiators, *leads} == set(values["initiators"])
    assert (row.window.start_month, row.window.end_month) == (3, 12)


def test_only_the_columns_whose_value_changed_are_printed_anew() -> None:
    before, _ = read_typed(JOINT, TASK, 2026)
    after, _ = read_typed(JOINT, replace(TASK, ratio_text="10% 次/年"), 2026)
    cells = print_cells(JOINT, before, 7) | {"抽查对象范围": "县内 <sup>2</sup> 单位"}
    again = reprint_cells(JOINT, cells, before, after, 7)
    assert {name for name in again if again[name] != cells[name]} == {"抽查比例及频次"}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"name": " "}, "name", "plan.blank"),
        ({"name": "长" * 201}, "name", "plan.too_long"),
        ({"ratio_text": "三成"}, "ratio_text", "plan.bad_ratio"),
        ({"ratio_text": ""}, "ratio_text", "plan.blank"),
        ({"window_text": "10月-3月"}, "window_text", "plan.bad_window"),
        ({"window_text": "2025年3月-2025年10月"}, "window_text", "plan.other_year"),
        ({"cooperators": ""}, "cooperators", "plan.blank"),
        ({"item_codes": ()}, "item_codes", "plan.no_item"),
        ({"inspecting_bodies": "局领导小组"}, "inspecting_bodies", "plan.group_inspects"),
        ({"times_per_year": 2}, "times_per_year", "plan.numbers_disagree"),
        ({"fixed_count": 0}, "fixed_count", "plan.number_out_of_range"),
        ({"draw_type": "free"}, "draw_type", "plan.bad_type"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    changed: dict[str, object], field: str, code: str
) -> None:
    values, wrong = read_typed(JOINT, replace(TASK, **changed), 2026)  # type: ignore[arg-type]
    assert values == {}
    assert {name: one.code for name, one in wrong.items()} == {field: code}


def test_numbers_beside_the_cell_complete_it() -> None:
    values, _ = read_typed(
        JOINT, replace(TASK, ratio_text="10%", times_per_year=2, fixed_count=11), 2026
    )
    assert (values["times_per_year"], values["fixed_count"]) == (2, 11)
    alone, _ = read_typed(JOINT, replace(TASK, ratio_text="10% 次/年"), 2026)
    assert alone["times_per_year"] is None


def test_an_internal_task_needs_no_cooperator_and_a_lead_unit_is_an_initiator() -> None:
    values, wrong = read_typed(INTERNAL, replace(TASK, cooperators="", initiators=""), 2026)
    assert wrong == {} and values["initiators"] == ["交通运输事业发展中心"]

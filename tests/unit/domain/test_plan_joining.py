"""一业一查: what is proposed, and what the joint task would say."""

from typing import Any

from domain.plan_joining import JoinableTask, merge_values, propose_joining
from domain.regulators import is_initiated_by, regulator_of

VALUES: dict[str, Any] = {
    "name": "对道路旅客运输的监管", "official_no": None, "item_codes": ["passenger"],
    "item_text": "客运检查", "object_scope": "客运企业", "checklist_codes": ["common", "passenger"],
    "inspecting_bodies": ["综合执法队"], "ratio_text": "50%", "ratio_percent": "50",
    "is_minimum": False, "times_per_year": None, "fixed_count": None, "window_text": "3月-12月",
    "start_month": 3, "end_month": 12, "initiators": ["交通运输局"], "cooperators": [],
    "uses_risk": False,
}  # fmt: skip


def task(
    number: int, trade: str = "passenger", months: tuple[int, int] | None = (3, 12),
    joint: bool = False, departments: str = "tr",
) -> JoinableTask:  # fmt: skip
    return JoinableTask(number, joint, trade, months, frozenset(departments.split()))


def test_tasks_of_one_trade_are_joined_where_their_months_meet() -> None:
    tasks = [task(1), task(2, months=(5, 6)), task(3, months=(1, 2)), task(4, "freight")]
    found = propose_joining(tasks, {}, "tr")
    assert [(one.tasks, one.months, one.target) for one in found] == [((1, 2), (5, 6), None)]


def test_months_that_touch_meet_and_those_that_do_not_are_left_alone() -> None:
    assert propose_joining([task(1, months=(3, 5)), task(2, months=(6, 9))], {}, "tr") == ()
    (found,) = propose_joining([task(1, months=(3, 6)), task(2, months=(6, 9))], {}, "tr")
    assert found.months == (6, 6)
    (open_window,) = propose_joining([task(1, months=None), task(2, months=(6, 9))], {}, "tr")
    assert open_window.months == (6, 9)


def test_a_joint_task_of_the_trade_takes_the_internal_one_along() -> None:
    tasks = [task(1), task(9, joint=True, months=(3, 10), departments="tr mr")]
    (found,) = propose_joining(tasks, {"passenger": frozenset({"ps", "tr"})}, "tr")
    assert (found.tasks, found.target, found.months) == ((1,), 9, (3, 10))
    assert found.departments == ("mr", "ps")  # never the bureau itself


def test_other_departments_on_a_trade_are_named_and_nobody_is_no_proposal() -> None:
    others = {"passenger": frozenset({"tr", "ps"}), "freight": frozenset({"tr"})}
    found = propose_joining([task(1), task(2, "freight")], others, "tr")
    assert [(one.trade, one.departments) for one in found] == [("passenger", ("ps",))]


def test_joined_values_take_all_items_the_highest_ratio_and_the_common_months() -> None:
    other = VALUES | {
        "item_codes": ["passenger", "station"], "item_text": "站场检查", "ratio_text": "不低于60%",
        "ratio_percent": "60", "is_minimum": True, "start_month": 2, "end_month": 10,
        "checklist_codes": ["common", "station"], "inspecting_bodies": ["事业发展中心"],
        "uses_risk": True,
    }  # fmt: skip
    merged = merge_values(VALUES, [other], ["公安局", "交通运输局"])
    assert merged["item_codes"] == ["passenger", "station"]
    assert merged["checklist_codes"] == ["common", "passenger", "station"]
    assert (merged["item_text"], merged["object_scope"]) == ("客运检查；站场检查", "客运企业")
    assert (merged["ratio_text"], merged["is_minimum"]) == ("不低于60%", True)
    assert (merged["window_text"], merged["start_month"]) == ("3月-10月", 3)
    assert merged["cooperators"] == ["公安局"] and merged["uses_risk"]
    assert merge_values(VALUES, [], [])["window_text"] == "3月-12月"


def test_regulator_of_a_trade_is_the_bureau_but_for_testing_stations() -> None:
    assert regulator_of("passenger", "交通运输局") == "交通运输局"
    assert regulator_of("vehicle_test", "交通运输局") == "市场监督管理局"
    assert is_initiated_by("tr", {"mr", "tr"}) and not is_initiated_by("tr", {"mr"})
    assert is_initiated_by("tr", ())

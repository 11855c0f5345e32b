"""Rules as text, and the checklists of data/checklists.yaml."""

import copy
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.checklists import ItemType, RuleError, parse_checklists, parse_rule
from domain.errors import Fault, message
from domain.rules import holds_number


@pytest.fixture(scope="session")
def data(data_folder: Path) -> dict[str, Any]:
    text = (data_folder / "checklists.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_all_fourteen_lists_and_160_items_are_read(data: dict[str, Any]) -> None:
    lists = parse_checklists(data)
    items = [item for one in lists for item in one.items]
    assert (len(lists), len(items)) == (14, 160)
    assert Counter(item.type for item in items) == {
        ItemType.JUDGE: 68,
        ItemType.NUMBER_PAIR: 62,
        ItemType.NUMBER: 13,
        ItemType.DATE: 13,
        ItemType.TEXT: 2,
        ItemType.PHOTO: 2,
    }
    assert all(item.basis and item.methods and item.is_required for item in items)
    assert sum(item.department is not None for item in items) == 12


def test_every_number_pair_and_date_item_has_a_rule_that_fits(data: dict[str, Any]) -> None:
    for one in parse_checklists(data):
        for item in one.items:
            if item.type in (ItemType.NUMBER, ItemType.NUMBER_PAIR, ItemType.DATE):
                assert item.rule is not None, item.code
            if item.type is ItemType.NUMBER_PAIR:
                assert item.labels == ("抽查数", "不符数")
            if item.type is ItemType.PHOTO:
                assert item.min_photos == 1


def test_only_two_rules_need_the_officers_verdict(data: dict[str, Any]) -> None:
    items = [item for one in parse_checklists(data) for item in one.items]
    uncomputable = {i.rule.text for i in items if i.rule and not i.rule.is_computable}
    assert uncomputable == {">=规范要求", ">=备案类别要求"}


def test_the_lists_name_what_the_record_holds_already(data: dict[str, Any]) -> None:
    known = {i.code: i.known for one in parse_checklists(data) for i in one.items if i.known}
    assert known == {
        "COM-01": "officers",
        "COM-02": "notice_day",
        "COM-07": "firm_signature",
        "COM-08": "end_day",
    }


@pytest.mark.parametrize(
    ("text", "value", "given", "held"),
    [
        (">=2", 2, {}, True),
        (">=2", 1, {}, False),
        ("== 0", 0, {}, True),
        (">1.5", Fraction(3, 2), {}, False),
        ("<10", 9, {}, True),
        ("<=10", 11, {}, False),
        (">=1+2*3", 7, {}, True),
        (">=1+2*3", 6, {}, False),
        (">=(1+2)*3", 8, {}, False),
        (">=10-2-3", 5, {}, True),
        (">=10-2-3", 4, {}, False),
        (">=min(4,车辆数)", 3, {"车辆数": Fraction(3)}, True),
        (">=max(2,ceil(接入车辆数/100))", 3, {"接入车辆数": Fraction(201)}, True),
        (">=max(2,ceil(接入车辆数/100))", 3, {"接入车辆数": Fraction(301)}, False),
        (">=max(2,ceil(接入车辆数/100))", 3, {}, None),
        (">=10/车辆数", 3, {"车辆数": Fraction(0)}, None),
        (">=规范要求", 3, {}, None),
    ],
)
def test_number_rules_hold_as_written(
    text: str, value: Fraction, given: dict[str, Fraction], held: bool | None
) -> None:
    assert holds_number(parse_rule(text), Fraction(value), given) is held


def test_rule_names_what_the_officer_must_give() -> None:
    assert parse_rule(">=max(2,ceil(接入车辆数/100))").names == ("接入车辆数",)
    assert parse_rule(">=甲+乙*甲").names == ("甲", "乙")
    assert parse_rule(">=规范要求").names == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "2", ">=", "=>2", ">=2)", ">=(2", ">=max()", ">=ceil(1,2)", ">=2 3", ">=__import__(1)",
        ">=max(2", "抽查数==0", ">=2;3", ">=-2", ">=2**3", ">=max",
        ">=" + "(" * 5000 + "1" + ")" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_rule(text)


def _passenger(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in data["checklists"] if c["id"] == "passenger")
    return found


@pytest.mark.parametrize(
    ("touch", "item", "field", "reason"),
    [
        (lambda c: c["items"][0].pop("text"), "PAX-01", "text", "checklist.blank"),
        (lambda c: c["items"][0].update(text=" "), "PAX-01", "text", "checklist.blank"),
        (lambda c: c["items"][0].pop("basis"), "PAX-01", "basis", "checklist.blank"),
        (lambda c: c["items"][0].update(basis=[]), "PAX-01", "basis", "checklist.blank"),
        (lambda c: c["items"][0].update(phot_on_fail=True), "PAX-01", "phot_on_fail",
         "checklist.unknown_field"),
        (lambda c: c["items"][0].update(photo_on_fail="yes"), "PAX-01", "photo_on_fail",
         "checklist.unknown_value"),
        (lambda c: c["items"][0].update(method=["电话"]), "PAX-01", "method",
         "checklist.unknown_value"),
        (lambda c: c["items"][0].update(severity="很重"), "PAX-01", "severity",
         "checklist.unknown_value"),
        (lambda c: c["items"][0].update(severity_code="minor"), "PAX-01", "severity",
         "checklist.unknown_value"),
        (lambda c: c["items"][0]["answer"].update(type="bool"), "PAX-01", "type",
         "checklist.unknown_value"),
        (lambda c: c["items"][0]["answer"].update({"pass": ">=2"}), "PAX-01", "pass",
         "checklist.rule_does_not_fit"),
        (lambda c: c["items"][2]["answer"].update({"pass": "不符数=0"}), "PAX-03", "pass",
         "checklist.bad_rule"),
        (lambda c: c["items"][2]["answer"].update({"pass": ">=2"}), "PAX-03", "pass",
         "checklist.rule_does_not_fit"),
        (lambda c: c["items"][2]["answer"].update(pair=["抽查数"]), "PAX-03", "pair",
         "checklist.unknown_value"),
        (lambda c: c["items"][1].update(code="PAX-01"), "PAX-01", "code", "checklist.repeated"),
        (lambda c: c["items"][2]["answer"].update(known="officers"), "PAX-03", "known",
         "checklist.unknown_value"),
        (lambda c: c["items"][7]["answer"].update(known="weather"), "PAX-08", "known",
         "checklist.unknown_value"),
        (lambda c: c["items"][0]["answer"].update(min=-1), "PAX-01", "min",
         "checklist.unknown_value"),
        (lambda c: c["items"][0]["answer"].update(min=True), "PAX-01", "min",
         "checklist.unknown_value"),
        (lambda c: c["items"][0]["answer"].update(min="1"), "PAX-01", "min",
         "checklist.unknown_value"),
        (lambda c: c["items"][7]["answer"].update({"pass": "<=今天"}), "PAX-08", "pass",
         "checklist.rule_does_not_fit"),
        (lambda c: c["items"][7]["answer"].update({"pass": "不符数==0"}), "PAX-08", "pass",
         "checklist.rule_does_not_fit"),
        (lambda c: c.update(plan_tasks="全部任务"), "-", "plan_tasks", "checklist.blank"),
        (lambda c: c.update(plan_tasks=["全部任务", " "]), "-", "plan_tasks", "checklist.blank"),
        (lambda c: c.update(plan_tasks=[1]), "-", "plan_tasks", "checklist.blank"),
        (lambda c: c.pop("title"), "-", "title", "checklist.blank"),
        (lambda c: c.update(items=[]), "-", "items", "checklist.blank"),
        (lambda c: c["items"].__setitem__(0, "PAX"), "-", "code", "checklist.blank"),
    ],
)  # fmt: skip
def test_malformed_file_is_refused_with_list_item_and_field(
    data: dict[str, Any],
    touch: Callable[[dict[str, Any]], object],
    item: str,
    field: str,
    reason: str,
) -> None:
    broken = copy.deepcopy(data)
    touch(_passenger(broken))
    with pytest.raises(Fault) as refused:
        parse_checklists(broken)
    assert refused.value.code == "checklist.malformed"
    details = refused.value.details
    assert (details["item"], details["field"], details["reason"]) == (item, field, reason)
    assert details["checklist"] == "passenger"
    assert field in message("checklist.malformed", "zh_CN", details)


@pytest.mark.parametrize("empty", [{}, {"checklists": []}, {"checklists": "passenger"}])
def test_file_without_lists_is_refused(empty: dict[str, Any]) -> None:
    with pytest.raises(Fault) as refused:
        parse_checklists(empty)
    assert refused.value.code == "checklist.malformed"


def test_list_code_that_stands_twice_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Fault) as refused:
        parse_checklists({"checklists": [_passenger(data), _passenger(data)]})
    assert refused.value.details["reason"] == "checklist.repeated"

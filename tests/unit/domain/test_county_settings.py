"""What a county may set: defaults that hold themselves, and what is refused."""

from typing import Any

import pytest

from domain.county_settings import SETTINGS, Kind, read_setting
from domain.errors import Fault
from domain.setting_values import check_setting


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_every_default_is_itself_a_value_that_can_be_saved(key: str) -> None:
    assert check_setting(key, SETTINGS[key].default) == SETTINGS[key].default


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_every_setting_names_the_clauses_it_rests_on(key: str) -> None:
    assert SETTINGS[key].clauses
    assert all(clause.startswith("R") and len(clause) == 4 for clause in SETTINGS[key].clauses)


def test_own_value_holds_over_the_default() -> None:
    assert read_setting({"entry.working_days": 10}, "entry.working_days") == 10
    assert read_setting({}, "entry.working_days") == 20


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("entry.working_days", " １０ ", 10),
        ("reminders.days_before", " 3，10、 1 3", [10, 3, 1]),
        ("reminders.days_before", "", []),
        ("kpi.joint_count_min", "60.50 %", "60.5"),
        ("kpi.drawn_share_min", "３％", "3"),
        ("entry.cap_date", "", None),
        ("entry.cap_date", "2018-12-31", "2018-12-31"),
        ("platform.name", "  山西省“双随机、一公开”监管平台 ", "山西省“双随机、一公开”监管平台"),
        ("entry.working_days_by_department", {"mr": "10", "env": " "}, {"mr": 10}),
        ("correction.approver_roles", ["deputy_head", "unit_head"], ["unit_head", "deputy_head"]),
        (
            "draw.multipliers",
            {"low": "0.50", "normal": "1", "elevated": "3", "high": "whole"},
            {"low": "0.5", "normal": "1", "elevated": "3", "high": "whole"},
        ),
        (
            "draw.multipliers",
            {"low": "1", "normal": "2", "elevated": "whole", "high": "whole"},
            {"low": "1", "normal": "2", "elevated": "whole", "high": "whole"},
        ),
        (
            "platform.result_codes",
            {"1": {"number": "1", "text": ""}, "8": {"number": " A ", "text": "待后续处理"}},
            {"8": {"number": "A", "text": "待后续处理"}},
        ),
        ("platform.local_results", {"closed": "4", "moved_out": "4"}, {"closed": 4}),
        ("risk.combination", {"rule": "higher", "cells": {"low/low": "low"}}, {"rule": "higher"}),
    ],
)
def test_typed_value_is_stored_in_one_form(key: str, typed: Any, stored: Any) -> None:
    assert check_setting(key, typed) == stored


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("entry.working_days", "0", "setting.out_of_range"),
        ("entry.working_days", "61", "setting.out_of_range"),
        ("entry.working_days", "10.5", "setting.not_whole"),
        ("entry.working_days", "twenty", "setting.not_whole"),
        ("kpi.joint_count_min", "101", "setting.out_of_range"),
        ("kpi.joint_count_min", "1e9", "setting.not_a_number"),
        ("entry.cap_date", "31.12.2018", "date.malformed"),
        ("platform.name", "字" * 81, "setting.too_long"),
        ("reminders.days_before", "10、0", "setting.out_of_range"),
        ("reminders.days_before", "1,2,3,4,5,6,7,8,9,10,11", "setting.too_many"),
        ("reminders.until_hour", "12", "setting.out_of_range"),
        ("entry.working_days_by_department", {"mr": "99"}, "setting.out_of_range"),
        ("correction.approver_roles", ["inspector"], "setting.none_chosen"),
        ("draw.multipliers", {"low": "1", "normal": "1"}, "setting.not_a_number"),
        (
            "draw.multipliers",
            {"low": "1", "normal": "1", "elevated": "2", "high": "3"},
            "setting.must_rise",
        ),
        (
            "draw.multipliers",
            {"low": "0.5", "normal": "whole", "elevated": "2", "high": "whole"},
            "setting.must_rise",
        ),
        (
            "draw.multipliers",
            {"low": "0", "normal": "1", "elevated": "2", "high": "3"},
            "setting.not_positive",
        ),
        ("risk.combination", {"rule": "lower"}, "setting.unknown_choice"),
        ("platform.result_codes", {"8": {"number": "123456789"}}, "setting.too_long"),
        ("platform.local_results", {"closed": "5"}, "setting.unknown_choice"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(key: str, typed: Any, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        check_setting(key, typed)
    assert refused.value.code == "setting.refused"
    assert refused.value.details["reason"] == reason
    assert refused.value.details["key"] == key


def test_every_kind_is_used() -> None:
    assert {one.kind for one in SETTINGS.values()} == set(Kind)

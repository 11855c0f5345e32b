"""Headers matched to fields, rows compared, what an undo gives back, names that are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.similar_names import is_near, plain_name
from domain.tabular_headers import find_header, match_headers
from domain.tabular_rows import RowKind, compare_row, is_stale, undo_fields

NAMES = {
    "uscc": ("统一社会信用代码", "信用代码"),
    "name": ("名称", "企业名称"),
    "phone": ("联系电话", "电话"),
}
VALUES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))


def test_header_is_known_by_alias_marks_and_notes() -> None:
    cells = ["序号", "* 信用 代码", "企业名称（全称）", "联系电话：", ""]
    assert match_headers(cells, NAMES) == ["", "uscc", "name", "phone", ""]


def test_second_column_of_a_field_is_left_to_the_person() -> None:
    assert match_headers(["电话", "联系电话", "名称"], NAMES) == ["phone", "", "name"]


def test_bracketed_header_never_takes_a_field_from_a_plain_one() -> None:
    assert match_headers(["名称（曾用）", "名称"], NAMES) == ["", "name"]


def test_header_row_is_the_one_that_names_most_fields() -> None:
    rows = [["企业名称 名录"], [], ["名称", "电话"], ["信用代码", "名称", "电话"], ["9", "甲", "1"]]
    assert find_header(rows, NAMES) == 3
    assert find_header([["甲", "乙"], ["名称"]], NAMES) is None


@given(st.none() | VALUES, VALUES)
def test_row_that_was_written_is_unchanged_afterwards(
    current: dict[str, int] | None, values: dict[str, int]
) -> None:
    _kind, changes = compare_row(current, values)
    written = {**(current or {}), **{name: pair[1] for name, pair in changes.items()}}
    assert compare_row(written, values) == (RowKind.UNCHANGED, {})


@given(VALUES, VALUES)
def test_undo_gives_back_exactly_what_was_there(
    current: dict[str, int], values: dict[str, int]
) -> None:
    _kind, changes = compare_row(current, values)
    written = {**current, **values}
    back, left = undo_fields(written, changes)
    assert left == {}
    assert {**written, **back} == {name: current.get(name) for name in written}


def test_what_was_changed_since_is_left_and_told() -> None:
    back, left = undo_fields({"a": 3, "b": 2, "c": 1}, {"a": [1, 2], "b": [1, 2], "c": [1, 2]})
    assert (back, left) == ({"b": 1}, {"a": [2, 3]})  # c has its old value again


def test_entry_changed_or_begun_meanwhile_is_stale() -> None:
    assert not is_stale({"a": 1, "b": 9}, RowKind.CHANGED, {"a": [1, 2]})
    assert is_stale({"a": 3}, RowKind.CHANGED, {"a": [1, 2]})
    assert is_stale(None, RowKind.CHANGED, {"a": [1, 2]})
    assert is_stale({"a": 1}, RowKind.NEW, {"a": [None, 1]})
    assert not is_stale(None, RowKind.NEW, {"a": [None, 1]})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("某县顺达客运有限公司", "某县（顺达）客运有限责任公司"),
        ("某县顺达客运 有限公司", "某县顺达客运股份有限公司"),
        ("某县顺达客运", "某县顺达客运公司"),
    ],
)
def test_blanks_brackets_and_legal_form_make_no_other_firm(first: str, second: str) -> None:
    assert plain_name(first) == plain_name(second)


def test_one_character_written_otherwise_is_near_and_another_number_is_not() -> None:
    assert is_near("某县顺达客运", "某县顺大客运")
    assert not is_near("第1车队客运", "第2车队客运")
    assert not is_near("顺达", "顺大")  # of two letters half is no slip
    assert not is_near("某县顺达客运", "某县宏图物流")

"""What a version of a checklist changes against another."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.check_items import CheckItem
from domain.checklist_changes import ChangeKind, compare_items
from domain.checklists import ItemType

A, B, C, D = (CheckItem(code, f"text {code}", ItemType.JUDGE) for code in "ABCD")


def kinds(old: tuple[CheckItem, ...], new: tuple[CheckItem, ...]) -> list[tuple[str, str]]:
    return [(str(one.kind), one.code) for one in compare_items(old, new)]


def test_equal_lists_differ_in_nothing() -> None:
    assert compare_items((A, B), (A, B)) == ()


def test_added_removed_and_changed_entries_are_told_apart() -> None:
    changed = replace(B, severity="critical", item="other")
    assert kinds((A, B, C), (A, changed, D)) == [("changed", "B"), ("added", "D"), ("removed", "C")]
    (only,) = compare_items((B,), (changed,))
    assert only.fields == (("item", None, "other"), ("severity", "minor", "critical"))


def test_one_entry_moved_is_one_move() -> None:
    assert kinds((A, B, C, D), (D, A, B, C)) == [("moved", "D")]
    assert kinds((A, B, C, D), (B, C, D, A)) == [("moved", "A")]


def test_removing_an_entry_moves_none() -> None:
    assert kinds((A, B, C), (A, C)) == [("removed", "B")]


@given(st.permutations("ABCDEFG"))
def test_what_did_not_move_kept_its_order(order: list[str]) -> None:
    items = {code: CheckItem(code, code, ItemType.JUDGE) for code in "ABCDEFG"}
    changes = compare_items(tuple(items.values()), tuple(items[code] for code in order))
    assert {one.kind for one in changes} <= {ChangeKind.MOVED}
    stayed = [code for code in order if code not in {one.code for one in changes}]
    assert stayed == sorted(stayed) and stayed

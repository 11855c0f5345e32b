"""The fault matrix has no empty cell, and docs/reliability.md names only tests that exist."""

from __future__ import annotations

import re

import pytest

from tests.reliability.matrix import build_matrix, expand, list_pairs, read_data
from tests.reliability.page import PAGE
from tests.reliability.proofs import list_proofs, read_python, read_typescript

LINK = re.compile(r"\[([^\]\n]+)\]\(\.\./(tests/[^)\s]+)\)")


def test_matrix_is_28_invariants_by_37_faults() -> None:
    pairs = list_pairs()
    assert pairs[0] == ("I1", "F1") and pairs[-1] == ("I28", "F37")
    assert len(set(pairs)) == len(pairs) == 28 * 37


def test_every_pair_is_tested_argued_or_listed_as_missing() -> None:
    matrix = build_matrix(list_proofs(), read_data())
    assert [pair for pair, cell in matrix.items() if cell.sign == "?"] == []


def test_no_pair_is_told_twice() -> None:
    assert read_data().twice == []


def test_nothing_that_has_a_test_is_listed_as_missing() -> None:
    """`python -m tests.reliability --marks-only` writes the list anew."""
    matrix = build_matrix(list_proofs(), read_data())
    assert [pair for pair, cell in matrix.items() if cell.proofs and cell.is_missing] == []


def test_page_names_only_tests_that_exist_and_say_what_they_prove() -> None:
    known = {(one.name.partition(" [")[0], one.file) for one in list_proofs()}
    named = LINK.findall(PAGE.read_text(encoding="utf-8"))
    assert named
    assert sorted({one for one in named if one not in known}) == []


def test_page_has_the_whole_grid_without_a_hole() -> None:
    grid = re.findall(r"^I\d+ .*$", PAGE.read_text(encoding="utf-8"), re.M)
    assert [len(line.split()) for line in grid] == [38] * 28
    assert {sign for line in grid for sign in line.split()[1:]} <= {"●", "○", "✕"}


def test_marks_are_read_where_they_stand() -> None:
    python = """
pytestmark = pytest.mark.proves("I1", "F1")
@pytest.mark.proves("I2", "F2 F3")
class TestBoth:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.proves("I4", "F5"))])
    def test_one(x): ...
def test_two(): ...
TestMachine = pytest.mark.proves("I6", "F6")(Machine.TestCase)
"""
    found = {one.name: sorted(one.pairs) for one in read_python(python, "x.py")}
    assert found == {
        "test_one": [("I1", "F1"), ("I2", "F2"), ("I2", "F3"), ("I4", "F5")],
        "test_two": [("I1", "F1")],
        "TestMachine": [("I1", "F1"), ("I6", "F6")],
    }
    typescript = """
test('no claim', () => {})
test.each(['a', 'b'])('%s is kept [I1 × F1 F8] [I7 × F8]', async () => {})
it("a tab's end [I25 × F12]", () => {})
"""
    found = {one.name: sorted(one.pairs) for one in read_typescript(typescript, "x.test.ts")}
    assert found == {
        "%s is kept [I1 × F1 F8] [I7 × F8]": [("I1", "F1"), ("I1", "F8"), ("I7", "F8")],
        "a tab's end [I25 × F12]": [("I25", "F12")],
    }


@pytest.mark.parametrize(
    "source",
    [
        'def t(): ...\n@pytest.mark.proves("I29", "F1")\ndef test_x(): ...',
        '@pytest.mark.proves("I1", "F38")\ndef test_x(): ...',
        '@pytest.mark.proves("I1")\ndef test_x(): ...',
        '@pytest.mark.proves("I1", FAULTS)\ndef test_x(): ...',
        '@pytest.mark.proves("", "F1")\ndef test_x(): ...',
    ],
)
def test_mark_that_names_no_pair_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"x\.py"):
        read_python(source, "x.py")


def test_ranges_are_read() -> None:
    assert expand("F1-F3 F7") == ["F1", "F2", "F3", "F7"]

"""线索: which step may follow on which, what each must say, codes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clues import (
    CODE_ALPHABET,
    CODE_LENGTH,
    ENDED,
    MOVES,
    UNFINISHED,
    ClueState,
    Deed,
    StepKind,
    build_code,
    build_number,
    faults_of_deed,
    parse_code,
    parse_number,
)


def test_whatever_is_ended_can_be_taken_up_again_and_nothing_else() -> None:
    assert set(MOVES[StepKind.REOPEN].frm) == set(ENDED) == set(ClueState) - set(UNFINISHED)
    assert MOVES[StepKind.REOPEN].to is ClueState.ACCEPTED


def test_a_clue_is_accepted_before_it_is_assigned_or_answered() -> None:
    for step in (StepKind.ASSIGN, StepKind.FINISH):
        assert ClueState.RECEIVED not in MOVES[step].frm


def test_every_unfinished_state_has_a_way_on() -> None:
    for state in UNFINISHED:
        assert any(move.to in ENDED for move in MOVES.values() if state in move.frm)


def test_a_department_does_not_decide_whose_a_clue_is() -> None:
    homes = {step for step, move in MOVES.items() if move.is_homes}
    assert homes == {
        StepKind.ACCEPT, StepKind.REJECT, StepKind.MERGE, StepKind.ASSIGN, StepKind.REOPEN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (Deed(StepKind.ACCEPT), {}),
        (Deed(StepKind.REJECT), {"answer": "clue.needs_refusal"}),
        (Deed(StepKind.MERGE), {"into": "clue.needs_number"}),
        (Deed(StepKind.ASSIGN), {"department": "clue.needs_department"}),
        (Deed(StepKind.TRANSFER), {"body": "clue.needs_body"}),
        (
            Deed(StepKind.FINISH),
            {"reason": "clue.needs_outcome", "answer": "clue.needs_answer"},
        ),
        (Deed(StepKind.REOPEN), {"reason": "clue.needs_reason"}),
        (Deed(StepKind.FINISH, reason="已查处", answer="已依法查处"), {}),
    ],
)
def test_a_step_says_all_it_lacks_at_once(deed: Deed, told: dict[str, str]) -> None:
    assert faults_of_deed(deed) == told


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_read_however_it_was_copied(digest: bytes) -> None:
    code = build_code(digest)
    assert len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for typed in (f"{code[:4]}-{code[4:]}", code.lower(), f" {code[:8]} {code[8:]} ", wide):
        assert parse_code(typed) == code


def test_a_longer_code_is_not_cut_to_a_right_one() -> None:
    code = build_code(bytes(range(32)))
    assert parse_code(f"{code}A") != code


def test_numbers_count_from_one_each_year() -> None:
    assert build_number(2026, 1) == "XS2026-0001"
    assert build_number(2026, 12345) == "XS2026-12345"
    assert parse_number(" xs2026－0001 ") == "XS2026-0001"

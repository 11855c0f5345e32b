"""The states of a sheet and what keeps it from being submitted."""

from datetime import date

import pytest

from domain.checklists import CheckItem, ItemType, Missing
from domain.errors import Refused
from domain.inspections import ItemGap, SheetAction, SheetState, missing_for_submit, transition

S, A = SheetState, SheetAction
ALLOWED = {
    (S.OPEN, A.SUBMIT): S.SUBMITTED,
    (S.RETURNED, A.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, A.RETURN): S.RETURNED,
    (S.ACCEPTED, A.RETURN): S.RETURNED,
    (S.SUBMITTED, A.ACCEPT): S.ACCEPTED,
    (S.ACCEPTED, A.ENTER): S.ENTERED,
    (S.ENTERED, A.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, A.TAKE_BACK): S.ENTERED,
    (S.OPEN, A.ADD_EVIDENCE): S.OPEN,
    (S.RETURNED, A.ADD_EVIDENCE): S.RETURNED,
    (S.SUBMITTED, A.ADD_EVIDENCE): S.SUBMITTED,
    (S.ACCEPTED, A.ADD_EVIDENCE): S.SUBMITTED,
}


@pytest.mark.parametrize("state", SheetState)
@pytest.mark.parametrize("action", SheetAction)
def test_sheet_moves_only_along_its_road(state: SheetState, action: SheetAction) -> None:
    outcome = transition(state, action)
    if (state, action) in ALLOWED:
        assert outcome is ALLOWED[state, action]
    else:
        assert isinstance(outcome, Refused)


@pytest.mark.parametrize(
    ("state", "action", "code"),
    [
        (S.ENTERED, A.RETURN, "sheet.locked"),
        (S.ENTERED, A.ADD_EVIDENCE, "sheet.locked"),
        (S.ENTERED, A.ENTER, "sheet.locked"),
        (S.PUBLISHED, A.SUBMIT, "sheet.locked"),
        (S.PUBLISHED, A.PUBLISH, "sheet.wrong_state"),
        (S.ENTERED, A.TAKE_BACK, "sheet.wrong_state"),
        (S.OPEN, A.ENTER, "sheet.not_submitted"),
        (S.RETURNED, A.ACCEPT, "sheet.not_submitted"),
        (S.SUBMITTED, A.ENTER, "sheet.not_accepted"),
        (S.OPEN, A.RETURN, "sheet.wrong_state"),
        (S.SUBMITTED, A.PUBLISH, "sheet.wrong_state"),
        (S.ACCEPTED, A.ACCEPT, "sheet.wrong_state"),
        (S.OPEN, A.PUBLISH, "sheet.wrong_state"),
    ],
)
def test_refusal_says_why(state: SheetState, action: SheetAction, code: str) -> None:
    outcome = transition(state, action)
    assert isinstance(outcome, Refused)
    assert outcome.code == code


def test_only_a_submitted_sheet_skips_acceptance_where_none_is_required() -> None:
    for state in SheetState:
        outcome = transition(state, A.ENTER, acceptance_required=False)
        entered = outcome is S.ENTERED
        assert entered is (state in (S.SUBMITTED, S.ACCEPTED))


def test_nothing_but_publication_leaves_the_lock() -> None:
    locked = (S.ENTERED, S.PUBLISHED)
    reached = [transition(state, action) for state in locked for action in A]
    assert {one for one in reached if isinstance(one, SheetState)} == set(locked)
    assert {state for state in S if state.is_locked} == {S.ENTERED, S.PUBLISHED}
    assert {state for state in S if state.takes_answers} == {S.OPEN, S.RETURNED}


def test_everything_missing_is_listed_in_the_order_of_the_items() -> None:
    items = [
        CheckItem("A", "", ItemType.JUDGE, photo_on_fail=True),
        CheckItem("B", "", ItemType.PHOTO, min_photos=1),
        CheckItem("C", "", ItemType.TEXT),
        CheckItem("D", "", ItemType.TEXT, is_required=False),
        CheckItem("E", "", ItemType.JUDGE),
    ]
    today = date(2026, 3, 4)
    answers = {"A": {"value": "fail"}, "E": {"value": "pass"}}
    assert missing_for_submit(items, answers, {}, today, today) == [
        ItemGap("A", Missing.PHOTO),
        ItemGap("B", Missing.PHOTO),
        ItemGap("C", Missing.VALUE),
    ]
    complete = {**answers, "C": {"value": "无"}}
    assert missing_for_submit(items, complete, {"A": 1, "B": 1}, today, today) == []

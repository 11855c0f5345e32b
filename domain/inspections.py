"""The states of a result sheet, and what still keeps it from being submitted (DESIGN §5.1, R063).

    open ──submit──► submitted ──accept──► accepted ──enter──► entered ──publish──► published
     ▲                 │    ▲                 │ │
     └── edit ── returned ◄─┴── return ───────┘ └─ new evidence: back to submitted (§13.3)

`entered` is the lock: nothing but publication moves a sheet after it (R079), and back where the
publication is declared void.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.check_items import CheckItem
from domain.errors import Refused
from domain.judging import Missing, judge_answer


class SheetState(StrEnum):
    """Where a sheet stands. OPEN and RETURNED take field data."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ENTERED = "entered"
    PUBLISHED = "published"

    @property
    def is_locked(self) -> bool:
        return self in (SheetState.ENTERED, SheetState.PUBLISHED)

    @property
    def takes_answers(self) -> bool:
        """Whether the team may still write answers; evidence is welcome until the lock."""
        return self in (SheetState.OPEN, SheetState.RETURNED)


class SheetAction(StrEnum):
    """What can happen to a sheet. ADD_EVIDENCE: a photo, signature or check-in arrives."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    ADD_EVIDENCE = "add_evidence"
    ENTER = "enter"
    PUBLISH = "publish"
    TAKE_BACK = "take_back"


_S, _A = SheetState, SheetAction
_MOVES: Final[Mapping[tuple[SheetState, SheetAction], SheetState]] = {
    (_S.OPEN, _A.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _A.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _A.RETURN): _S.RETURNED,
    (_S.SUBMITTED, _A.ACCEPT): _S.ACCEPTED,
    (_S.OPEN, _A.ADD_EVIDENCE): _S.OPEN,
    (_S.RETURNED, _A.ADD_EVIDENCE): _S.RETURNED,
    (_S.SUBMITTED, _A.ADD_EVIDENCE): _S.SUBMITTED,
    # The lead accepted something else than what is there now, so the lead looks again.
    (_S.ACCEPTED, _A.ADD_EVIDENCE): _S.SUBMITTED,
    (_S.ACCEPTED, _A.ENTER): _S.ENTERED,
    (_S.ENTERED, _A.PUBLISH): _S.PUBLISHED,
    # The publication was about something else, and nothing else of this sheet is public.
    (_S.PUBLISHED, _A.TAKE_BACK): _S.ENTERED,
}


def transition(
    state: SheetState, action: SheetAction, acceptance_required: bool = True
) -> SheetState | Refused:
    """The next state, or why not: `sheet.locked`, `sheet.not_submitted`, `sheet.not_accepted`,
    `sheet.wrong_state`. Whether entry preconditions hold is `results.entry_preconditions`."""
    if action is SheetAction.ENTER and state is SheetState.SUBMITTED and not acceptance_required:
        return SheetState.ENTERED
    moved = _MOVES.get((state, action))
    if moved is not None:
        return moved
    return Refused(_why(state, action), {"state": state.value, "action": action.value})


def _why(state: SheetState, action: SheetAction) -> str:
    if state.is_locked and action not in (SheetAction.PUBLISH, SheetAction.TAKE_BACK):
        return "sheet.locked"
    if state.takes_answers and action in (SheetAction.ENTER, SheetAction.ACCEPT):
        return "sheet.not_submitted"
    if state is SheetState.SUBMITTED and action is SheetAction.ENTER:
        return "sheet.not_accepted"
    return "sheet.wrong_state"


def last_possible_end(today: date) -> date:
    """The last day an end of the visit may name: a phone's clock may be ahead of the server's."""
    return today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ItemGap:
    """One thing an item still lacks; an item may have several."""

    item: str
    what: Missing


def missing_for_submit(
    items: Iterable[CheckItem],
    answers: Mapping[str, Mapping[str, object]],
    photos: Mapping[str, int],
    inspection_date: date | None,
    today: date,
) -> list[ItemGap]:
    """Everything incomplete, in the order of the items. `answers` maps item code to the fields
    `value`, `verdict`, `note`; `photos` to the number of originals attached and not removed."""
    return [
        ItemGap(item.code, what)
        for item in items
        for what in judge_answer(
            item, answers.get(item.code, {}), photos.get(item.code, 0), inspection_date, today
        ).missing
    ]

"""What a visit may come to before anything could be checked (R058, R069; domain research 3.1).

The firm lets nobody in, is closed, has moved, cannot be reached, does not carry on the business, or
is a firm no more (deregistered, its licence revoked, its registration cancelled): each leads to a
national result code of its own and needs evidence of its own, no filled list. It stands as the
field ``outcome`` of one item's answer, with the account of it as the item's note and its photos, so
that it is merged, signed, locked and corrected like any answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class VisitOutcome(StrEnum):
    """Why nothing could be checked."""

    REFUSED = "refused"
    CLOSED = "closed"
    MOVED = "moved"
    UNREACHABLE = "unreachable"
    NOT_ENGAGED = "not_engaged"
    DEREGISTERED = "deregistered"
    LICENCE_REVOKED = "licence_revoked"
    REGISTRATION_CANCELLED = "registration_cancelled"


RESULT_OF: Final[Mapping[VisitOutcome, int]] = {
    VisitOutcome.REFUSED: 6,
    VisitOutcome.CLOSED: 7,
    VisitOutcome.MOVED: 4,
    VisitOutcome.UNREACHABLE: 4,
    VisitOutcome.NOT_ENGAGED: 7,
    VisitOutcome.DEREGISTERED: 7,
    VisitOutcome.LICENCE_REVOKED: 7,
    VisitOutcome.REGISTRATION_CANCELLED: 7,
}


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """The outcome on record: the item it stands at, its account, and how many photos show it."""

    outcome: VisitOutcome
    item: str
    note: str
    photos: int

    @property
    def result(self) -> int:
        """The national code of every item of the sheet."""
        return RESULT_OF[self.outcome]


def find_outcome(
    answers: Mapping[str, Mapping[str, object]], photos: Mapping[str, int], items: Collection[str]
) -> OutcomeFact | None:
    """The first one in the order of the sheet's items; ``answers`` maps item code to its fields,
    ``photos`` to the number of originals attached and not removed."""
    for item in items:
        fields = answers.get(item, {})
        outcome = fields.get("outcome")
        if outcome is not None:
            note = str(fields.get("note") or "").strip()
            return OutcomeFact(VisitOutcome(str(outcome)), item, note, photos.get(item, 0))
    return None

"""线索: what the public reports and what the office does with it (R091, R092, R127).

A clue is received, then accepted or not, handed to who is in charge, and ends with an answer to
whoever reported it. Nothing is deleted: what was ended can be taken up again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_FILES: Final = 6
MAX_PER_ADDRESS: Final = 10  # reports of one day; a whole village may share an address
MAX_REFUSED: Final = 30  # sent by one address in one day with a file that is none
MAX_PER_COUNTY: Final = 200  # of one day: six gigabytes of evidence at most
MAX_TRIES: Final = 20  # wrong codes of one address in one day


class ClueKind(StrEnum):
    """What it is about, in the words of whoever reports it."""

    UNLICENSED = "unlicensed"
    VEHICLE = "vehicle"
    HAZMAT = "hazmat"
    OVERLOAD = "overload"
    SERVICE = "service"
    REPAIR_TRAINING = "repair_training"
    SAFETY = "safety"
    INSPECTORS = "inspectors"
    OTHER = "other"


class ClueState(StrEnum):
    """待受理, 已受理, 已转办, 已移送, 不予受理, 已并案, 已办结."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    REJECTED = "rejected"
    MERGED = "merged"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What can happen to a clue. GIVE_BACK: the department it was assigned to is not in charge;
    REOPEN: what was ended is taken up again."""

    REPORT = "report"
    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    ASSIGN = "assign"
    GIVE_BACK = "give_back"
    TRANSFER = "transfer"
    FINISH = "finish"
    REOPEN = "reopen"
    LINK = "link"
    NOTE = "note"


S = ClueState
UNFINISHED: Final = (S.RECEIVED, S.ACCEPTED, S.ASSIGNED)
ENDED: Final = tuple(one for one in S if one not in UNFINISHED)


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a step may be taken and where it leads; ``to`` None stays. ``is_homes``:
    only the home department's office, since it says whose the clue is."""

    frm: Collection[ClueState]
    to: ClueState | None
    is_homes: bool = True


MOVES: Final[Mapping[StepKind, Move]] = {
    StepKind.ACCEPT: Move((S.RECEIVED,), S.ACCEPTED),
    StepKind.REJECT: Move((S.RECEIVED, S.ACCEPTED), S.REJECTED),
    StepKind.MERGE: Move(UNFINISHED, S.MERGED),
    StepKind.ASSIGN: Move((S.ACCEPTED, S.ASSIGNED), S.ASSIGNED),
    StepKind.GIVE_BACK: Move((S.ASSIGNED,), S.ACCEPTED, is_homes=False),
    StepKind.TRANSFER: Move(UNFINISHED, S.TRANSFERRED, is_homes=False),
    StepKind.FINISH: Move((S.ACCEPTED, S.ASSIGNED, S.TRANSFERRED), S.CLOSED, is_homes=False),
    StepKind.REOPEN: Move(ENDED, S.ACCEPTED),
    StepKind.LINK: Move(tuple(S), None, is_homes=False),
    StepKind.NOTE: Move(tuple(S), None, is_homes=False),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One step as typed. ``reason`` is for the file, ``answer`` for whoever reported it; ``body``
    receives a transfer, ``department_id`` and ``team_id`` what is assigned, ``into`` is the number
    of the clue it is merged into."""

    step: StepKind
    reason: str = ""
    answer: str = ""
    body: str = ""
    department_id: int | None = None
    team_id: int | None = None
    into: str = ""


def faults_of_deed(deed: Deed) -> dict[str, str]:
    """Field → code of the catalogue, everything at once; empty where it may stand."""
    found = {}
    match deed.step:
        case StepKind.REJECT:
            if not deed.answer:
                found["answer"] = "clue.needs_refusal"
        case StepKind.MERGE:
            if not deed.into:
                found["into"] = "clue.needs_number"
        case StepKind.ASSIGN:
            if deed.department_id is None:
                found["department"] = "clue.needs_department"
        case StepKind.TRANSFER:
            if not deed.body:
                found["body"] = "clue.needs_body"
        case StepKind.FINISH:
            if not deed.reason:
                found["reason"] = "clue.needs_outcome"
            if not deed.answer:
                found["answer"] = "clue.needs_answer"
        case StepKind.REOPEN | StepKind.GIVE_BACK | StepKind.NOTE:
            if not deed.reason:
                found["reason"] = "clue.needs_reason"
        case _:
            pass
    return found


# Neither 0 and O nor 1, I and L: it is copied from a screen by hand.
CODE_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 16  # 79 bits: its plain hash may be known


def build_code(digest: bytes) -> str:
    """A query code of 16 characters out of at least 16 bytes of a keyed hash."""
    number, found = int.from_bytes(digest), []
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_ALPHABET))
        found.append(CODE_ALPHABET[rest])
    return "".join(found)


def parse_code(text: str) -> str:
    """What was typed, without hyphens and blanks, in capitals; whether it is right is not asked."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    plain = text.translate(wide).upper()
    return "".join(one for one in plain if one in CODE_ALPHABET)[: CODE_LENGTH + 1]


def parse_number(text: str) -> str:
    """A clue's number as typed, e.g. ``xs2026 0001``."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(text.translate(wide).upper().replace("－", "-").split())[:16]


def build_number(year: int, count: int) -> str:
    """``XS2026-0001``: the first of the year."""
    return f"XS{year}-{count:04d}"

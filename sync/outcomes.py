"""What becomes of an operation, as values (docs/protocol part 2). Only defects raise."""

from dataclasses import dataclass, field

from domain.errors import Refused
from sync.canonical import Plain
from sync.rows import Row


@dataclass(frozen=True, slots=True)
class Applied:
    """``rows`` as they stand now. ``bytes`` is ``wanted`` or ``stored`` for a photo. ``proposes``:
    the operation asks for a correction of ``current`` under the heads ``against``. ``enters``
    names the sheet it locks."""

    rows: tuple[Row, ...]
    bytes: str | None = None
    proposes: bool = False
    enters: str | None = None
    current: dict[str, Plain] = field(default_factory=dict)
    against: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """The same is there already. ``cosigns`` names a sheet its author entered equally."""

    bytes: str | None = None
    cosigns: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something moved on since ``base``; ``rows`` hold the loser as a sibling where there is a
    place for it."""

    rows: tuple[Row, ...] = ()
    error: Refused | None = None
    bytes: str | None = None


@dataclass(frozen=True, slots=True)
class RejectedLocked:
    """The sheet is entered. A proposal must be made in the same commit (I4). ``current``: the
    fields that hold now; ``against``: the heads the edit is written on."""

    locked: dict[str, Plain]
    current: dict[str, Plain] = field(default_factory=dict)
    against: dict[str, str | None] = field(default_factory=dict)
    bytes: str | None = None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Not assigned, or revoked, at arrival. A proposal must be made in the same commit (I4)."""

    error: Refused
    bytes: str | None = None


@dataclass(frozen=True, slots=True)
class Invalid:
    """Breaks a rule; the payload is kept by its receipt."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Held:
    """Stored, waiting for an earlier operation or a repair."""

    error: Refused


Outcome = Applied | Merged | Conflict | RejectedLocked | Forbidden | Invalid | Held


def status_of(outcome: Outcome) -> str:
    """The word on the wire."""
    match outcome:
        case Applied():
            return "applied"
        case Merged():
            return "merged"
        case Conflict():
            return "conflict"
        case RejectedLocked():
            return "rejected_locked"
        case Forbidden():
            return "forbidden"
        case Invalid():
            return "invalid"
        case Held():
            return "held"

"""The parts of a sheet as pages show them: items, other versions, signatures, check-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.check_items import CheckItem
from domain.judging import Verdict
from server.inspections.photo_view import PhotoView


@dataclass(frozen=True, slots=True)
class SiblingView:
    """Another officer's version of the same answer; ``op`` names it in a choice."""

    op: str
    author: str
    at: datetime | None
    answer: str
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """A check entry with its answer. ``result`` is the code entered, ``suggested`` the one
    offered; ``verdict`` a word of ``domain.judging.Verdict``; ``is_by_rest`` that it was passed
    with what was left of its section; ``outcome`` why nothing could be checked. ``seen`` goes back
    with a choice; ``writer`` and ``written_at`` are of the present answer, where another stands
    beside it; ``comment`` what the lead said of it when the sheet was returned."""

    item: CheckItem
    answer: str
    note: str
    verdict: str
    is_by_rest: bool
    outcome: str
    is_complete: bool
    photos: tuple[PhotoView, ...]
    siblings: tuple[SiblingView, ...]
    result: int | None
    suggested: int | None
    seen: str = ""
    writer: str = ""
    written_at: datetime | None = None
    comment: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether the item failed."""
        return self.verdict == Verdict.FAIL


@dataclass(frozen=True, slots=True)
class ReturnView:
    """One time the lead gave the sheet back; ``comments`` by item code."""

    who: str
    at: datetime
    reason: str
    comments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectionView:
    """The items of one checklist."""

    title: str
    reference: str
    items: tuple[ItemView, ...]

    @property
    def kind(self) -> str:
        """Of the checklist, whatever its version."""
        return self.reference.partition("@")[0]


@dataclass(frozen=True, slots=True)
class SignatureView:
    """``paths`` are SVG path data in a box of ``width`` × ``height``; empty for a refusal.
    ``role`` is officer, firm, notice (the firm's receipt of the notice) or unsigned (the firm has
    not signed again what was changed after a return). ``is_void``: what was signed has changed
    since. ``relation``: who the person is to the firm, in words."""

    name: str
    post: str
    relation: str
    role: str
    is_refused: bool
    is_void: bool
    reason: str
    statement: str
    at: datetime | None
    paths: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CheckinView:
    """An officer's arrival, as recorded on the phone. ``is_late``: answers were there already;
    ``far``: how far from the firm's place, where that is worth a word. Two officers may have one
    name: who it was is ``officer_id``."""

    officer_id: int
    officer: str
    at: datetime | None
    place: str
    is_late: bool
    far: str


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """An officer who did not come, why, and who said so."""

    officer_id: int
    officer: str
    reason: str
    note: str
    by: str
    at: datetime | None

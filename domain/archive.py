"""What belongs into the file 案卷 of a visit, and how each part stands (R063): there, not needed
and why, or missing and whose turn it is. Nobody may take half a file for a whole one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.firm_part import FirmPart


class Part(StrEnum):
    """In the order of the file. Those of `OF_VISIT` are the visit's, the others each
    department's."""

    DRAW = "draw"
    TEAM = "team"
    ASSISTANTS = "assistants"
    NOTICE = "notice"
    RECORD = "record"
    SIGNATURES = "signatures"
    PHOTOS = "photos"
    RESULT = "result"
    CORRECTIONS = "corrections"
    FOLLOW_UP = "follow_up"
    TELLING = "telling"
    RECEIPT = "receipt"
    PUBLICATION = "publication"
    CLOSED = "closed"


class PartState(StrEnum):
    """How a part stands."""

    THERE = "there"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"


class Turn(StrEnum):
    """Who has to do something about a missing part."""

    OFFICERS = "officers"
    LEAD = "lead"
    OFFICE = "office"
    APPROVER = "approver"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"


class Step(StrEnum):
    """Something that is asked for and then done: nothing, under way, done."""

    NONE = "none"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """``why`` is a stable word for people's words; ``count`` goes with it where it counts. Only a
    missing part has a ``turn``."""

    part: Part
    state: PartState
    why: str = ""
    turn: Turn | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class FiledSheet:
    """What the parts of one department's sheet are judged by. ``unmet`` are codes of entry
    preconditions; ``waiting`` photos are on phones, ``lost`` ones are on record and not on disk;
    ``drafts`` and ``submitted`` are correction orders nobody has closed, ``corrections`` all of
    them; ``has_notice_receipt`` also for a refusal to sign it."""

    state: str
    needs_acceptance: bool = True
    is_withdrawn: bool = False
    has_outcome: bool = False
    has_notice_receipt: bool = False
    is_notice_refused: bool = False
    firm_part: FirmPart = FirmPart.NONE
    unmet: Collection[str] = ()
    photos: int = 0
    waiting: int = 0
    lost: int = 0
    corrections: int = 0
    drafts: int = 0
    submitted: int = 0
    has_problem: bool = False
    follow_up: Step = Step.NONE
    telling: Step = Step.NONE
    receipt: Step = Step.NONE
    publication: Step = Step.NONE


LOCKED: Final = frozenset({"entered", "published"})
HANDED_IN: Final = LOCKED | {"submitted", "accepted"}
SIGNATURE_CODES: Final = frozenset(
    {"entry.signature_officer", "entry.signature_firm", "entry.signature_again"}
)
PHOTO_CODES: Final = frozenset({"entry.photo_required", "entry.outcome_photo"})
OF_VISIT: Final = frozenset({Part.DRAW, Part.TEAM, Part.ASSISTANTS, Part.CLOSED})
OF_SHEET: Final = tuple(one for one in Part if one not in OF_VISIT)


def list_sheet_parts(sheet: FiledSheet) -> tuple[Standing, ...]:
    """Every part of one department's sheet, in the order of the file."""
    if sheet.is_withdrawn:
        return tuple(_not_needed(one, "withdrawn") for one in OF_SHEET)
    return (
        _notice(sheet),
        _record(sheet),
        _signatures(sheet),
        _photos(sheet),
        _result(sheet),
        _corrections(sheet),
        _follow_up(sheet),
        _recorded(Part.TELLING, sheet, sheet.telling),
        _recorded(Part.RECEIPT, sheet, sheet.receipt),
        _recorded(Part.PUBLICATION, sheet, sheet.publication),
    )


def judge_team(changes: int, waiting: int) -> Standing:
    """Replacements and the like of this visit: ``waiting`` of ``changes`` are undecided."""
    if waiting:
        return _missing(Part.TEAM, "waiting", Turn.APPROVER, waiting)
    if changes:
        return _there(Part.TEAM, count=changes)
    return _not_needed(Part.TEAM, "none")


def judge_assistants(named: int) -> Standing:
    """Experts and agencies who helped; most visits need none."""
    return _there(Part.ASSISTANTS, count=named) if named else _not_needed(Part.ASSISTANTS, "none")


def judge_closing(*, is_closed: bool, is_withdrawn: bool) -> Standing:
    """办结 of the visit as a whole: while it is open something of the file may still change."""
    if is_closed:
        return _there(Part.CLOSED)
    if is_withdrawn:
        return _not_needed(Part.CLOSED, "withdrawn")
    return _missing(Part.CLOSED, "open", Turn.OFFICE)


def list_missing(parts: Iterable[Standing]) -> list[Standing]:
    """What keeps the file from being complete."""
    return [one for one in parts if one.state is PartState.MISSING]


def _turn_of_sheet(sheet: FiledSheet) -> Turn:
    is_leads = sheet.state == "submitted" and sheet.needs_acceptance
    return Turn.LEAD if is_leads else Turn.OFFICERS


def _notice(sheet: FiledSheet) -> Standing:
    if sheet.has_notice_receipt:
        return _there(Part.NOTICE, "refused" if sheet.is_notice_refused else "signed")
    if sheet.has_outcome:
        return _not_needed(Part.NOTICE, "outcome")
    return _missing(Part.NOTICE, "unsigned", Turn.OFFICERS)


def _record(sheet: FiledSheet) -> Standing:
    if sheet.state in HANDED_IN:
        return _there(Part.RECORD)
    return _missing(Part.RECORD, sheet.state, Turn.OFFICERS)


def _signatures(sheet: FiledSheet) -> Standing:
    if SIGNATURE_CODES & set(sheet.unmet):
        return _missing(Part.SIGNATURES, "unsigned", Turn.OFFICERS)
    return _there(Part.SIGNATURES, "outcome" if sheet.has_outcome else str(sheet.firm_part))


def _photos(sheet: FiledSheet) -> Standing:
    if sheet.lost:
        return _missing(Part.PHOTOS, "lost", Turn.ADMINISTRATOR, sheet.lost)
    if sheet.waiting:
        return _missing(Part.PHOTOS, "waiting", Turn.OFFICERS, sheet.waiting)
    if PHOTO_CODES & set(sheet.unmet):
        return _missing(Part.PHOTOS, "required", Turn.OFFICERS)
    if sheet.photos:
        return _there(Part.PHOTOS, count=sheet.photos)
    if sheet.state in HANDED_IN:
        return _not_needed(Part.PHOTOS, "none")
    return _missing(Part.PHOTOS, "not_yet", Turn.OFFICERS)


def _result(sheet: FiledSheet) -> Standing:
    if sheet.state in LOCKED:
        return _there(Part.RESULT)
    return _missing(Part.RESULT, "not_entered", _turn_of_sheet(sheet))


def _corrections(sheet: FiledSheet) -> Standing:
    if sheet.submitted:
        return _missing(Part.CORRECTIONS, "waiting", Turn.APPROVER, sheet.submitted)
    if sheet.drafts:
        return _missing(Part.CORRECTIONS, "drafts", Turn.AUTHOR, sheet.drafts)
    if sheet.corrections:
        return _there(Part.CORRECTIONS, count=sheet.corrections)
    return _not_needed(Part.CORRECTIONS, "none")


def _follow_up(sheet: FiledSheet) -> Standing:
    if sheet.state in LOCKED and not sheet.has_problem:
        return _not_needed(Part.FOLLOW_UP, "no_problem")
    return _recorded(Part.FOLLOW_UP, sheet, sheet.follow_up)


def _recorded(part: Part, sheet: FiledSheet, step: Step) -> Standing:
    """What the office records once the result is entered."""
    if step is Step.DONE:
        return _there(part)
    if sheet.state not in LOCKED:
        return _missing(part, "not_entered", _turn_of_sheet(sheet))
    return _missing(part, str(step), Turn.OFFICE)


def _there(part: Part, why: str = "", count: int = 0) -> Standing:
    return Standing(part, PartState.THERE, why, count=count)


def _not_needed(part: Part, why: str) -> Standing:
    return Standing(part, PartState.NOT_NEEDED, why)


def _missing(part: Part, why: str, turn: Turn, count: int = 0) -> Standing:
    return Standing(part, PartState.MISSING, why, turn, count)

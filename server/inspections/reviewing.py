"""Use cases at the desk: the lead accepts or returns a sheet, an officer enters it (DESIGN §5).

Both go through the operations a phone would send, so the rules and the ledger are the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections.models import Inspection, Sheet
from server.inspections.reading import get_inspection, get_sheet, target_of
from sync.canonical import Plain
from sync.operation import Kind
from sync.outcomes import (
    Applied,
    Conflict,
    Forbidden,
    Held,
    Invalid,
    Merged,
    Outcome,
    RejectedLocked,
)

MAX_REASON_CHARACTERS = 500  # it is read on a phone, above the form; so is each comment at its item


def accept_sheet(
    actor: Actor, inspection_id: int, code: str, seen_content: str | None = None
) -> Sheet:
    """The second pair of eyes before the lock. ``seen_content``: the digest of what the page
    showed, where it said so. Raises ``sheet.changed_since`` for anything else than that,
    ``sheet.not_submitted``, ``sheet.locked``."""
    inspection, sheet = _find(actor, inspection_id, code, Action.SHEET_REVIEW)
    with unit_of_work():
        fieldsync.lock_space(inspection.space)
        if seen_content and fieldsync.read_sheet(inspection.id, code).digest({}) != seen_content:
            raise fault("sheet.changed_since")
        outcome = _operate(actor, inspection, sheet, Kind.SHEET_ACCEPT, {})
    raise_refusal(outcome)
    return sheet


def return_sheet(
    actor: Actor,
    inspection_id: int,
    code: str,
    reason: str,
    comments: Mapping[str, str] | None = None,
) -> Sheet:
    """Opens the field data again; ``comments`` says by item code what is to be done there, blank
    ones are dropped. Raises ``sheet.needs_reason``, ``reason.too_long``, ``op.unknown_entity`` for
    an item that is not on the sheet, ``sheet.wrong_state``."""
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("sheet.needs_reason")
    inspection, sheet = _find(actor, inspection_id, code, Action.SHEET_REVIEW)
    kept = {i: parse_reason(text, MAX_REASON_CHARACTERS) for i, text in (comments or {}).items()}
    fields: dict[str, Plain] = {"reason": reason}
    if said := {item: text for item, text in kept.items() if text}:
        fields["comments"] = {**said}
    raise_refusal(_operate(actor, inspection, sheet, Kind.SHEET_RETURN, fields))
    return sheet


def enter_sheet(
    actor: Actor, inspection_id: int, code: str, results: Mapping[str, int], seen_content: str
) -> Sheet:
    """Enters and locks. ``results`` has one national code per item; ``seen_content`` is the digest
    of the answers, photos and signatures the page showed: what changed since was not seen.

    Raises ``entry.seen_stale``, and ``sheet.preconditions`` with everything unmet at once.
    """
    inspection, sheet = _find(actor, inspection_id, code, Action.SHEET_ENTER)
    with unit_of_work():
        rows = fieldsync.read_sheet(inspection.id, code)
        if rows.digest({}) != seen_content:
            raise fault("entry.seen_stale", entities=[f"sheet:{code}"])
        outcome = fieldsync.perform_office_op(
            actor,
            space=inspection.space,
            kind=Kind.SHEET_ENTER,
            entity=f"sheet:{code}",
            fields={"results": dict(results)},
            seen=rows.seen,
            digest=rows.digest(results),
        )
    raise_refusal(outcome)
    return sheet


def require_entry(actor: Actor, inspection: Inspection, sheet: Sheet) -> None:
    """Raises ``access.denied`` unless the actor is of the sheet's own team."""
    require(actor, Action.SHEET_ENTER, target_of(inspection, sheet))


def _find(actor: Actor, inspection_id: int, code: str, action: Action) -> tuple[Inspection, Sheet]:
    inspection = get_inspection(actor, inspection_id)
    sheet = get_sheet(inspection, code)
    require(actor, action, target_of(inspection, sheet))
    return inspection, sheet


def _operate(
    actor: Actor, inspection: Inspection, sheet: Sheet, kind: Kind, fields: Mapping[str, Plain]
) -> Outcome:
    return fieldsync.perform_office_op(
        actor,
        space=inspection.space,
        kind=kind,
        entity=f"sheet:{sheet.code}",
        fields=fields,
    )


def raise_refusal(outcome: Outcome) -> None:
    """A refusal is told after its receipt was committed; nothing a person did is forgotten."""
    match outcome:
        case Applied() | Merged():
            return
        case Invalid(error) | Forbidden(error) | Held(error):
            raise error.as_fault()
        case Conflict():
            raise outcome.error.as_fault() if outcome.error else fault("request.conflict")
        case RejectedLocked():
            raise fault("sheet.locked")

"""Photos, signatures, check-ins: add-only sets with tombstones (docs/protocol part 3).

Evidence is welcome until the lock; new evidence on an accepted sheet makes the lead look again.
"""

from dataclasses import replace

from domain.errors import Refused
from domain.firm_part import UNSIGNED, may_be_unsigned
from sync.canonical import Plain
from sync.merge import attach, attached_to, detach
from sync.operation import Operation
from sync.outcomes import Applied, Conflict, Invalid, Merged, Outcome, RejectedLocked
from sync.ports import Space
from sync.rows import Author, Row
from sync.sheet_rows import after_evidence, lock_of, state_of, was_returned
from sync.versions import heads_of, lay_over, list_versions


def attach_photo(operation: Operation, space: Space, sheet: Row) -> Outcome:
    """Declares a photo of an answer; its bytes follow. Nothing is asked of ``base``, except that
    bringing back a removed photo must know the removal."""
    claim = operation.photo
    assert claim is not None
    code = sheet.id.partition(":")[2]
    is_stored = space.has_bytes(claim.sha256)
    bytes_ = "stored" if is_stored else "wanted"
    row = space.find_row(f"photo:{claim.sha256}")
    if state_of(sheet).is_locked:
        row = lay_over(row, f"photo:{claim.sha256}", list_versions(space, sheet))
    if row is not None and row.sheet != code:
        # One department's lock must not depend on another's photo.
        return Invalid(Refused("op.bad_entity", _about(operation)))
    if row is None:
        fresh = {**claim.as_fields(), "attached": [], "stored": is_stored}
        row = Row("photo", f"photo:{claim.sha256}", fields=fresh, sheet=code)
    elif not row.gone and operation.entity in attached_to(row):
        return Merged(bytes=bytes_)
    if state_of(sheet).is_locked:
        current: dict[str, Plain] = {"attached": attached_to(row)} if row.heads else {}
        against = heads_of(row, ["attached"])
        return RejectedLocked(lock_of(sheet), current, against, bytes=bytes_)
    if row.gone and operation.base.get("attached") != row.heads.get("attached"):
        return Conflict(error=Refused("request.conflict"), bytes=bytes_)
    attached = attach(row, operation.entity, operation.op)
    assert attached is not None
    attached = replace(attached, fields={**attached.fields, "stored": is_stored})
    return Applied(rows=(attached, *after_evidence(sheet, operation.op)), bytes=bytes_)


def remove_photo(operation: Operation, space: Space, sheet: Row) -> Outcome:
    """Takes a photo off an answer. What was submitted stays until the lead returns it."""
    row = space.find_row(operation.entity)
    code = sheet.id.partition(":")[2]
    if row is None or row.sheet != code:
        return Invalid(Refused("op.unknown_entity", {"entity": operation.entity}))
    removed = detach(row, str(operation.fields["from"]), operation.op)
    if removed is None:
        return Merged()
    state = state_of(sheet)
    if state.is_locked:
        return RejectedLocked(
            locked=lock_of(sheet),
            current={"attached": attached_to(row)},
            against=heads_of(row, ["attached"]),
        )
    if not state.takes_answers or operation.base.get("attached") != row.heads.get("attached"):
        return Conflict(error=Refused("request.conflict"))
    return Applied(rows=(removed,))


def add_named(operation: Operation, space: Space, sheet: Row, author: Author) -> Outcome:
    """``signature.add`` and ``checkin.add``: made once under their own id, never changed."""
    row = space.find_row(operation.entity)
    if row is not None:
        same = all(row.fields.get(name) == value for name, value in operation.fields.items())
        return Merged() if same else Invalid(Refused("op.id_reuse"))
    if state_of(sheet).is_locked:
        return RejectedLocked(locked=lock_of(sheet))
    if operation.fields.get("role") == UNSIGNED and not _may_be_unsigned(space, sheet):
        return Invalid(Refused("signature.not_returned"))
    fields = {**operation.fields, "by": author.as_plain(), "at": operation.at}
    row = Row(
        type=operation.entity.partition(":")[0],
        id=operation.entity,
        fields=fields,
        heads=dict.fromkeys(fields, operation.op),
        sheet=sheet.id.partition(":")[2],
    )
    return Applied(rows=(row, *after_evidence(sheet, operation.op)))


def _may_be_unsigned(space: Space, sheet: Row) -> bool:
    """Of those recorded so far: whoever answers for the firm on another phone is not known yet."""
    code = sheet.id.partition(":")[2]
    signatures = [row.fields for row in space.list_evidence(code) if row.type == "signature"]
    return may_be_unsigned(was_returned(sheet), signatures)


def _about(operation: Operation) -> dict[str, object]:
    return {"entity": operation.entity, "kind": operation.kind.value}

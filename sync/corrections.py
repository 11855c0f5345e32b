"""What approving a proposal would change, and the heads it is measured by (docs/protocol 13.10).

Answers, results and photos that came late can become part of a version. Signatures, check-ins and
removals cannot: whoever was not there at the lock is not put there afterwards, and evidence is
never taken away. Those are kept as they came, and can be refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from domain.errors import Refused
from sync.canonical import Plain
from sync.content import SIGNED_FIELDS, build_content, digest_content
from sync.merge import attached_to, is_equal
from sync.operation import Kind, parse_answer
from sync.rows import Row
from sync.versions import RESULT, Change, heads_of


@dataclass(frozen=True, slots=True)
class Subject:
    """The row a proposal is about and the fields it wants to write: their heads are compared."""

    row: Row | None
    entity: str
    fields: tuple[str, ...]

    @property
    def heads(self) -> dict[str, str | None]:
        """Field → head now, None for one nobody wrote."""
        return heads_of(self.row, self.fields)


def subject_of(
    kind: str, entity: str, payload: Mapping[str, Plain], result: int | None, rows: Sequence[Row]
) -> Subject:
    """``rows`` are the sheet's as they hold now, its own row among them. ``result`` is the code
    the author added when submitting."""
    known = {row.id: row for row in rows}
    fields = _fields(payload)
    match kind:
        case Kind.ANSWER_SET | Kind.CORRECTION_PROPOSE:
            names = [name for name in (*SIGNED_FIELDS, RESULT) if name in fields]
            if result is not None and RESULT not in names:
                names.append(RESULT)
            return Subject(known.get(entity), entity, tuple(names))
        case Kind.PHOTO_ATTACH:
            photo = f"photo:{_photo(payload)['sha256']}"
            return Subject(known.get(photo), photo, ("attached",))
        case Kind.PHOTO_REMOVE:
            return Subject(known.get(entity), entity, ("attached",))
        case Kind.SHEET_ENTER:
            return Subject(known.get(entity), entity, ("entered",))
        case _:
            return Subject(known.get(entity), entity, ())


def list_changes(
    kind: str,
    entity: str,
    payload: Mapping[str, Plain],
    result: int | None,
    rows: Sequence[Row],
    results: Mapping[str, int],
    space: str,
    has_bytes: bool,
) -> list[Change] | Refused:
    """What would differ from what holds now; ``correction.nothing_changed``, or
    ``correction.not_approvable`` for a kind that never becomes part of a sheet."""
    match kind:
        case Kind.ANSWER_SET | Kind.CORRECTION_PROPOSE:
            changes = _answer_changes(entity, _fields(payload), result, rows, results)
        case Kind.PHOTO_ATTACH:
            changes = _photo_changes(entity, payload, rows, has_bytes)
        case Kind.SHEET_ENTER:
            found = _result_changes(entity, payload, rows, results, space)
            if isinstance(found, Refused):
                return found
            changes = found
        case _:
            return Refused("correction.not_approvable", {"kind": kind})
    return changes or Refused("correction.nothing_changed")


def _answer_changes(
    entity: str,
    fields: Mapping[str, Plain],
    result: int | None,
    rows: Sequence[Row],
    results: Mapping[str, int],
) -> list[Change]:
    row = next((one for one in rows if one.id == entity), None)
    now: dict[str, Plain] = dict(row.fields) if row is not None else {}
    found = parse_answer(entity)
    now[RESULT] = results.get(found[1]) if found is not None else None
    wanted = {name: fields[name] for name in (*SIGNED_FIELDS, RESULT) if name in fields}
    if result is not None:
        wanted[RESULT] = result
    return [
        Change(entity, name, now.get(name), new)
        for name, new in wanted.items()
        if not is_equal(now.get(name), new)
    ]


def _photo_changes(
    entity: str, payload: Mapping[str, Plain], rows: Sequence[Row], has_bytes: bool
) -> list[Change]:
    """One change per field, so that laying over builds the whole row of a photo that is new."""
    claim = _photo(payload)
    photo = f"photo:{claim['sha256']}"
    row = next((one for one in rows if one.id == photo), None)
    attached = attached_to(row) if row is not None else []
    if entity in attached:
        return []
    made: dict[str, Plain] = {} if row is not None else {**claim, "stored": has_bytes}
    changes = [Change(photo, name, None, value) for name, value in made.items()]
    return [*changes, Change(photo, "attached", [*attached], [*attached, entity])]


def _result_changes(
    entity: str,
    payload: Mapping[str, Plain],
    rows: Sequence[Row],
    results: Mapping[str, int],
    space: str,
) -> list[Change] | Refused:
    """A second entry with other results. Only where its signer saw the very content that holds:
    the digest says so. Else nobody knows what the codes were chosen for."""
    code = entity.partition(":")[2]
    wanted = cast(Mapping[str, int], _fields(payload).get("results") or {})
    if digest_content(build_content(space, code, rows, wanted)) != payload.get("digest"):
        return Refused("correction.not_approvable", {"kind": Kind.SHEET_ENTER.value})
    return [
        Change(f"answer:{code}/{item}", RESULT, results.get(item), new)
        for item, new in sorted(wanted.items())
        if results.get(item) != new
    ]


def _fields(payload: Mapping[str, Plain]) -> Mapping[str, Plain]:
    return cast(Mapping[str, Plain], payload.get("fields") or {})


def _photo(payload: Mapping[str, Plain]) -> Mapping[str, Plain]:
    return cast(Mapping[str, Plain], payload["photo"])

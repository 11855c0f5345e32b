"""Two of the three long works: comparing and writing; ``undoing`` has the third. Each may be broken
off at any moment and begun again: comparing goes on at the line it had reached, the others are one
transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select

from domain.access import Actor
from domain.errors import fault
from domain.tabular_rows import RowKind, is_stale
from server.audit.service import write_event
from server.db import db, end_reading, unit_of_work
from server.exchange.comparing import Comparison
from server.exchange.importing import count_rows, get_import, lock_import, table_of
from server.exchange.keepers import is_anothers
from server.exchange.models import Import, ImportRow, ImportState
from server.exchange.registers import get_register
from server.exchange.spec import Register
from server.exchange.undoing import undo
from server.registry import service as registry
from server.registry.service import owner_of, person_id_of, take_turns
from server.runtime import now, today

CHUNK_ROWS = 500


def compare(actor: Actor | None, import_id: int) -> None:
    """Reads and compares what is left of the file, some hundred lines in each transaction."""
    one = get_import(actor, import_id)
    if one.state != ImportState.COMPARING:
        return
    first = one.header_row + 1
    lines = table_of(one).read_rows(one.sheet)[first:]
    start, mapping = one.rows_done, list(one.mapping)
    if not any(any(line) for line in lines):
        raise fault("table.empty")
    comparison = Comparison(actor, get_register(one.register), mapping, today())
    _end_reading()
    for place, cells in enumerate(lines[:start]):
        comparison.remember(first + place + 1, cells)
    while start < len(lines):
        part = lines[start : start + CHUNK_ROWS]
        judged = [
            comparison.judge(first + start + place + 1, cells) for place, cells in enumerate(part)
        ]
        if not _store(actor, import_id, start, len(part), len(lines), [j for j in judged if j]):
            return  # somebody else goes on with it, or it was dropped
        start += len(part)
    with unit_of_work():
        one = lock_import(actor, import_id, ImportState.COMPARING)
        one.state, one.counts = ImportState.READY, count_rows(import_id)


def _end_reading() -> None:
    if not db.session.info.get("in_unit_of_work"):
        end_reading()


def _store(
    actor: Actor | None,
    import_id: int,
    start: int,
    length: int,
    total: int,
    rows: list[dict[str, Any]],
) -> bool:
    with unit_of_work() as work:
        query = select(Import).where(Import.id == import_id).with_for_update()
        one = work.scalars(query.execution_options(populate_existing=True)).one()
        if one.state != ImportState.COMPARING or one.rows_done != start:
            return False
        same = {
            "jurisdiction_id": owner_of(actor),
            "import_id": import_id,
            "decision": "",
            "was_stale": False,
        }
        if rows:
            work.execute(insert(ImportRow), [{**same, **row} for row in rows])
        one.rows_done, one.rows_total, one.beat_at = start + length, total, now()
    return True


def apply(actor: Actor | None, import_id: int) -> None:
    """Writes every row that is to be written, or none: where somebody changed one since the
    preview, those rows are compared again and the import waits for another look."""
    one = get_import(actor, import_id)
    register = get_register(one.register)
    # Read and made ready before anybody has to wait; once confirmed, the rows stay as they are.
    rows = db.session.execute(_to_write(import_id)).all()
    written = [(row, *_values_of(register, row)) for row in rows]
    with unit_of_work():
        take_turns(owner_of(actor))
        one = lock_import(actor, import_id, ImportState.APPLYING, ImportState.DONE)
        if one.state == ImportState.DONE:
            return
        handles = [*register.key_fields, *register.unique]
        known = registry.list_entries(actor, register.model, handles)
        owners = {
            name: {e[name]: e["id"] for e in known if e[name] is not None}
            for name in register.unique
        }
        owners[""] = {register.key_of(e): e["id"] for e in known}
        ids = {row.entry_id for row in rows if row.entry_id is not None}
        entries = registry.load_entries(actor, register.model, ids)
        kept = registry.list_kept_departments(actor)
        stale = [
            row.id
            for row in rows
            if _is_stale(register, row, entries, owners)
            or is_anothers(register, row.changes, entries.get(row.entry_id), kept)
        ]
        if stale:
            _compare_again(actor, one, register, stale)
            return
        fresh, changed = [], []
        asides = [(row.entry_id, _aside_of(register, row)) for row in rows]
        asides = [(entry_id, value) for entry_id, value in asides if value is not None]
        for row, told, untold in written:
            if row.entry_id is None:
                fresh.append((told, untold))
                continue
            for name, value in untold.items():
                setattr(entries[row.entry_id], name, value)
            changed.append((entries[row.entry_id], told))
        _write(actor, register, fresh, changed, one.source)
        if register.aside and asides:
            register.aside.write(actor, asides, one.source)
        db.session.execute(
            delete(ImportRow).where(
                ImportRow.import_id == import_id, ImportRow.kind == RowKind.UNCHANGED
            ),
            execution_options={"synchronize_session": False},
        )
        one.state, one.content = ImportState.DONE, None
        one.report = {"created": len(fresh), "updated": len(changed)}
        write_event(
            owner_of(actor),
            person_id_of(actor),
            f"{register.code}.imported",
            one.source,
            **one.report,
            file=one.file_name,
            sha256=one.file_sha256,
        )


def _write(
    actor: Actor | None,
    register: Register,
    fresh: list[tuple[dict[str, Any], dict[str, Any]]],
    changed: list[tuple[Any, dict[str, Any]]],
    source: str,
) -> None:
    """What stood before goes first: a new entry may take what another gives up."""
    subject, model = register.subject, register.model
    further: list[tuple[Any, Any]] = []
    if register.effects:
        said = [told for told, _ in fresh] + [{**told, "id": row.id} for row, told in changed]
        further = register.effects(actor, said)
    written = registry.apply_changes(actor, subject, [*further, *changed], source)
    if register.has_objects:
        written += registry.add_objects(actor, subject, model, fresh, source)
    else:
        registry.add_entries(actor, subject, model, fresh, source)
    if register.tell:
        register.tell(actor, written, source)


def _values_of(register: Register, row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the history tells of the row, and what it does not; initials were worked out with the
    comparison already."""
    new = {name: pair[1] for name, pair in _fields_of(register, row.changes).items()}
    initials = row.values.get("name_initials")
    untold = {"name_initials": initials} if initials else register.silent(new)
    return registry.stored_values(register.model, new), untold


def _fields_of(register: Register, changes: dict[str, Any]) -> dict[str, Any]:
    aside = register.aside.column.field if register.aside else ""
    return {name: pair for name, pair in changes.items() if name != aside}


def _aside_of(register: Register, row: Any) -> Any:
    pair = row.changes.get(register.aside.column.field) if register.aside else None
    return pair[1] if pair else None


def _to_write(import_id: int) -> Any:
    return (
        select(
            ImportRow.id,
            ImportRow.kind,
            ImportRow.entry_id,
            ImportRow.changes,
            ImportRow.values,
        )
        .where(
            ImportRow.import_id == import_id,
            ImportRow.kind.in_([RowKind.NEW, RowKind.CHANGED]),
            ImportRow.decision != "skip",
        )
        .order_by(ImportRow.row_no)
    )


def _is_stale(
    register: Register, row: Any, entries: dict[int, Any], owners: dict[str, dict[Any, int]]
) -> bool:
    handles = [(name, row.changes.get(name, [None, None])[1]) for name in register.unique]
    if any(name in row.changes for name in register.key_fields):
        handles.append(("", register.key_of(row.values)))
    for name, value in handles:
        if value is not None and owners[name].get(value, row.entry_id) != row.entry_id:
            return True
    if row.kind == RowKind.NEW:
        return False
    entry, changes = entries.get(row.entry_id), _fields_of(register, row.changes)
    current = registry.plain_values(entry, changes) if entry is not None else None
    return is_stale(current, row.kind, changes)


def _compare_again(
    actor: Actor | None, one: Import, register: Register, row_ids: list[int]
) -> None:
    comparison = Comparison(actor, register, one.mapping, today())
    rows = [db.session.get_one(ImportRow, row_id) for row_id in row_ids]
    for row in rows:
        judged = comparison.judge(row.row_no, row.cells)
        assert judged is not None  # a blank line was never stored
        for name, value in judged.items():
            setattr(row, name, value)
        row.was_stale, row.decision = True, ""
    db.session.flush()
    one.state, one.counts = ImportState.READY, count_rows(one.id)
    one.confirmed_by = one.confirmed_at = None
    one.report = {"stale": len(rows)}


def fail(actor: Actor | None, import_id: int, code: str, details: dict[str, object]) -> None:
    """It ends here, with nothing written; an undo that failed leaves the import as it was done."""
    with unit_of_work():
        one = db.session.get(Import, import_id)
        if one is None:
            return
        match one.state:
            case ImportState.UNDOING:
                one.state, one.undone_by, one.undone_at = ImportState.DONE, None, None
            case ImportState.APPLYING | ImportState.COMPARING:
                one.state = ImportState.FAILED
            case _:
                return
        one.report = {**one.report, "code": code, "details": details}
        write_event(owner_of(actor), person_id_of(actor), "import.failed", one.source, code=code)


WORKS = {
    ImportState.COMPARING: compare,
    ImportState.APPLYING: apply,
    ImportState.UNDOING: undo,
}

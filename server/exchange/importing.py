"""Use cases before anything is written: receiving a file, choosing its columns, deciding rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import delete, func, select

from domain.access import Actor
from domain.errors import fault
from domain.tabular_headers import MOST_TITLE_ROWS, find_header, match_headers
from domain.tabular_rows import RowKind
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.exchange.abandoned import drop_abandoned
from server.exchange.file_guard import FileKind
from server.exchange.keepers import require_import
from server.exchange.models import Import, ImportRow, ImportState
from server.exchange.reading import TableFile, open_table
from server.exchange.registers import get_register
from server.exchange.spec import Register
from server.registry.service import owner_of, person_id_of
from server.runtime import now

SAMPLE_ROWS = 3
HEAD_ROWS = MOST_TITLE_ROWS + SAMPLE_ROWS


def receive_file(actor: Actor | None, code: str, file_name: str, data: bytes) -> Import:
    """Keeps the file and says what its columns seem to be. Raises ``access.denied``, ``table.*``,
    ``import.no_header``."""
    register = get_register(code)
    require_import(actor, register, person_id_of(actor))
    table = open_table(data, file_name)
    sheets = table.list_sheets()
    sheet = _best_sheet(table, sheets, register)
    header_row, headers, mapping = guess_columns(table, sheet, register)
    with unit_of_work() as work:
        drop_abandoned()
        made = Import(
            jurisdiction_id=owner_of(actor),
            register=code,
            file_name=file_name[-200:],
            file_kind=str(table.kind),
            file_sha256=hashlib.sha256(data).hexdigest(),
            content=data,
            sheets=sheets,
            sheet=sheet,
            header_row=header_row,
            headers=headers,
            mapping=mapping,
            made_by=person_id_of(actor),
            made_at=now(),
        )
        work.add(made)
        work.flush()
        write_event(
            owner_of(actor),
            person_id_of(actor),
            "import.received",
            f"import:{made.id}",
            register=code,
            file=file_name[-200:],
            sha256=made.file_sha256,
        )
        return made


def guess_columns(
    table: TableFile, sheet: str, register: Register, header_row: int | None = None
) -> tuple[int, list[str], list[str]]:
    """The header's line from 0, its cells, and the field of each. Raises ``import.no_header`` where
    no line looks like one and none was named."""
    rows = table.read_rows(sheet, HEAD_ROWS)
    found = find_header(rows, register.names) if header_row is None else header_row
    if found is None or found >= len(rows) or not any(rows[found]):
        columns = [column.header for column in register.columns if column.is_required]
        raise fault("import.no_header", rows=MOST_TITLE_ROWS, columns=columns)
    headers = rows[found]
    return found, headers, match_headers(headers, register.names)


def _best_sheet(table: TableFile, sheets: list[str], register: Register) -> str:
    """The first one with a header; else the first, whose missing header is then told."""
    for name in sheets:
        if find_header(table.read_rows(name, MOST_TITLE_ROWS), register.names) is not None:
            return name
    return sheets[0] if sheets else ""


def choose_sheet(actor: Actor, import_id: int, sheet: str, header_row: int | None) -> None:
    """Another sheet, or another line as the header; the columns are matched anew."""
    with unit_of_work():
        one = lock_import(actor, import_id, ImportState.COLUMNS, ImportState.READY)
        table = table_of(one)
        if sheet not in (one.sheets or [""]):
            raise fault("table.no_sheet", sheet=sheet)
        found = guess_columns(table, sheet, get_register(one.register), header_row)
        one.sheet, one.state = sheet, ImportState.COLUMNS
        one.header_row, one.headers, one.mapping = found


def choose_columns(actor: Actor | None, import_id: int, mapping: Sequence[str]) -> None:
    """Which column is which field, ``""`` for none; the comparing begins. Raises
    ``import.columns_missing``, ``import.columns_repeated``."""
    with unit_of_work() as work:
        one = lock_import(actor, import_id, ImportState.COLUMNS, ImportState.READY)
        register = get_register(one.register)
        chosen = [name if name in register.names else "" for name in mapping]
        chosen = [*chosen, *[""] * len(one.headers)][: len(one.headers)]
        repeated = [c.header for c in register.columns if chosen.count(c.field) > 1]
        if repeated:
            raise fault("import.columns_repeated", columns=repeated)
        if missing := [name for name in register.key_fields if name not in chosen]:
            columns = [register.header_of(name) for name in missing]
            raise fault("import.columns_missing", columns=columns)
        work.execute(delete(ImportRow).where(ImportRow.import_id == one.id))
        one.mapping, one.state = chosen, ImportState.COMPARING
        one.rows_done = one.rows_total = 0
        one.counts, one.report, one.beat_at = {}, {}, now()


def confirm(actor: Actor | None, import_id: int, *, is_partial: bool = False) -> None:
    """The writing begins. ``is_partial``: rows in error are left out, which somebody chose.
    Raises ``import.has_errors``, ``import.undecided``, ``import.nothing``."""
    with unit_of_work():
        one = lock_import(actor, import_id, ImportState.READY)
        counts = one.counts
        if counts["error"] and not is_partial:
            raise fault("import.has_errors", n=counts["error"])
        if counts["undecided"]:
            raise fault("import.undecided", n=counts["undecided"])
        if not counts["writes"]:
            raise fault("import.nothing")
        one.state, one.is_partial, one.report = ImportState.APPLYING, is_partial, {}
        one.confirmed_by, one.confirmed_at, one.beat_at = person_id_of(actor), now(), now()


def drop(actor: Actor, import_id: int) -> None:
    """Nothing of it is kept but that it was there."""
    waiting = (ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY, ImportState.FAILED)
    with unit_of_work() as work:
        one = lock_import(actor, import_id, *waiting)
        work.execute(delete(ImportRow).where(ImportRow.import_id == one.id))
        one.state, one.content = ImportState.DROPPED, None
        write_event(owner_of(actor), person_id_of(actor), "import.dropped", f"import:{one.id}")


def begin_undo(actor: Actor, import_id: int) -> None:
    """The taking back begins."""
    with unit_of_work():
        one = lock_import(actor, import_id, ImportState.DONE)
        one.state, one.undone_by = ImportState.UNDOING, person_id_of(actor)
        one.undone_at = one.beat_at = now()


def get_import(actor: Actor | None, import_id: int) -> Import:
    """Raises ``import.not_found``, also for another county's; ``access.denied`` as
    ``require_import``."""
    one = db.session.get(Import, import_id)
    if one is None or one.jurisdiction_id != owner_of(actor):
        raise fault("import.not_found")
    require_import(actor, get_register(one.register), one.made_by)
    return one


def lock_import(actor: Actor | None, import_id: int, *states: ImportState) -> Import:
    """Within a unit of work: nobody else moves it on meanwhile. Raises ``import.bad_state``."""
    query = select(Import).where(Import.id == import_id).with_for_update()
    one = db.session.scalar(query.execution_options(populate_existing=True))
    if one is None or one.jurisdiction_id != owner_of(actor):
        raise fault("import.not_found")
    require_import(actor, get_register(one.register), one.made_by)
    if one.state not in states:
        raise fault("import.bad_state")
    return one


def table_of(one: Import) -> TableFile:
    """The file itself, looked through when it came. Raises ``import.bad_state`` once it is gone."""
    if one.content is None:
        raise fault("import.bad_state")
    return TableFile(FileKind(one.file_kind), one.content)


def count_rows(import_id: int) -> dict[str, int]:
    """Rows by kind; ``undecided`` ask and wait, ``skipped`` were decided against, ``writes`` is
    what a confirmation would write."""
    query = (
        select(ImportRow.kind, ImportRow.has_asks, ImportRow.decision, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.kind, ImportRow.has_asks, ImportRow.decision)
    )
    names = [*map(str, RowKind), "asks", "undecided", "skipped", "writes"]
    counts = dict.fromkeys(names, 0)
    for kind, has_asks, decision, number in db.session.execute(query):
        counts[kind] += number
        counts["asks"] += number if has_asks else 0
        counts["undecided"] += number if has_asks and not decision else 0
        counts["skipped"] += number if decision == "skip" else 0
        if kind in (RowKind.NEW, RowKind.CHANGED) and decision != "skip":
            counts["writes"] += number
    return counts


def sample_of(one: Import) -> list[list[str]]:
    """The first lines below the header, as wide as it."""
    start = one.header_row + 1
    rows = table_of(one).read_rows(one.sheet, start + SAMPLE_ROWS)[start:]
    width = len(one.headers)
    return [[*row, *[""] * width][:width] for row in rows]

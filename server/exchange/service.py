"""Use cases of imports and exports, for pages, commands and other subjects; each lives in the file
of its name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from domain.access import Actor
from domain.errors import Fault, fault
from domain.tabular_headers import match_headers
from domain.tabular_rows import RowKind
from server.db import db, unit_of_work
from server.exchange import working
from server.exchange.abandoned import drop_abandoned
from server.exchange.deciding import decide
from server.exchange.importing import (
    begin_undo,
    choose_columns,
    choose_sheet,
    confirm,
    drop,
    get_import,
    receive_file,
    sample_of,
)
from server.exchange.keepers import list_writable
from server.exchange.listing import find_first_problem, list_imports, list_rows, list_warnings
from server.exchange.models import Import, ImportRow, ImportState
from server.exchange.registers import get_register
from server.exchange.running import look_after, start, wait, work_on
from server.exchange.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    build_error_file,
    build_export,
    build_table,
    build_template,
)
from server.registry.service import owner_of, take_turns

__all__ = [
    "CSV_TYPE",
    "XLSX_TYPE",
    "Import",
    "ImportRow",
    "ImportState",
    "RegisterImport",
    "begin_undo",
    "build_error_file",
    "build_export",
    "build_table",
    "build_template",
    "choose_columns",
    "choose_sheet",
    "confirm",
    "decide",
    "drop",
    "drop_abandoned",
    "get_import",
    "get_register",
    "import_file",
    "list_imports",
    "list_rows",
    "list_writable",
    "look_after",
    "receive_file",
    "sample_of",
    "start",
    "wait",
    "work_on",
]


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """How many rows were new, changed, or known already; ``warnings`` name what a person at a page
    would have been asked about."""

    kind: str
    created: int
    updated: int
    unchanged: int
    dry_run: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def imported(self) -> int:
        """Rows that change something."""
        return self.created + self.updated

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"imported": self.imported, **asdict(self)}


def import_file(
    kind: str, file_name: str, data: bytes, actor: Actor | None = None, *, dry_run: bool = False
) -> RegisterImport:
    """The whole way at once, in one transaction, for whoever has no page to look at: the file is
    taken whole, or the first cell that cannot be used is named (``plan.malformed``). A column
    nobody knows is refused; similar names and entries out of use are taken as the file has them.
    """
    session = db.session()
    register = get_register(kind)
    with unit_of_work(), session.begin_nested() as savepoint:
        take_turns(owner_of(actor))
        one = receive_file(actor, kind, file_name, data)
        for header, name in zip(one.headers, one.mapping, strict=True):
            if header and not name:
                is_known = match_headers([header], register.names) != [""]
                reason = "plan.repeated_column" if is_known else "plan.unknown_column"
                raise _malformed(one.header_row + 1, header, reason)
        choose_columns(actor, one.id, one.mapping)
        working.compare(actor, one.id)
        if refused := find_first_problem(one.id):
            row_no, problem = refused
            column = problem["column"] or "-"
            raise _malformed(row_no, column, problem["code"], **problem["details"])
        warnings = list_warnings(one.id)
        if warnings:
            decide(actor, one.id, None, "take")
        counts = one.counts
        found = RegisterImport(
            kind,
            counts[RowKind.NEW],
            counts[RowKind.CHANGED],
            counts[RowKind.UNCHANGED],
            dry_run,
            warnings,
        )
        if dry_run or not found.imported:
            savepoint.rollback()  # looking leaves no trace, and there is nothing to take back
        else:
            confirm(actor, one.id)
            working.apply(actor, one.id)
    return found


def _malformed(row: int, column: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=column, reason=reason, **details)

"""Tables: an import of a register from a file, and its rows as they were read and compared."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class ImportState(StrEnum):
    """COLUMNS waits for somebody to say which column is which, READY for the confirmation.
    COMPARING, APPLYING and UNDOING are at work. DROPPED and FAILED wrote nothing."""

    COLUMNS = "columns"
    COMPARING = "comparing"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"
    FAILED = "failed"


AT_WORK = frozenset({ImportState.COMPARING, ImportState.APPLYING, ImportState.UNDOING})


class Import(JurisdictionScoped, db.Model):
    """One file on its way into a register. ``content`` is kept while it may have to be read again,
    and not longer than ``abandoned`` says.

    ``mapping`` names the field of each column, ``""`` for one that is ignored; ``header_row`` is
    counted from 0. ``rows_done`` of ``rows_total`` lines below the header were compared.
    ``counts`` are rows by kind once they are known. ``beat_at`` is the worker's last sign of life.
    ``report`` says what an undo gave back and what it had to leave.
    """

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(String(200))
    file_kind: Mapped[str] = mapped_column(String(8))
    file_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sheets: Mapped[list[str]] = mapped_column(JSON, default=list)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    header_row: Mapped[int] = mapped_column(default=0)
    headers: Mapped[list[str]] = mapped_column(JSON, default=list)
    mapping: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(12), default=ImportState.COLUMNS)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    is_partial: Mapped[bool] = mapped_column(default=False)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def source(self) -> str:
        """How the history of the entries names it."""
        return f"import:{self.id}"


class ImportRow(JurisdictionScoped, db.Model):
    """One line of the file. ``row_no`` counts as a spreadsheet does. ``values`` are what it says by
    field, ``changes`` what that would change (field → [old, new]), ``problems`` why it cannot
    (``column``, ``code``, ``details``), ``asks`` what somebody has to decide (``what``: a similar
    name, an entry out of use). ``decision`` is ``""``, ``take`` or ``skip``."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "row_no"),
        Index("ix_import_rows_kind", "import_id", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row_no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    cells: Mapped[list[str]] = mapped_column(JSON)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    has_asks: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[str] = mapped_column(String(8), default="")
    was_stale: Mapped[bool] = mapped_column(default=False)
    entry_id: Mapped[int | None]

"""What somebody decides about rows that ask: taken as they are, left out, or the same entry as one
the register has under another key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from domain.access import Actor
from domain.errors import fault
from domain.tabular_rows import RowKind
from server.db import db, unit_of_work
from server.exchange.comparing import OUT_OF_USE, Comparison
from server.exchange.importing import count_rows, lock_import
from server.exchange.models import Import, ImportRow, ImportState
from server.exchange.registers import get_register
from server.registry import service as registry
from server.runtime import today

TAKE, SKIP, SAME = "take", "skip", "same"


def decide(
    actor: Actor | None,
    import_id: int,
    row_id: int | None,
    decision: str,
    entry_id: int | None = None,
) -> None:
    """``take`` or ``skip`` for one row that asks, or for all that are undecided; ``same`` for one
    row and the entry it is. Raises ``import.entry_twice`` where another row changes that entry."""
    if decision not in (TAKE, SKIP, SAME, "") or (decision == SAME and row_id is None):
        raise fault("request.bad_parameter", field="decision")
    with unit_of_work() as work:
        one = lock_import(actor, import_id, ImportState.READY)
        rows = (ImportRow.import_id == one.id, ImportRow.has_asks)
        if row_id is None:
            change = update(ImportRow).where(*rows, ImportRow.decision == "")
            work.execute(
                change.values(decision=decision),
                execution_options={"synchronize_session": False},
            )
        elif row := work.scalar(select(ImportRow).where(*rows, ImportRow.id == row_id)):
            if row.decision == SAME:
                _part(actor, one, row)
            if decision == SAME:
                _join(actor, one, row, entry_id)
            row.decision = decision
            work.flush()
        one.counts = count_rows(one.id)


def _join(actor: Actor | None, one: Import, row: ImportRow, entry_id: int | None) -> None:
    ask = next((ask for ask in row.asks if can_be_same(ask) and ask["entry"] == entry_id), None)
    if ask is None:
        raise fault("request.bad_parameter", field="entry")
    register = get_register(one.register)
    others = select(ImportRow.row_no).where(
        ImportRow.import_id == one.id,
        ImportRow.id != row.id,
        ImportRow.entry_id == entry_id,
        ImportRow.decision != SKIP,
        ImportRow.kind != RowKind.ERROR,
    )
    if (other := db.session.scalar(others.limit(1))) is not None:
        raise fault("import.entry_twice", row=other, name=ask["name"])
    found = registry.load_entries(actor, register.model, [ask["entry"]])
    fields = ["id", *register.fields]
    entries = [registry.plain_values(entry, fields) for entry in found.values()]
    comparison = Comparison(actor, register, one.mapping, today(), entries)
    _set(row, comparison.judge_as(row.cells, entries[0], ask))


def _part(actor: Actor | None, one: Import, row: ImportRow) -> None:
    """As it was before: a new entry that asks the same."""
    comparison = Comparison(actor, get_register(one.register), one.mapping, today(), [])
    judged = comparison.judge(row.row_no, row.cells)
    assert judged is not None  # a blank line was never stored
    _set(row, {name: judged[name] for name in ("kind", "values", "changes", "entry_id")})


def _set(row: ImportRow, judged: dict[str, Any]) -> None:
    for name, value in judged.items():
        setattr(row, name, value)


def can_be_same(ask: dict[str, Any]) -> bool:
    """Whether the row may be said to be the entry it asks about."""
    return "entry" in ask and ask["what"] != OUT_OF_USE

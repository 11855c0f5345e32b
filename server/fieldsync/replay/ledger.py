"""Whether the ledger still explains the state: everything on record is built again from the
beginning and compared with what the tables say (I11).

It reads with plain statements on one connection in one snapshot, so that it is right on a live
database under writes and on a backup's copy alike, for every county, one space in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from server.db import db
from server.fieldsync.replay.receipts import list_receipt_problems
from server.fieldsync.replay.rows import Stream, list_spaces, replay_space
from server.fieldsync.replay.sheets import list_sheet_problems

COUNTED = ("spaces", "ledger", "entities", "receipts", "proposals", "sheet_versions")


@dataclass(slots=True)
class LedgerReport:
    """``problems``: the first difference of each space and of each table beside the spaces, as
    lines that name place and fault. ``checked``: how many rows of which table were looked at."""

    problems: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)


def verify_ledger() -> list[str]:
    """The differences in the running application's database; empty when all agree."""
    return check_live_ledger().problems


def check_live_ledger() -> LedgerReport:
    """As ``check_ledger``, on the application's database; ends a transaction it finds open."""
    db.session.rollback()
    options = {}
    if db.engine.dialect.name == "postgresql":  # SQLite reads a snapshot anyway
        options = {"isolation_level": "REPEATABLE READ"}
    try:
        return check_ledger(db.session.connection(execution_options=options))
    finally:
        db.session.rollback()


def check_ledger(connection: Connection) -> LedgerReport:
    """Compares everything in the connection's snapshot; the connection must be in one transaction
    that sees a single moment."""
    stream = Stream(connection)
    report = LedgerReport()
    for name in COUNTED:
        report.checked[name] = (
            connection.scalar(select(func.count()).select_from(stream[name])) or 0
        )
    for space in list_spaces(stream):
        _keep_first(report, space.name, _space_problems(stream, space.name))
    _keep_first(report, "receipts", list_receipt_problems(stream))
    return report


def _space_problems(stream: Stream, space: str) -> Iterator[str]:
    rows: dict[str, dict[str, object]] = {}
    yield from replay_space(stream, space, rows)
    yield from list_sheet_problems(stream, space, rows)


def _keep_first(report: LedgerReport, place: str, problems: Iterator[str]) -> None:
    try:
        first = next(problems, None)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # What somebody wrote past us need not even have the shape of a row.
        first = f"{place}: a row cannot be read ({type(error).__name__}: {error})"
    if first is not None:
        report.problems.append(first)

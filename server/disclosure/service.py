"""Use cases: comparing the table of public results with its sources, and making it again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from server.audit.service import write_event
from server.db import db, unit_of_work
from server.disclosure.models import PublicResult
from server.disclosure.searching import count_by_task
from server.disclosure.writing import compare, find_row, refresh
from server.publication.records import list_published_sheets

__all__ = ["Checked", "catch_up", "check", "count_by_task", "rebuild"]
AT_ONCE = 200  # sheets in one transaction: nobody who wants to write waits longer


@dataclass(frozen=True, slots=True)
class Checked:
    """``results`` looked at, and the sheets whose row is not what its sources say."""

    results: int
    wrong: tuple[int, ...]


def check() -> Checked:
    """Compares every row with what it is made of; changes nothing."""
    known = {*list_published_sheets(), *db.session.scalars(select(PublicResult.sheet_id))}
    wrong = []
    for sheet_id in sorted(known):
        wrong += [sheet_id] if compare(sheet_id) else []
        db.session.expunge_all()
    return Checked(len(known), tuple(wrong))


def rebuild() -> Checked:
    """Makes the rows again that are wrong; answers what was found."""
    found = check()
    for at in range(0, len(found.wrong), AT_ONCE):
        with unit_of_work():
            some = found.wrong[at : at + AT_ONCE]
            refresh(some)
            rows = [row for one in some if (row := find_row(one)) is not None]
            for county, count in Counter(row.jurisdiction_id for row in rows).items():
                write_event(county, None, "results.rebuilt", "public_results", count=count)
    return found


def catch_up() -> None:
    """After an upgrade: what was published before the table was there."""
    if db.session.scalar(select(PublicResult.id).limit(1)) is None:
        rebuild()

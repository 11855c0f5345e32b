"""The working-day calendar without SQLAlchemy and Flask, whose import alone takes a second.

``server.deadlines.calendar`` is the same for everything that runs longer; a test holds the two
against each other.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from domain.calendar import DayKind, WorkCalendar
from server.cli.words import BadInput, _

FIRST_YEAR = 2018
DAYS = "SELECT day, kind FROM calendar_days"
YEARS = "SELECT year FROM calendar_years"


def read_calendar() -> WorkCalendar:
    """The database's calendar when there is one, the library's otherwise."""
    url = os.environ.get("SUICHA_DATABASE_URL", "")
    if url.startswith("postgresql"):
        return _from_postgresql(url.replace("postgresql+psycopg://", "postgresql://", 1))
    home = Path(os.environ.get("SUICHA_HOME") or "var").expanduser()
    path = Path(url.removeprefix("sqlite:///")) if url else home / "suicha.sqlite3"
    return (_from_sqlite(path) if path.is_file() else None) or library_calendar()


def library_calendar() -> WorkCalendar:
    """What the notices said, as far as ``chinesecalendar`` knows them."""
    from chinese_calendar import constants

    days = {day: DayKind.HOLIDAY for day in constants.holidays if day.year >= FIRST_YEAR}
    days |= {day: DayKind.MAKEUP for day in constants.workdays if day.year >= FIRST_YEAR}
    last = max(day.year for day in constants.holidays)
    return WorkCalendar.from_days(days, range(FIRST_YEAR, last + 1))


def _from_sqlite(path: Path) -> WorkCalendar | None:
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return _build(connection.execute(DAYS), connection.execute(YEARS))
        finally:
            connection.close()
    except sqlite3.Error as error:
        if "no such table" in str(error):
            return None
        raise BadInput("server.busy", _("数据库不可用：{reason}", reason=error)) from None


def _from_postgresql(url: str) -> WorkCalendar:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = _build(connection.execute(DAYS), connection.execute(YEARS))
    except psycopg.errors.UndefinedTable:
        found = None
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise BadInput("server.busy", _("数据库不可用：{reason}", reason=reason)) from None
    return found or library_calendar()


def _build(days: Iterable[Any], years: Iterable[Any]) -> WorkCalendar | None:
    kinds = {
        day if isinstance(day, date) else date.fromisoformat(day): DayKind(kind)
        for day, kind in days
    }
    known = [year for (year,) in years]
    return WorkCalendar.from_days(kinds, known) if known else None

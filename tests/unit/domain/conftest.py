"""Values every domain test may need; the data files are read by tests only, never by the domain."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.calendar import DayKind, WorkCalendar

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """The three notices in data/holidays.csv."""
    with (ROOT / "data" / "holidays.csv").open(encoding="utf-8") as file:
        days = {date.fromisoformat(r["date"]): DayKind(r["kind"]) for r in csv.DictReader(file)}
    return WorkCalendar.from_days(days, years=[2024, 2025, 2026])


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Any]:
    """Reads tests/vectors/<name>.json."""

    def read(name: str) -> Any:
        return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text("utf-8"))

    return read


@pytest.fixture(scope="session")
def data_folder() -> Path:
    return ROOT / "data"

"""One page of a long register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from server.db import db

ROWS_PER_PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """``rows`` of page ``number`` (from 1) out of ``total`` rows altogether."""

    rows: list[Row]
    number: int
    total: int
    size: int = ROWS_PER_PAGE

    @property
    def count(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.total // self.size))


def page_of(query: Select[tuple[Any]], number: int, size: int = ROWS_PER_PAGE) -> Page[Any]:
    """Runs a query for one page; a number beyond the end gives the last page."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    total = total or 0
    number = min(max(1, number), max(1, -(-total // size)))
    rows = list(db.session.scalars(query.limit(size).offset((number - 1) * size)))
    return Page(rows=rows, number=number, total=total, size=size)


def page_in(rows: Sequence[Row], number: int, size: int = ROWS_PER_PAGE) -> Page[Row]:
    """The same of rows that are here already."""
    number = min(max(1, number), max(1, -(-len(rows) // size)))
    start = (number - 1) * size
    return Page(list(rows[start : start + size]), number, len(rows), size)


def like_pattern(text: str) -> str:
    """``%text%`` with the pattern signs of the text itself made harmless (escape ``\\``)."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

"""A printed form as a value: cells with the rows and columns they span, so that page, workbook and
PDF lay out the same table. Forms that are handed in are Chinese, whoever prints them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """How a cell is set."""

    HEAD = "head"
    LABEL = "label"
    NUMBER = "number"
    TEXT = "text"
    STACKED = "stacked"  # one character below the other


@dataclass(frozen=True, slots=True)
class Cell:
    """`ref` names the number a cell shows (`joint/drawn`), empty for words; `hint` is what the form
    itself prints there, above what is filled in."""

    text: str
    look: Look = Look.LABEL
    rows: int = 1
    columns: int = 1
    ref: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """`subtitle` is the title's second line. `widths` in percent of the page; the
    first `head_rows` rows are repeated on each page. `above` and `below` stand outside of the ruled
    table, spread over its width."""

    title: str
    above: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    below: tuple[str, ...]
    head_rows: int = 1
    is_landscape: bool = False
    subtitle: str = ""


def place(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with the row and column of its upper left corner, from 0: a cell begins where
    those of the rows above leave room, as in HTML."""
    taken: set[tuple[int, int]] = set()
    for at, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (at, column) in taken:
                column += 1
            yield at, column, cell
            taken |= {
                (at + down, column + right)
                for down in range(cell.rows)
                for right in range(cell.columns)
            }
            column += cell.columns

"""What a document is made of, before anybody sets it: data only, so that PDF, Word file and page
say the same. Texts are plain; whoever writes them into a format escapes them for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ROOM = ""  # an empty value: room for a pen


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper; it stays with what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``is_addressed``: begins at the edge, as the line that names the reader does;
    ``at_end``: stands at the right, as a body's name and the date below a letter do."""

    text: str
    is_addressed: bool = False
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """Sentences counted 1, 2, 3."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, line by line; no line leaves room for a pen."""

    label: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A ruled table of labels and values, one or two facts to a row."""

    rows: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in percent of the table; ``is_merged``: one cell for a whole group of rows."""

    label: str
    width: int
    is_centred: bool = False
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in groups; a group stays on one page. The head is repeated on each page."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]

    @classmethod
    def of_rows(cls, columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]]) -> Table:
        """Each row is a group of its own."""
        return cls(columns, tuple((row,) for row in rows))


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with what it is for. ``is_aside``: at the right of what follows, where there is
    little room."""

    url: str
    lines: tuple[str, ...]
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, kept together, each with its date where ``has_dates``; else one date at the
    right below them all."""

    places: tuple[str, ...]
    has_dates: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A place that was signed: the strokes in a box of ``size`` as they were drawn, lines below."""

    place: str
    strokes: Sequence[Sequence[Sequence[int]]]
    size: tuple[int, int]
    lines: tuple[str, ...] = ()


Block = Heading | Paragraph | Numbered | Facts | Table | Code | Signatures | Signed


@dataclass(frozen=True, slots=True)
class Paper:
    """Under a title of one line or two; its pages are counted by themselves."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file: one paper, or several of a kind. ``name`` is the file's, without its ending."""

    name: str
    papers: tuple[Paper, ...]
    printed_on: date

"""What a run of operations has done so far, in memory: nothing is written until the run ends.

What an operation does is planned first and kept only when nothing can fail any more, so one that
fails half way leaves no trace. A group that breaks is undone by going back to a copy of the
``State``: the same that a savepoint does, without a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from server.fieldsync.effects import digest_after, dump_effect, entity_columns
from sync.cursor import Mark
from sync.messages.push_request import Offer
from sync.rows import EVIDENCE, Row


class NeedsCare(Exception):
    """This operation does more than rows and a receipt: it is taken the careful way."""


class LedgerLine(NamedTuple):
    """One effect to be written; ``effect`` as ``effects.dump_effect`` makes it."""

    space_seq: int
    op: str
    effect: list[dict[str, Any]]


class Effect(NamedTuple):
    """What an operation would do: the rows as they stand after it, their columns by id, its ledger
    line, and the space's digest afterwards."""

    rows: tuple[Row, ...]
    columns: dict[str, dict[str, Any]]
    line: LedgerLine
    digest: str


@dataclass(slots=True)
class NewReceipt:
    """A receipt to be written with the verdict it got. ``side_device`` marks a fork."""

    offer: Offer
    side_device: str | None
    verdict: dict[str, Any]
    is_chain_broken: bool = False


@dataclass(slots=True)
class State:
    """Everything an operation may change. ``last_seq`` and ``link`` are the phone's, ``counter``
    and ``digest`` the space's; ``rows`` hold what stands, None where there is nothing; ``marks``
    the type and number of rows that are there; ``changed`` the columns to be written, ``fresh`` the
    ids among them that are not stored yet."""

    last_seq: int
    link: str | None
    counter: int = 0
    digest: str = ""
    rows: dict[str, Row | None] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    ledger: list[LedgerLine] = field(default_factory=list)
    receipts: dict[str, NewReceipt] = field(default_factory=dict)
    broken: list[Offer] = field(default_factory=list)

    def copy(self) -> State:
        return State(
            self.last_seq,
            self.link,
            self.counter,
            self.digest,
            dict(self.rows),
            dict(self.marks),
            dict(self.changed),
            set(self.fresh),
            list(self.ledger),
            dict(self.receipts),
            list(self.broken),
        )

    def plan(self, op: str, rows: tuple[Row, ...], sheet_ids: Mapping[str, int]) -> Effect:
        """The rows as they stand after ``op``, under the space's next number (I13). Raises
        NeedsCare for a row that has a table of its own beside it. Changes nothing."""
        if not all(row.type in EVIDENCE for row in rows):
            raise NeedsCare
        seq = self.counter + 1
        return Effect(
            rows,
            {row.id: entity_columns(row, seq, sheet_ids) for row in rows},
            LedgerLine(seq, op, [dump_effect(row) for row in rows]),
            digest_after(self.digest, self.marks, rows, seq),
        )

    def keep(self, effect: Effect) -> int:
        """Makes it so; answers the number."""
        seq = effect.line.space_seq
        self.digest, self.counter = effect.digest, seq
        for row in effect.rows:
            if row.id not in self.marks:
                self.fresh.add(row.id)
            self.rows[row.id], self.marks[row.id] = row, Mark(row.type, row.id, seq)
        self.changed |= effect.columns
        self.ledger.append(effect.line)
        return seq

"""A host in memory: the ports of ``sync`` over dictionaries, with receipts, ledger and counter.

Small enough to be read as the protocol's second implementation; the database host is tested with
the same operations in tests/integration/fieldsync.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import Refused
from domain.results import Unmet
from sync.apply import Desk, apply_operation
from sync.canonical import Plain, dump_canonical
from sync.messages.operation import parse_operation
from sync.messages.push_request import build_offer
from sync.operation import Kind, Operation
from sync.order import Known, Turn, find_turn, takes_place
from sync.outcomes import Applied, Conflict, Outcome, RejectedLocked, status_of
from sync.rows import EVIDENCE, Author, Row

SPACE = "insp:42"
ITEMS = ["A", "B"]


@dataclass
class MemoryHost:
    """One inspection with sheet ``tr``. ``rows`` holds (row, seq); ``ledger`` every effect."""

    rows: dict[str, tuple[Row, int]] = field(default_factory=dict)
    counter: int = 0
    ledger: list[tuple[int, str, tuple[Row, ...]]] = field(default_factory=list)
    receipts: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    proposals: dict[str, Operation] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    held: dict[str, dict[int, tuple[Author, dict[str, Any]]]] = field(default_factory=dict)
    barred: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        sheet = {
            "lists": [{"list": "l@1", "items": ITEMS}],
            "state": "open",
            "entered": None,
            "results": {},
        }
        self._write("setup", (Row("sheet", "sheet:tr", sheet), Row("inspection", "inspection:42")))

    # ports

    name = SPACE

    def find_row(self, entity: str) -> Row | None:
        return self.rows[entity][0] if entity in self.rows else None

    def list_evidence(self, sheet: str) -> Sequence[Row]:
        return [r for r, _ in self.rows.values() if r.sheet == sheet and r.type in EVIDENCE]

    def has_bytes(self, sha256: str) -> bool:
        return False

    def check_value(self, sheet: str, item: str, value: Plain) -> Refused | None:
        return Refused("answer.bad_choice", {"item": item}) if value == "bad" else None

    def list_unmet(self, sheet: str, results: Mapping[str, int]) -> Sequence[Unmet]:
        siblings = [row.id for row in self.list_evidence(sheet) if row.is_open]
        return [Unmet("entry.conflict", {"entities": siblings})] if siblings else []

    def needs_acceptance(self) -> bool:
        return False

    def find_entered_digest(self, sheet: str) -> str | None:
        entered = self.rows["sheet:tr"][0].fields["entered"]
        return str(entered["digest"]) if isinstance(entered, dict) else None

    def due_of(self, ended_on: str) -> tuple[str | None, bool]:
        return None, False

    def end_bounds(self) -> tuple[str, str]:
        return "2026-03-01", "2026-03-05"

    def now(self) -> str:
        return "2026-03-04T01:00:00.000Z"

    # the host's part

    def push(self, device: str, author: Author, ops: Sequence[dict[str, Any]]) -> list[str]:
        """Statuses, in order; what comes too early is held and released when the gap closes."""
        return [self._take(device, author, op) for op in ops]

    def _take(self, device: str, author: Author, sent: dict[str, Any]) -> str:
        digest = build_offer(sent, "op").payload_sha256
        known = None
        if sent["op"] in self.receipts:
            stored, person, status = self.receipts[sent["op"]]
            known = Known(stored, person, status == "held")
        seq, last = sent["seq"], self.last.get(device, 0)
        turn = find_turn(seq, last, digest, author.id, known)
        if turn is Turn.REUSE:
            return "invalid"
        if turn is Turn.GAP or (turn is Turn.HELD and not takes_place(seq, last)):
            self.receipts[sent["op"]] = (digest, author.id, "held")
            self.held.setdefault(device, {})[seq] = (author, sent)
            return "held"
        if turn is not Turn.REPLAY:
            outcome = self._judge(author, parse_operation(sent, "op"))
            self.receipts[sent["op"]] = (digest, author.id, status_of(outcome))
        if takes_place(seq, last):
            self.last[device] = seq
            self.held.get(device, {}).pop(seq, None)
            self._release(device)
        return self.receipts[sent["op"]][2]

    def _release(self, device: str) -> None:
        waiting = self.held.get(device, {}).pop(self.last[device] + 1, None)
        if waiting is not None:
            self._take(device, *waiting)

    def may(self, kind: Kind, sheet: str) -> bool:
        return self._author.id not in self.barred

    def _judge(self, author: Author, operation: Operation) -> Outcome:
        self._author = author
        outcome = apply_operation(operation, Desk(self, self, self, author))
        assert operation.op not in self.outcomes, "judged twice (I2)"
        self.outcomes[operation.op] = outcome
        if isinstance(outcome, Applied | Conflict) and outcome.rows:
            self._write(operation.op, outcome.rows)
        if isinstance(outcome, RejectedLocked) or status_of(outcome) == "forbidden":
            assert operation.op not in self.proposals
            self.proposals[operation.op] = operation
        return outcome

    def _write(self, op: str, rows: tuple[Row, ...]) -> None:
        self.counter += 1
        self.ledger.append((self.counter, op, rows))
        for row in rows:
            self.rows[row.id] = (row, self.counter)

    def lock(self) -> None:
        """Enters the sheet as it stands, as an office op would."""
        row = self.rows["sheet:tr"][0]
        entered: dict[str, Plain] = {
            "by": {"id": 1, "name": "x"}, "op": "lock", "at": "t", "version": 1, "digest": "d",
        }  # fmt: skip
        fields = {**row.fields, "state": "entered", "entered": entered}
        self._write("lock", (Row("sheet", row.id, fields, row.heads),))

    def state(self) -> str:
        """Everything a phone could pull, as text."""
        return dump_canonical(
            {
                key: {
                    "seq": seq,
                    "fields": dict(row.fields),
                    "heads": dict(row.heads),
                    "siblings": [one.as_plain() for one in row.siblings],
                    "gone": row.gone,
                }
                for key, (row, seq) in sorted(self.rows.items())
            }
        )

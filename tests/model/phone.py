"""The phone as docs/protocol parts 4 and 5 describe it, without a browser: what it keeps, what it
offers, what it does with each answer. Variants that break a rule are in ``broken_phones``."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from sync.cursor import Mark, digest_space
from tests.model.breach import Breach
from tests.model.kept import Asked, Entry, Json, Kept, read_json

SETTLED = ("applied", "merged")
SITE = timezone(timedelta(hours=8))


class Phone:
    """``marks`` answers how far a verified backup covers a device (docs/protocol part 5)."""

    def __init__(
        self, name: str, person: int, space: str, new_id: Callable[[str], str],
        marks: Callable[[str], int], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.name, self.person, self.space = name, person, space
        self.new_id, self.marks, self.clock = new_id, marks, clock
        self.clock_days = 0
        self.kept = Kept(device=new_id("dev"))
        self.kept.cursor[self.user_space] = 0
        self.offer_from: int | None = None
        self.tickets = self.heard = 0
        self.late: list[tuple[Asked, bytes]] = []

    @property
    def user_space(self) -> str:
        return f"user:{self.person}"

    # Making

    def now(self) -> str:
        """The phone's own clock, which may be wrong by a year."""
        at = self.clock() + timedelta(days=self.clock_days)
        return at.astimezone(SITE).isoformat(timespec="milliseconds")

    def make(self, kind: str, entity: str, fields: Json, **more: Any) -> Json:
        """Number, operation and visible state are one transaction."""
        kept = self.kept
        kept.seq += 1
        op = {
            "op": self.new_id("op"), "seq": kept.seq, "kind": kind, "v": 1, "space": self.space,
            "entity": entity, "fields": fields, "base": {}, "at": self.now(), **more,
        }  # fmt: skip
        kept.outbox[kept.seq] = Entry(op)
        return op

    def rows_here(self) -> dict[str, Json]:
        return self.kept.rows.get(self.space, {})

    def shown(self, entity: str) -> Json | None:
        row = self.rows_here().get(entity)
        return None if row is None or row.get("gone") else row

    def heads_seen(self, entity: str, names: Iterable[str], subject: str = "") -> Json:
        """The heads an edit made now builds on: own pending work over the pulled row."""
        row = self.rows_here().get(subject or entity)
        heads = {name: (row["heads"].get(name) if row else None) for name in names}
        for entry in self.in_order():
            op = entry.op
            is_set = op["kind"] == "answer.set" and op["entity"] == entity
            if is_set and self._is_overlaid(entry, row):
                heads |= {name: op["op"] for name in heads if name in op["fields"]}
        return heads

    @staticmethod
    def _is_overlaid(entry: Entry, row: Json | None) -> bool:
        status = entry.result["status"] if entry.result else "held"
        if status == "held":
            return True
        seq = entry.result.get("space_seq") if entry.result else None
        return status == "applied" and seq is not None and (row["seq"] if row else 0) < seq

    def set_answer(self, entity: str, fields: Json, **more: Any) -> Json:
        base = self.heads_seen(entity, fields)
        return self.make("answer.set", entity, fields, base=base, **more)

    def in_order(self) -> list[Entry]:
        return [entry for _, entry in sorted(self.kept.outbox.items())]

    # Pushing

    def list_to_send(self, count: int = 50) -> list[Entry]:
        """Unanswered and held ones; after a gap everything from where the server misses one."""
        found = []
        for entry in self.in_order():
            is_open = entry.result is None or entry.result["status"] == "held"
            wanted = is_open if self.offer_from is None else entry.op["seq"] >= self.offer_from
            if wanted:
                found.append(entry)
        if not found and self.offer_from is not None:
            self.offer_from = None
            return self.list_to_send(count)
        return found[:count]

    def envelope(self, entries: list[Entry]) -> bytes:
        body = {
            "proto": 1, "app": "1.0.0", "schema": 1, "device": self.kept.device,
            "epoch": self.kept.epoch, "session": "b71c", "sent_at": self.now(), "mono_ms": 1,
            "ops": [entry.op for entry in entries],
        }  # fmt: skip
        return json.dumps(body).encode()

    def hear_push(self, device: str, epoch: str, status: int, raw: bytes) -> None:
        """The answer to a push of ``device`` in ``epoch``; half an answer is none."""
        answer = read_json(raw)
        if answer is None or device != self.kept.device or epoch != self.kept.epoch:
            return
        if status == 409:
            self._repair(answer["error"]["code"], answer["error"]["details"])
        elif status == 200:
            if answer["epoch"] != self.kept.epoch:
                return
            by_op = {entry.op["op"]: entry for entry in self.kept.outbox.values()}
            for result in answer["results"]:
                if result["op"] in by_op:
                    by_op[result["op"]].result = result
            self._learn(answer["device"])
            told = [by_op[r["op"]].op["seq"] for r in answer["results"] if r["op"] in by_op]
            if self.offer_from is not None and told:
                self.offer_from = max(told) + 1
                if self.offer_from > self.kept.seq:
                    self.offer_from = None
            if answer["fork"]:
                self.rename()

    def _repair(self, code: str, details: Json) -> None:
        if code == "sync.epoch_changed":
            self.change_epoch(details["epoch"])
        elif code == "sync.sequence_gap":
            for seq in range(details["expect"], self.kept.seq + 1):
                if seq not in self.kept.outbox:
                    self._report_lost(seq)
            self.offer_from = details["expect"]

    def _report_lost(self, seq: int) -> None:
        op = {
            "op": self.new_id("op"), "seq": seq, "kind": "device.lost", "v": 1,
            "space": self.user_space, "entity": f"device:{self.kept.device}",
            "fields": {"seq": seq}, "base": {}, "at": self.now(),
        }  # fmt: skip
        self.kept.outbox[seq] = Entry(op)

    def _learn(self, device: Json) -> None:
        self.kept.durable = min(int(device["durable_seq"]), self.marks(self.kept.device))

    def rename(self) -> None:
        """Another device id; what is held is numbered from 1, keeps its ids, is offered again."""
        entries = self.in_order()
        self.kept.outbox = {
            seq: Entry({**entry.op, "seq": seq}, None, entry.is_dismissed)
            for seq, entry in enumerate(entries, 1)
        }
        self.kept.device, self.kept.seq = self.new_id("dev"), len(entries)
        self.kept.durable, self.offer_from = 0, None

    def change_epoch(self, epoch: str) -> None:
        """Another history: read everything again, offer everything again."""
        kept = self.kept
        kept.epoch, kept.durable, self.offer_from = epoch, 0, None
        for entry in kept.outbox.values():
            entry.result = None
        for space in kept.cursor:
            kept.cursor[space], kept.fresh[space] = 0, set()

    # Pulling

    def ask(self, limit: int) -> Asked:
        self.tickets += 1
        kept = self.kept
        body = {
            "device": kept.device, "epoch": kept.epoch, "schema": 1, "spaces": kept.cursor,
            "limit": limit,
        }  # fmt: skip
        raw = json.dumps(body).encode()
        return Asked(raw, kept.device, kept.epoch, dict(kept.cursor), self.tickets)

    def hear_pull(self, asked: Asked, status: int, raw: bytes, *, killed: bool = False) -> bool:
        """Whether there is more to ask at once. ``killed``: the app dies while it stores."""
        answer = read_json(raw)
        if answer is None or status != 200 or not self.is_current(asked):
            return False
        self.heard = asked.ticket
        if answer["epoch"] != self.kept.epoch:
            self.change_epoch(answer["epoch"])
            return True
        self._learn(answer["device"])
        for one in answer["left"]:
            self.forget(one["space"])
        new = [space for space in answer["scope"] if space not in self.kept.cursor]
        for space in new:
            self.kept.cursor[space], self.kept.fresh[space] = 0, set()
        more = bool(new)
        for space, page in answer["pages"].items():
            if space in asked.cursor and space in self.kept.cursor:
                self.store_page(space, page, killed=killed)
                if killed:
                    return False
                more = more or page["more"]
        return more

    def is_current(self, asked: Asked) -> bool:
        """A late answer, or one for another device or history, is none (F6, I14)."""
        is_same = asked.device == self.kept.device and asked.epoch == self.kept.epoch
        return is_same and asked.ticket > self.heard

    def store_page(self, space: str, page: Json, *, killed: bool) -> None:
        """Rows and cursor in one transaction: dying in it leaves both as they were."""
        if killed:
            return
        self.store_cursor(space, page)
        self.store_rows(space, page)

    def store_cursor(self, space: str, page: Json) -> None:
        kept = self.kept
        if page["from"] == 0 and kept.cursor[space] != 0:
            kept.fresh[space] = set()
        elif page["to"] < kept.cursor[space]:
            raise Breach("I14", f"{self.name} {space}: cursor {kept.cursor[space]} → {page['to']}")
        kept.cursor[space] = page["to"]

    def store_rows(self, space: str, page: Json) -> None:
        rows = self.kept.rows.setdefault(space, {})
        fresh = self.kept.fresh.get(space)
        for row in page["rows"]:
            before = rows.get(row["id"])
            if before and before["epoch"] == self.kept.epoch and before["seq"] > row["seq"]:
                raise Breach("I14", f"{self.name} {row['id']}: {before['seq']} → {row['seq']}")
            rows[row["id"]] = {**row, "epoch": self.kept.epoch}
            if fresh is not None:
                fresh.add(row["id"])
        if page["more"]:
            return
        if fresh is not None:  # the round is complete: what it did not bring is no more
            self.kept.rows[space] = rows = {i: row for i, row in rows.items() if i in fresh}
            self.kept.fresh.pop(space)
        digest = digest_space(Mark(row["t"], row["id"], row["seq"]) for row in rows.values())
        if digest != page["digest"]:
            raise Breach("I6", f"{self.name} {space}: rows up to {page['to']} are not the server's")

    def forget(self, space: str) -> None:
        """Taken off a team: pulled rows go, the outbox stays (I17)."""
        for store in (self.kept.rows, self.kept.cursor, self.kept.fresh):
            store.pop(space, None)

    # Letting go

    def prune(self) -> None:
        """Drops what a verified backup covers, is answered, and was shown (part 5, I20)."""
        for seq, entry in list(self.kept.outbox.items()):
            if self.may_drop(seq, entry):
                del self.kept.outbox[seq]

    def may_drop(self, seq: int, entry: Entry) -> bool:
        result = entry.result
        if result is None or result["status"] == "held" or seq > self.kept.durable:
            return False
        if result["status"] in SETTLED:
            cursor = self.kept.cursor.get(entry.op["space"])
            return cursor is None or cursor >= result.get("space_seq", 0)
        proposal = result.get("proposal")
        is_shown = proposal is None or f"proposal:{proposal}" in self.kept.rows.get(
            self.user_space, {}
        )
        return entry.is_dismissed and is_shown

    def dismiss(self) -> None:
        """The person has looked at everything that was refused."""
        for entry in self.kept.outbox.values():
            entry.is_dismissed = entry.is_dismissed or entry.result is not None

    # What happens to phones

    def snapshot(self) -> Kept:
        return copy.deepcopy(self.kept)

    def put_back(self, kept: Kept) -> None:
        """A restored or cloned phone: everything is as it was then, and nobody told it."""
        self.kept = copy.deepcopy(kept)
        self.offer_from, self.late = None, []
        self.heard = self.tickets

    def held_ids(self) -> set[str]:
        return {entry.op["op"] for entry in self.kept.outbox.values()}

"""One run: three phones and perhaps a clone, the server, the network between them, and the book of
what was made, told and destroyed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from tests.model.breach import Breach, Crash
from tests.model.house import PEOPLE, House
from tests.model.kept import Entry, Json, Kept, read_json
from tests.model.phone import Phone
from tests.model.witness import Witness

MAX_ROUNDS = 16
PREFIX = {"op": "01950000", "sig": "01950001"}


@dataclass(frozen=True)
class Sent:
    """A push as it went over the wire; a proxy may send it again hours later (F5, F9)."""

    name: str
    device: str
    epoch: str
    body: bytes
    ops: tuple[str, ...]


@dataclass(frozen=True)
class Backup:
    """A verified backup: the database, and how far it covers each phone."""

    copy: object
    marks: dict[str, int]


class World:
    """``made`` are all operations ever stored on a phone, ``dropped`` those that an event on record
    destroyed there, ``told`` the answers by epoch and operation."""

    def __init__(
        self, house: House, phone_class: type[Phone] = Phone, stage: str = "fresh"
    ) -> None:
        self.house = house
        house.reset(stage)
        self._count: dict[str, int] = defaultdict(int)
        self.backup: Backup | None = None
        self.witness = Witness(house)
        self.made: dict[str, Json] = {}
        self.dropped: dict[str, str] = {}
        self.told: dict[tuple[str, str], Json] = {}
        self.flying: list[Sent] = []
        self.phone_class = phone_class
        self.phones = [self._new_phone(name) for name in PEOPLE]
        for phone, kept in zip(self.phones, house.begun.get(stage, ()), strict=False):
            phone.put_back(kept)

    def _new_phone(self, name: str) -> Phone:
        field = self.house.field
        phone = self.phone_class(
            name, field.people[name], field.space, self.new_id, self.mark_of, self.house.clock
        )
        phone.kept.epoch = field.epoch
        return phone

    def new_id(self, kind: str) -> str:
        """Ids in a fixed order, so that a run can be repeated."""
        self._count[kind] += 1
        if kind == "dev":
            return f"dev_model_{self._count[kind]}"
        return f"{PREFIX[kind]}-0000-7000-8000-{self._count[kind]:012d}"

    def mark_of(self, device: str) -> int:
        return self.backup.marks.get(device, 0) if self.backup else 0

    def is_revoked(self, phone: Phone) -> bool:
        """A phone stopped, under whatever name it goes by: a clone shares its sign-in."""
        self.witness.look()
        return phone.person in self.witness.revoked

    def look(self) -> None:
        """After every step."""
        self._note_made()
        self.witness.look()

    def _note_made(self) -> None:
        for phone in self.phones:
            for entry in phone.kept.outbox.values():
                self.made.setdefault(entry.op["op"], entry.op)

    # The wire

    def send_push(self, sent: Sent) -> tuple[int, bytes]:
        status, raw = self.house.send(sent.name, "/sync/push", sent.body)
        answer = read_json(raw)
        code = answer.get("error", {}).get("code") if answer else None
        if status == 409 and code in ("sync.epoch_changed", "sync.sequence_gap"):
            if code == "sync.sequence_gap":
                self._check_received(sent)
            return status, raw
        if status != 200 or answer is None:
            raise Breach("I12", f"push was answered {status} {raw[:300]!r}")
        self._check_received(sent)
        for result in answer["results"]:
            self._check_told(answer["epoch"], result)
        return status, raw

    def _check_received(self, sent: Sent) -> None:
        self.witness.look()
        missing = [op for op in sent.ops if op not in self.witness.receipts]
        if missing:
            raise Breach("I15", f"the body was read, {missing} have no receipt")

    def _check_told(self, epoch: str, result: Json) -> None:
        said = {key: result.get(key) for key in ("status", "space_seq", "proposal", "bytes")}
        before = self.told.get((epoch, result["op"]))
        if before is not None and before["status"] != "held" and before != said:
            raise Breach("I21", f"{result['op']} was told {before}, now {said}")
        self.told[epoch, result["op"]] = said

    def push(
        self, phone: Phone, entries: list[Entry], *, crash_at: int | None = None,
        answer: Callable[[bytes], bytes | None] = lambda raw: raw, copies: int = 1,
        arrives: bool = True, is_contact: bool = False,
    ) -> None:  # fmt: skip
        """Offers the entries. ``answer`` is what comes back of the answer, None for nothing."""
        if not entries and not is_contact:
            return
        self._note_made()
        sent = Sent(
            phone.name, phone.kept.device, phone.kept.epoch, phone.envelope(entries),
            tuple(entry.op["op"] for entry in entries),
        )  # fmt: skip
        self.flying.append(sent)
        del self.flying[:-12]
        if not arrives:
            return
        dying = self.house.crashing_at(crash_at) if crash_at is not None else nullcontext()
        try:
            with dying:
                for _ in range(copies):
                    status, raw = self.send_push(sent)
        except Crash:
            return
        heard = answer(raw)
        if heard is not None:
            phone.hear_push(sent.device, sent.epoch, status, heard)

    def pull(self, phone: Phone, limit: int = 500, *, killed: bool = False) -> bool:
        """Whether there is more to ask."""
        asked = phone.ask(limit)
        status, raw = self.send_pull(phone, asked.body)
        if status == 403:  # may not read: an empty push still tells it of a new epoch
            self.push(phone, [], is_contact=True)
            return False
        return phone.hear_pull(asked, status, raw, killed=killed)

    def send_pull(self, phone: Phone, body: bytes) -> tuple[int, bytes]:
        status, raw = self.house.send(phone.name, "/sync/pull", body)
        if status != 200 and not (status == 403 and self.is_revoked(phone)):
            raise Breach("I12", f"pull was answered {status} {raw[:300]!r}")
        return status, raw

    def sync(self, phone: Phone) -> None:
        """Rounds over a good network until everything is offered and read: a pull may bring a new
        epoch, and with it everything is to be offered again."""
        epoch = ""
        while epoch != phone.kept.epoch:
            epoch = phone.kept.epoch
            self._round(phone)

    def _round(self, phone: Phone) -> None:
        for _ in range(MAX_ROUNDS):
            device, entries = phone.kept.device, phone.list_to_send()
            self.push(phone, entries)
            if phone.kept.device == device and phone.offer_from is None and _is_quiet(entries):
                break
        else:
            raise Breach("I12", f"the queue of {phone.name} does not drain: {_still(phone)}")
        for _ in range(400):
            if not self.pull(phone):
                break
        else:
            raise Breach("I12", f"{phone.name} pulls without end")
        phone.prune()

    # What happens to phones and to the server

    def put_back(self, phone: Phone, kept: Kept) -> None:
        """A phone restored from an older copy forgets what it made since."""
        held = phone.held_ids()
        self.look()
        phone.put_back(kept)
        self._destroy(held - phone.held_ids(), "the phone was restored")

    def evict(self, phone: Phone, seq: int) -> None:
        """The browser throws one operation away."""
        self.look()
        op = phone.kept.outbox.pop(seq).op["op"]
        self._destroy({op}, "the phone's storage lost it")

    def _destroy(self, ops: set[str], event: str) -> None:
        for op in ops:
            if not any(op in phone.held_ids() for phone in self.phones):
                self.dropped[op] = event

    def clone(self, phone: Phone) -> None:
        """A second phone with the same identity (F16)."""
        twin = self._new_phone(phone.name)
        twin.put_back(phone.kept)
        self.phones.append(twin)

    def back_up(self) -> None:
        """A verified backup covers each phone as far as everything is decided in it."""
        self.witness.look()
        marks = dict(self.witness.numbers)
        for one in self.witness.receipts.values():
            if one.status == "held" and one.device in marks:
                marks[one.device] = min(marks[one.device], one.seq - 1)
        self.backup = Backup(self.house.store.save(), marks)

    def restore_server(self) -> None:
        """Last night's backup comes back (F29)."""
        if self.backup is None:
            return
        self.house.restore(self.backup.copy)
        self.witness.restart()


def _is_quiet(entries: list[Entry]) -> bool:
    return all(entry.result and entry.result["status"] != "held" for entry in entries)


def _still(phone: Phone) -> str:
    found: list[Any] = [[e.op["seq"], e.op["kind"], e.result] for e in phone.list_to_send()]
    return json.dumps([phone.kept.device, phone.offer_from, *found], ensure_ascii=False)

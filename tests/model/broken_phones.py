"""Phones that break one rule of docs/protocol each. The machine must notice every one."""

from __future__ import annotations

from tests.model.kept import Asked, Entry, Json
from tests.model.phone import Phone


class PrunesOnAnswer(Phone):
    """Lets an operation go as soon as it is answered, backup or not (part 5, I16, I20)."""

    def may_drop(self, seq: int, entry: Entry) -> bool:
        return entry.result is not None and entry.result["status"] != "held"


class DequeuesFirst(Phone):
    """Takes operations out of the outbox to send them, and puts them back when it hears."""

    def envelope(self, entries: list[Entry]) -> bytes:
        body = super().envelope(entries)
        self.under_way = {entry.op["seq"]: entry for entry in entries}
        for seq in self.under_way:
            del self.kept.outbox[seq]
        return body

    def hear_push(self, device: str, epoch: str, status: int, raw: bytes) -> None:
        self.kept.outbox |= self.under_way
        super().hear_push(device, epoch, status, raw)


class StoresCursorFirst(Phone):
    """Two transactions where one is needed: dying between them skips the rows (part 4)."""

    def store_page(self, space: str, page: Json, *, killed: bool) -> None:
        self.store_cursor(space, page)
        if not killed:
            self.store_rows(space, page)


class TakesLateAnswers(Phone):
    """Stores whatever pull answer comes, in the order in which it comes (F6)."""

    def is_current(self, asked: Asked) -> bool:
        return asked.device == self.kept.device and asked.epoch == self.kept.epoch


class DropsWorkWithSpace(Phone):
    """Throws the outbox of a space away with its rows when the team changes (I17)."""

    def forget(self, space: str) -> None:
        super().forget(space)
        for seq, entry in list(self.kept.outbox.items()):
            if entry.op["space"] == space:
                del self.kept.outbox[seq]

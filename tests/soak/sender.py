"""A phone that sends: pushes, pulls and uploads over a line that may fail at any moment."""

from __future__ import annotations

import random
import threading
import uuid
from datetime import UTC, datetime
from typing import Self

from tests.model.kept import Asked
from tests.model.phone import Phone
from tests.soak.book import Book
from tests.soak.county import Crew
from tests.soak.line import Answer, Line, Photo, read_answer


class Sender:
    """One phone and its line, used by one thread at a time. ``role`` is wang or li (tr), zhao (mr)
    or lead; ``seed`` decides everything it draws."""

    def __init__(self, crew: Crew, role: str, port: int, book: Book, seed: str) -> None:
        self.crew, self.role, self.book, self.seed = crew, role, book, seed
        self.chance = random.Random(seed)
        self.sheet = "mr" if role == "zhao" else "tr"
        self.phone = Phone(
            role, crew.field.people[role], crew.spaces[0], self._new_id, book.mark_of,
            lambda: datetime.now(UTC),
        )  # fmt: skip
        self.line = Line(port, f"{role}{crew.suffix}", self.phone.kept.device, self.chance)
        self.batch = 50
        self.late: list[tuple[Asked, Answer]] = []
        self.busy = threading.Lock()  # held while it acts: a clone is taken in between

    def _new_id(self, kind: str) -> str:
        made = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        if kind == "op":
            self.book.made(made)
        return f"dev_soak_{made[:13]}" if kind == "dev" else made

    def clone(self, port: int) -> Self:
        """A second phone with the same identity and content (F16)."""
        twin = type(self)(self.crew, self.role, port, self.book, f"{self.seed} twin")
        twin.phone.put_back(self.phone.kept)
        twin.line.photos = {sha: Photo(one.op, one.data) for sha, one in self.line.photos.items()}
        return twin

    def round(self) -> None:
        """Push, pull, photos: each may fail, and nothing depends on its success."""
        self.line.device = self.phone.kept.device
        if not self.phone.kept.epoch:
            if not self.line.sign_in():
                return
            self.phone.kept.epoch = self.line.epoch
        epoch = self.phone.kept.epoch
        self._push()
        self._pull()
        if self.phone.kept.epoch != epoch:  # another history may lack the photos it stored
            for photo in self.line.photos.values():
                photo.url, photo.is_done = "", False
        waiting = self.list_waiting_photos()
        for sha256 in self.chance.sample(waiting, min(3, len(waiting))):
            self.line.send_chunk(sha256)

    def _push(self) -> None:
        entries = self.phone.list_to_send(self.batch)
        if not entries:
            return
        device, epoch = self.phone.kept.device, self.phone.kept.epoch
        answer = self.line.post("/api/v1/sync/push", self.phone.envelope(entries))
        if answer is None:
            return
        is_too_large = answer.status in (408, 413)
        self.batch = max(1, self.batch // 2) if is_too_large else min(50, self.batch * 2)
        self.phone.hear_push(device, epoch, answer.status, answer.body)

    def _pull(self) -> None:
        for _ in range(20):
            asked = self.phone.ask(self.chance.choice((3, 20, 500)))
            answer = self.line.post("/api/v1/sync/pull", asked.body)
            if answer is None or read_answer(answer) is None:
                return
            self.late = [*self.late[-3:], (asked, answer)]
            more = self.phone.hear_pull(asked, answer.status, answer.body)
            if self.chance.random() < 0.1:  # an older answer arrives after all (F6)
                old, late = self.chance.choice(self.late)
                self.phone.hear_pull(old, late.status, late.body)
            if not more:
                return

    def list_waiting_photos(self) -> list[str]:
        """Bytes whose operation the server knows and which are not stored yet."""
        told = {entry.op["op"] for entry in self.phone.in_order() if entry.result is None}
        return [
            sha for sha, one in self.line.photos.items() if not one.is_done and one.op not in told
        ]

    def is_quiet(self) -> bool:
        """Nothing left to send, as far as this phone knows."""
        entries = self.phone.list_to_send()
        is_told = all(one.result and one.result["status"] != "held" for one in entries)
        return is_told and self.phone.offer_from is None and not self.list_waiting_photos()

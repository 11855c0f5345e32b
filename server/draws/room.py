"""Lookup: the draw's room for people: what is on record, what comes next, where it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import ceremony as rules
from server.draws.ceremony import current_step, plain_seed_of
from server.draws.models import Draw
from server.draws.parties import parties_of
from server.kit.qr import QrCode, qr_code
from server.runtime import site_url


@dataclass(frozen=True, slots=True)
class Roll:
    """One roll as it was entered. ``number`` counts all, struck ones too."""

    number: int
    value: int
    at: datetime
    is_struck: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Room:
    """``seed`` is the plain seed as far as it is known; ``has_seed`` says that it is complete."""

    step: int
    told: dict[str, Any]
    rolls: tuple[Roll, ...]
    needed: int
    left: int
    has_begun: bool
    has_seed: bool
    seed: str
    departments: tuple[tuple[str, str], ...]
    public_url: str
    qr: QrCode

    @property
    def lottery(self) -> dict[str, Any]:
        """The public lottery, empty where none was named."""
        return dict(self.told.get("lottery") or {})

    @property
    def source(self) -> str:
        """``dice``, ``lottery``, or empty while nothing was begun."""
        return str(self.told.get("source", ""))

    @property
    def is_closed(self) -> bool:
        """Whether the witness has agreed to the rolls."""
        return bool(self.told.get("closed_at"))

    def instant(self, name: str) -> datetime | None:
        """A time of ``told``."""
        text = self.told.get(name)
        return datetime.fromisoformat(text) if text else None


def room_of(draw: Draw) -> Room:
    """Inside a request: the public address is the one this page was asked at."""
    told = dict(draw.ceremony or {})
    url = f"{site_url()}/public/draws/{draw.public_id}"
    return Room(
        step=current_step(draw),
        told=told,
        rolls=tuple(_roll(number, one) for number, one in enumerate(told.get("rolls", ()), 1)),
        needed=int(told.get("needed", rules.DEFAULT_ROLLS)),
        left=rules.rolls_left(told),
        has_begun=rules.has_begun(told),
        has_seed=rules.has_seed(told),
        seed=draw.seed or plain_seed_of(draw),
        departments=tuple((one.code, one.name) for one in parties_of(draw.task).departments),
        public_url=url,
        qr=qr_code(url),
    )


def _roll(number: int, one: dict[str, Any]) -> Roll:
    struck = one.get("struck") or {}
    return Roll(
        number, one["value"], datetime.fromisoformat(one["at"]), bool(struck),
        struck.get("reason", ""),
    )  # fmt: skip

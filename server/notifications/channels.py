"""What the ways out of the house have in common: a message, and what came of sending it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.reminders import Channel
from server.i18n import LOCALES, in_language
from server.i18n import translate as _

INBOX = "/inbox"


@dataclass(frozen=True, slots=True)
class Address:
    """Of one subscribed browser, with the keys only it can read with (RFC 8291)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one place of one person. ``id`` is its own for good: a receiver that gets it
    twice can tell. ``counts`` are numbers by kind; nothing else leaves. ``browser``: where a push
    goes, as it was when the message was taken; None where that browser is known no more."""

    id: str
    person_id: int
    account: str
    locale: str
    place: str
    counts: Mapping[str, int]
    browser: Address | None = None

    @property
    def text(self) -> str:
        """``您有 3 件事项临近期限``, in the person's language."""
        with in_language(self.locale):
            return say_counts(self.counts)

    @property
    def lang(self) -> str:
        """For the browser that shows it."""
        return LOCALES.get(self.locale, "zh-CN")

    @property
    def is_urgent(self) -> bool:
        """Whether something is overdue or due today."""
        return bool(self.counts.get("overdue") or self.counts.get("due"))


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The place takes nothing any more and is to be forgotten."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It has certainly not been taken; again after ``seconds``, or when the sender thinks fit."""

    note: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It has not been taken and will not be."""

    note: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: never again."""

    note: str


Outcome = Sent | Gone | Later | Refused | Unknown


class Way(Protocol):
    """A channel. ``map_places`` answers where each of these people can be reached by it, without
    those who cannot; ``send`` is called outside any transaction and does not raise for what the
    network or the other side does; ``at_once``: how many may be sent side by side, each in a thread
    of its own and then without the database."""

    channel: Channel
    at_once: int

    def map_places(self, person_ids: Collection[int]) -> Mapping[int, Sequence[str]]: ...

    def send(self, letter: Letter) -> Outcome: ...


def say_counts(counts: Mapping[str, int]) -> str:
    """One sentence of numbers: nobody's name, no firm."""
    words = {
        "overdue": _("{n} 件已超期"),
        "due": _("{n} 件今天到期"),
        "before": _("{n} 件临近期限"),
        "asked": _("{n} 件被催办"),
    }
    told = [words[kind].format(n=counts[kind]) for kind in words if counts.get(kind)]
    if list(counts) == ["before"]:
        return _("您有 {n} 件事项临近期限", n=counts["before"])
    return _("您的事项：{list}", list=_("，").join(told))


def dump_push(letter: Letter) -> bytes:
    """What the service worker reads: title, words, the app's own screen."""
    with in_language(letter.locale):
        title = _("随查提醒")
    told = {
        "title": title,
        "body": letter.text,
        "lang": letter.lang,
        "tag": "reminders",
        "place": "#/inbox",
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

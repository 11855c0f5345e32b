"""How a phone says it is doing, sent along with a push or a pull (docs/protocol 13.7).

A claim for the office's page "whose phone still holds data"; nothing is ever decided by it.
"""

from typing import Final

from domain.errors import fault
from sync.canonical import MAX_SAFE_INTEGER, Plain
from sync.messages.frame import Frame

MAX_COUNT: Final = 1_000_000  # no phone holds more of anything it counts
COUNTS: Final = ("unsent", "photos_waiting", "attention", "quarantined")

Heartbeat = dict[str, Plain]


def parse_heartbeat(value: object, path: str) -> Heartbeat:
    """The members that were sent; null is kept, it says "this phone cannot tell". Raises
    ``request.wrong_type`` for a count that is no count, ``request.unknown_field``."""
    frame = Frame(value, path)
    found: Heartbeat = {}
    for name in COUNTS:
        if frame.has(name):
            found[name] = _whole(frame, name, 0, MAX_COUNT)
    if frame.knows("clock_offset_ms"):  # any: a dead battery may set a clock back by decades
        least = -MAX_SAFE_INTEGER
        found["clock_offset_ms"] = _whole_or_none(frame, "clock_offset_ms", least)
    if frame.knows("free_bytes"):
        found["free_bytes"] = _whole_or_none(frame, "free_bytes", 0)
    if frame.knows("persisted"):
        found["persisted"] = _flag_or_none(frame, "persisted")
    for name, length in (("app", 40), ("label", 80)):
        if frame.has(name):
            found[name] = frame.text_or_none(name, length)
    frame.close()
    return found


def _whole(frame: Frame, name: str, least: int, most: int) -> int:
    number = frame.integer(name, least)
    if number > most:
        raise fault("request.wrong_type", field=frame.at(name))
    return number


def _whole_or_none(frame: Frame, name: str, least: int) -> int | None:
    return frame.integer(name, least) if frame.has(name) else None


def _flag_or_none(frame: Frame, name: str) -> bool | None:
    value = frame.raw(name) if frame.has(name) else None
    if value is not None and not isinstance(value, bool):
        raise fault("request.wrong_type", field=frame.at(name))
    return value

"""What a phone may say of itself, and what is refused (docs/protocol 13.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import Fault
from sync.messages.heartbeat import parse_heartbeat

FULL = {
    "unsent": 3,
    "photos_waiting": 2,
    "attention": 1,
    "quarantined": 0,
    "clock_offset_ms": -34_560_000_000,
    "free_bytes": 1_234_567_890,
    "persisted": True,
    "app": "1.0.0",
    "label": "红米 Note 9",
}


def test_heartbeat_has_exactly_the_members_of_the_wire_shape(
    vectors: Callable[[str], Any],
) -> None:
    assert [f"{name}?" for name in FULL] == vectors("wire-shape")["heartbeat"]
    assert parse_heartbeat(FULL, "heartbeat") == FULL
    for name in FULL:
        rest = {k: v for k, v in FULL.items() if k != name}
        assert parse_heartbeat(rest, "heartbeat") == rest
    assert parse_heartbeat({}, "heartbeat") == {}


def test_null_says_that_the_phone_cannot_tell() -> None:
    unknown = {"clock_offset_ms": None, "free_bytes": None, "persisted": None}
    assert parse_heartbeat(unknown, "heartbeat") == unknown


@pytest.mark.parametrize(
    ("sent", "code", "path"),
    [
        ({"unsent": -1}, "request.wrong_type", "heartbeat.unsent"),
        ({"unsent": 1.5}, "request.wrong_type", "heartbeat.unsent"),
        ({"unsent": True}, "request.wrong_type", "heartbeat.unsent"),
        ({"unsent": "3"}, "request.wrong_type", "heartbeat.unsent"),
        ({"photos_waiting": 1_000_001}, "request.wrong_type", "heartbeat.photos_waiting"),
        ({"free_bytes": -1}, "request.wrong_type", "heartbeat.free_bytes"),
        ({"free_bytes": 2**53}, "request.wrong_type", "heartbeat.free_bytes"),
        ({"clock_offset_ms": -(2**53)}, "request.wrong_type", "heartbeat.clock_offset_ms"),
        ({"clock_offset_ms": 0.5}, "request.wrong_type", "heartbeat.clock_offset_ms"),
        ({"persisted": 1}, "request.wrong_type", "heartbeat.persisted"),
        ({"app": "1" * 41}, "request.wrong_type", "heartbeat.app"),
        ({"label": "a\x00b"}, "request.wrong_type", "heartbeat.label"),
        ({"battery": 50}, "request.unknown_field", "heartbeat.battery"),
        ([], "request.wrong_type", "heartbeat"),
    ],
)
def test_silly_numbers_and_unknown_members_are_refused(sent: Any, code: str, path: str) -> None:
    with pytest.raises(Fault) as error:
        parse_heartbeat(sent, "heartbeat")
    assert (error.value.code, error.value.details["field"]) == (code, path)

"""The short way of reading an answer takes nothing that the whole reader refuses or reads as
something else, and it takes the answers that phones send."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import Fault
from sync.canonical import MAX_SAFE_INTEGER
from sync.messages.operation import parse_operation
from sync.messages.plain_answer import read_plain_answer
from sync.operation import Operation
from tests.unit.sync.samples import ENVELOPE, SHA, UUID, make_sent

ANSWER: dict[str, Any] = {
    **ENVELOPE,
    "kind": "answer.set",
    "entity": "answer:tr/PAX-03",
    "fields": {"value": "pass", "verdict": "fail", "note": "晋E12345", "by_rest": True},
    "base": {"value": None, "verdict": UUID, "note": None, "by_rest": None},
}
# what may be put in place of anything: near misses of each type, and what Python takes for equal
odd = st.sampled_from(
    [
        None, "", " ", "x", "na", "answer.set", "photo.attach", UUID, UUID.upper(), SHA, "中" * 36,
        "a" * 37, "a" * 41, "a" * 61, "a" * 65, "a" * 121, "a" * 2000, "a" * 2001, True, False, 0,
        1, -1, 1.0, 1.5, 2, MAX_SAFE_INTEGER, MAX_SAFE_INTEGER + 1, [], {}, [UUID], {"value": None},
        {"note": 3}, {"value": [1, 2]}, {"more": "x"}, {"value": 1.0}, "closed",
        {f"f{n}": None for n in range(65)},
    ]
)  # fmt: skip
names = st.sampled_from([*ANSWER, "resolves", "photo", "seen", "digest", "extra", "device"])
inner = st.sampled_from(["value", "verdict", "note", "by_rest", "outcome", "reason", "extra"])
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), names, odd),
        st.tuples(st.just("drop"), names, st.none()),
        st.tuples(st.just("fields"), inner, odd),
        st.tuples(st.just("base"), inner, odd),
        st.tuples(st.just("unbase"), inner, st.none()),
    ),
    max_size=3,
)


def _changed(steps: list[tuple[str, str, Any]]) -> dict[str, Any]:
    sent = copy.deepcopy(ANSWER)
    for what, name, value in steps:
        if what == "put":
            sent[name] = value
        elif what == "drop":
            sent.pop(name, None)
        else:
            place = sent.get("base" if what == "unbase" else what)
            if isinstance(place, dict) and what == "unbase":
                place.pop(name, None)
            elif isinstance(place, dict):
                place[name] = value
    return sent


def _read(sent: object) -> Operation | None:
    try:
        return parse_operation(sent, "op", is_clean=True)
    except Fault:
        return None


@given(changes)
@example([])
@example([("put", "seq", True)])
@example([("put", "v", 1.0)])
@example([("fields", "verdict", 0)])
@example([("unbase", "note", None)])
@example([("put", "resolves", [UUID])])
def test_short_way_reads_the_same_or_leaves_it_to_the_whole_reader(
    steps: list[tuple[str, str, Any]],
) -> None:
    sent = _changed(steps)
    swift = read_plain_answer(sent)
    if swift is not None:
        assert swift == _read(sent)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "value": st.sampled_from(["pass", "", None, True]),
            "verdict": st.sampled_from(["pass", "fail", "na", None]),
            "note": st.one_of(st.none(), st.text(max_size=20)),
        },
    ),
    st.sampled_from([None, "group", "session", "prev", "mono_ms"]),
)
def test_what_phones_send_takes_the_short_way(fields: dict[str, Any], left_out: str | None) -> None:
    """Else every answer would be read the long way and nobody would notice."""
    sent = {**ANSWER, "fields": fields, "base": dict.fromkeys(fields)}
    sent = {name: value for name, value in sent.items() if name != left_out}
    assert read_plain_answer(sent) == _read(sent) is not None


@pytest.mark.parametrize("kind", ["photo.attach", "sheet.enter", "signature.add", "device.lost"])
def test_other_kinds_go_the_long_way(kind: str) -> None:
    assert read_plain_answer(make_sent(kind)) is None

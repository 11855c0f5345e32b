"""Random work of two phones under a bad network: nothing applied twice, nothing lost, all agree."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.cursor import Mark, digest_space
from sync.outcomes import Applied, Merged, Outcome, RejectedLocked, status_of
from sync.rows import Author, Row
from tests.unit.sync.memory_host import ITEMS, SPACE, MemoryHost

PEOPLE = (Author(8, "王检查"), Author(9, "李检查"))


@dataclass
class ModelPhone:
    """Edits on what it shows: pulled rows under its own pending edits."""

    index: int
    queue: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, tuple[Row, int]] = field(default_factory=dict)
    cursor: int = 0
    own: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def device(self) -> str:
        return f"dev_{self.index}"

    def edit(self, item: str, name: str, value: str, choose: bool) -> None:
        entity = f"answer:tr/{item}"
        row = self.rows.get(entity, (Row("answer", entity), 0))[0]
        head = self.own.get((entity, name), row.heads.get(name))
        op = str(uuid.UUID(int=(self.index << 64) + len(self.queue) + 1))
        self.own[entity, name] = op
        sent: dict[str, Any] = {
            "op": op, "seq": len(self.queue) + 1, "kind": "answer.set", "v": 1, "space": SPACE,
            "entity": entity, "fields": {name: value}, "base": {name: head}, "at": "t",
        }  # fmt: skip
        if choose and row.siblings:
            sent["resolves"] = [one.op for one in row.siblings]
        self.queue.append(sent)

    def pull(self, host: MemoryHost) -> None:
        for entity, (row, seq) in host.rows.items():
            if seq > self.cursor:
                self.rows[entity] = (row, seq)
        self.cursor = host.counter
        settled = set(host.outcomes)
        self.own = {key: op for key, op in self.own.items() if op not in settled}


edits = st.tuples(
    st.just("edit"),
    st.integers(0, 1),
    st.sampled_from(ITEMS),
    st.sampled_from(["value", "note"]),
    st.sampled_from(["x", "y", "z"]),
    st.booleans(),
)
# push: which phone, from where in its queue, how many; reaches back for repeats, ahead for gaps
pushes = st.tuples(st.just("push"), st.integers(0, 1), st.integers(0, 12), st.integers(1, 6))
pulls = st.tuples(st.just("pull"), st.integers(0, 1))
locks = st.tuples(st.just("lock"))
scripts = st.lists(st.one_of(edits, edits, pushes, pulls), max_size=40)


def run(script: Sequence[tuple[Any, ...]]) -> tuple[MemoryHost, list[ModelPhone]]:
    host, phones = MemoryHost(), [ModelPhone(1), ModelPhone(2)]
    for step in script:
        match step:
            case ("edit", who, item, name, value, choose):
                phones[who].edit(item, name, value, choose)
            case ("push", who, start, count):
                deliver(host, phones[who], start, count)
            case ("pull", who):
                phones[who].pull(host)
            case ("lock",):
                host.lock()
    for phone in phones:
        deliver(host, phone, 0, len(phone.queue))
    for phone in phones:
        phone.pull(host)
    return host, phones


def deliver(host: MemoryHost, phone: ModelPhone, start: int, count: int) -> list[str]:
    return host.push(phone.device, PEOPLE[phone.index - 1], phone.queue[start : start + count])


@pytest.mark.proves("I5 I12", "F1 F2")
@given(scripts)
def test_phones_converge_on_the_server(script: list[tuple[Any, ...]]) -> None:
    host, phones = run(script)
    marks = [Mark(row.type, row.id, seq) for row, seq in host.rows.values()]
    for phone in phones:
        assert phone.rows == host.rows
        assert host.last.get(phone.device, 0) == len(phone.queue)
        own = [Mark(row.type, row.id, seq) for row, seq in phone.rows.values()]
        assert digest_space(own) == digest_space(marks)


@pytest.mark.proves("I2 I21", "F4 F5 F9")
@given(scripts, st.lists(st.tuples(st.integers(0, 1), st.integers(0, 12), st.integers(1, 12))))
def test_any_repeated_delivery_changes_nothing(
    script: list[tuple[Any, ...]], repeats: list[tuple[int, int, int]]
) -> None:
    host, phones = run(script)
    before, receipts = host.state(), dict(host.receipts)
    for who, start, count in repeats:
        deliver(host, phones[who], start, count)
        host.push(phones[who].device, PEOPLE[who], phones[who].queue[start : start + count][::-1])
    assert host.state() == before and host.receipts == receipts


@pytest.mark.proves("I1 I12", "F1")
@given(scripts, st.data())
@settings(max_examples=60)
def test_one_phone_alone_ends_alike_in_whatever_order_its_batches_arrive(
    script: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    phone = ModelPhone(1)
    for step in script:
        if step[0] == "edit":
            phone.edit(*step[2:5], False)
    straight, shuffled = MemoryHost(), MemoryHost()
    straight.push(phone.device, PEOPLE[0], phone.queue)
    for op in data.draw(st.permutations(phone.queue)):
        shuffled.push(phone.device, PEOPLE[0], [op])
    assert shuffled.state() == straight.state()
    assert set(straight.receipts) == {op["op"] for op in phone.queue}


def stood_already(op: str, outcome: Outcome, name: str, value: str) -> bool:
    """Whether the very value was there before: all of the operation merged, or it only settled
    siblings and this field of it was equal."""
    if not isinstance(outcome, Applied):
        return isinstance(outcome, Merged)
    row = outcome.rows[0]
    return row.fields.get(name) == value and row.heads.get(name) != op


CHOICE_OF_AN_EQUAL_VALUE = [
    ("edit", 0, "A", "note", "x", False),
    ("push", 0, 0, 1),
    ("edit", 1, "A", "note", "y", False),
    ("push", 1, 0, 1),
    ("edit", 0, "A", "value", "x", False),
    ("pull", 1),
    ("edit", 1, "A", "value", "x", True),
]


@pytest.mark.proves("I8", "F4 F5")
@example(CHOICE_OF_AN_EQUAL_VALUE)
@given(scripts)
def test_every_value_ever_pushed_is_head_sibling_or_was_seen_by_what_replaced_it(
    script: list[tuple[Any, ...]],
) -> None:
    host, phones = run(script)
    sent = [op for phone in phones for op in phone.queue]
    replaced: set[tuple[str, str]] = set()
    for op in sent:
        if status_of(host.outcomes[op["op"]]) == "applied":
            replaced |= {(op["base"][name], name) for name in op["fields"] if op["base"][name]}
            replaced |= {
                (one, name) for one in op.get("resolves", ()) for name in ("value", "note")
            }
    for op in sent:
        row = host.rows[op["entity"]][0]
        for name, value in op["fields"].items():
            stands = row.heads.get(name) == op["op"]
            is_sibling = any(s.op == op["op"] and s.fields[name] == value for s in row.siblings)
            was_equal = stood_already(op["op"], host.outcomes[op["op"]], name, value)
            assert stands or is_sibling or was_equal or (op["op"], name) in replaced


@pytest.mark.proves("I11", "F4 F5")
@given(scripts)
def test_ledger_replays_to_the_same_rows(script: list[tuple[Any, ...]]) -> None:
    host, _ = run(script)
    replayed: dict[str, tuple[Row, int]] = {}
    for expected, (seq, _op, rows) in enumerate(host.ledger, 1):
        assert seq == expected
        for row in rows:
            replayed[row.id] = (row, seq)
    assert replayed == host.rows


@pytest.mark.proves("I3 I4", "F34")
@given(scripts, scripts)
def test_locked_value_never_changes_and_each_refusal_has_one_proposal(
    before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    host, phones = run(before)
    host.lock()
    locked = {k: v for k, v in host.rows.items() if v[0].type == "answer"}
    for step in after:
        if step[0] == "edit":
            phones[step[1]].edit(*step[2:])
    for phone in phones:
        deliver(host, phone, 0, len(phone.queue))
    assert {k: v for k, v in host.rows.items() if v[0].type == "answer"} == locked
    refused = {op for op, one in host.outcomes.items() if isinstance(one, RejectedLocked)}
    assert refused == set(host.proposals)
    for op, proposal in host.proposals.items():
        assert proposal.op == op


@pytest.mark.proves("I1 I4 I12", "F33")
@given(scripts)
def test_person_without_rights_changes_nothing_and_loses_nothing(
    script: list[tuple[Any, ...]],
) -> None:
    host, phone = MemoryHost(barred={8}), ModelPhone(1)
    before = host.state()
    for step in script:
        if step[0] == "edit":
            phone.edit(*step[2:])
    deliver(host, phone, 0, len(phone.queue))
    assert host.state() == before
    assert set(host.proposals) == {op["op"] for op in phone.queue}

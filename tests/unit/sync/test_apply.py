"""What the pure decision does at its edges, over the host in memory."""

from __future__ import annotations

from typing import Any

import pytest

from domain.inspections import SheetState
from sync.apply import find_sheet_code
from sync.messages.operation import parse_operation
from sync.operation import Kind
from sync.outcomes import Applied, Invalid, Outcome, status_of
from sync.rows import Author
from sync.sheet_rows import move
from tests.unit.sync.memory_host import SPACE, MemoryHost
from tests.unit.sync.samples import KINDS, make_sent

WANG = Author(8, "王检查")


def judge(host: MemoryHost, kind: str, n: int = 1, **change: Any) -> Outcome:
    """Pushes one operation of the kind, changed, and answers its outcome."""
    sent = {**make_sent(kind), "space": SPACE, "op": f"0195c0de-0000-7000-8000-{n:012d}", "seq": n}
    if kind in ("answer.set", "photo.attach", "correction.propose"):
        sent["entity"] = "answer:tr/A"
    if kind == "photo.remove":
        sent["fields"] = {"from": "answer:tr/A"}
    sent |= change
    host.push("dev", WANG, [sent])
    return host.outcomes[sent["op"]]


def in_state(state: SheetState) -> MemoryHost:
    host = MemoryHost()
    if state.is_locked:
        host.lock()
    else:
        sheet = host.find_row("sheet:tr")
        assert sheet is not None
        host._write("setup", (move(sheet, "setup", state),))
    return host


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        ("answer.set", "answer:tr"),
        ("answer.set", "sheet:tr"),
        ("photo.attach", "photo:" + "0" * 64),
        ("photo.remove", "answer:tr/A"),
        ("signature.add", "checkin:0195c0de-0000-7000-8000-000000000001"),
        ("checkin.add", "checkin:1"),
        ("sheet.submit", "answer:tr/A"),
        ("correction.propose", "sheet:tr"),
    ],
)
def test_entity_that_does_not_fit_its_kind_is_invalid(kind: str, entity: str) -> None:
    outcome = judge(MemoryHost(), kind, entity=entity)
    assert isinstance(outcome, Invalid) and outcome.error.code == "op.bad_entity"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_finds_its_sheet(kind: str) -> None:
    operation = parse_operation(make_sent(kind), "op")
    code = find_sheet_code(operation, MemoryHost())
    assert code == (None if operation.kind is Kind.DEVICE_LOST else "tr")


EXPECTED = {
    # kind: open, submitted, returned, accepted, entered
    "answer.set": ("applied", "conflict", "applied", "conflict", "rejected_locked"),
    "photo.attach": ("applied", "applied", "applied", "applied", "rejected_locked"),
    "signature.add": ("applied", "applied", "applied", "applied", "rejected_locked"),
    "checkin.add": ("applied", "applied", "applied", "applied", "rejected_locked"),
    "sheet.submit": ("applied", "merged", "applied", "merged", "merged"),
    "sheet.accept": ("invalid", "applied", "invalid", "merged", "merged"),
    "sheet.return": ("invalid", "applied", "invalid", "applied", "invalid"),
    "correction.propose": ("invalid", "invalid", "invalid", "invalid", "applied"),
}
STATES = (
    SheetState.OPEN,
    SheetState.SUBMITTED,
    SheetState.RETURNED,
    SheetState.ACCEPTED,
    SheetState.ENTERED,
)


@pytest.mark.parametrize("kind", sorted(EXPECTED))
@pytest.mark.parametrize("state", STATES, ids=str)
def test_outcome_in_every_state_of_the_sheet(kind: str, state: SheetState) -> None:
    more = {"fields": {"value": "pass"}, "base": {"value": None}} if kind == "answer.set" else {}
    outcome = judge(in_state(state), kind, **more)
    assert status_of(outcome) == EXPECTED[kind][STATES.index(state)]


@pytest.mark.parametrize("kind", ["photo.attach", "signature.add", "checkin.add"])
def test_evidence_on_an_accepted_sheet_sends_it_back_to_the_lead(kind: str) -> None:
    host = in_state(SheetState.ACCEPTED)
    outcome = judge(host, kind)
    assert isinstance(outcome, Applied) and len(outcome.rows) == 2
    sheet = host.find_row("sheet:tr")
    assert sheet is not None and sheet.fields["state"] == "submitted"
    assert sheet.fields["accepted"] is None


def test_photo_of_another_sheet_is_refused() -> None:
    host = MemoryHost()
    other = host.find_row("sheet:tr")
    assert other is not None
    host._write("setup", (type(other)("sheet", "sheet:mr", other.fields),))
    assert isinstance(judge(host, "photo.attach", 1), Applied)
    outcome = judge(host, "photo.attach", 2, entity="answer:mr/A")
    assert isinstance(outcome, Invalid)


def test_same_signature_again_is_merged_and_another_under_its_id_is_refused() -> None:
    host = MemoryHost()
    assert status_of(judge(host, "signature.add", 1)) == "applied"
    assert status_of(judge(host, "signature.add", 2)) == "merged"
    fields = {**KINDS["signature.add"][1], "name": "别人"}
    assert status_of(judge(host, "signature.add", 3, fields=fields)) == "invalid"


def test_removal_of_what_is_not_there_changes_nothing() -> None:
    host = MemoryHost()
    assert status_of(judge(host, "photo.remove", 1)) == "invalid"
    judge(host, "photo.attach", 2)
    head = {"attached": "0195c0de-0000-7000-8000-000000000002"}
    assert status_of(judge(host, "photo.remove", 3, base=head)) == "applied"
    assert status_of(judge(host, "photo.remove", 4, base=head)) == "merged"


def test_value_that_does_not_fit_the_item_is_refused() -> None:
    bad = {"fields": {"value": "bad"}, "base": {"value": None}}
    outcome = judge(MemoryHost(), "answer.set", **bad)
    assert isinstance(outcome, Invalid) and outcome.error.code == "answer.bad_choice"


def test_returning_needs_a_reason() -> None:
    outcome = judge(in_state(SheetState.SUBMITTED), "sheet.return", fields={"reason": "  "})
    assert isinstance(outcome, Invalid) and outcome.error.code == "sheet.needs_reason"


def test_a_return_says_of_single_items_what_is_wanted_until_the_sheet_is_submitted_again() -> None:
    host = in_state(SheetState.SUBMITTED)
    told = {"reason": "请补", "comments": {"A": " 未见证件照片 ", "B": "  "}}
    assert status_of(judge(host, "sheet.return", 1, fields=told)) == "applied"
    sheet = host.find_row("sheet:tr")
    assert sheet is not None and sheet.fields["return_comments"] == {"A": "未见证件照片"}
    assert status_of(judge(host, "sheet.submit", 2)) == "applied"
    sheet = host.find_row("sheet:tr")
    assert sheet is not None and sheet.fields["return_comments"] is None


def test_a_comment_about_an_item_that_is_not_on_the_sheet_is_refused() -> None:
    told = {"reason": "请补", "comments": {"NOPE-01": "?"}}
    outcome = judge(in_state(SheetState.SUBMITTED), "sheet.return", fields=told)
    assert isinstance(outcome, Invalid) and outcome.error.code == "op.unknown_entity"
    assert outcome.error.details == {"entity": "answer:tr/NOPE-01"}


def test_lost_operation_is_on_record_and_changes_nothing() -> None:
    host = MemoryHost()
    before = host.state()
    assert judge(host, "device.lost") == Applied(rows=())
    assert host.state() == before

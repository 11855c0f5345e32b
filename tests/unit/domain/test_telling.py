"""What makes a delivery, a code and a state of telling the firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.telling import (
    MAX_TRIES,
    CodeFacts,
    Delivery,
    TellingState,
    Way,
    effective_on,
    faults_of_delivery,
    may_try,
    photos_of,
    proof_may_be_handed_in,
    read_code,
    state_of,
)

MADE, TODAY = date(2026, 3, 4), date(2026, 3, 9)
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
DIRECT = Delivery(Way.DIRECT, TODAY, "王检查、李检查", "陈经理", has_proof=True)
CODE = CodeFacts(NOW + timedelta(days=1), 0, False, False, False)


def test_a_delivery_by_hand_with_receiver_and_receipt_stands() -> None:
    assert faults_of_delivery(DIRECT, MADE, TODAY) == {}
    posted = Delivery(Way.POST, MADE, "办公室", post_no="EM100000000CN")
    assert faults_of_delivery(posted, MADE, TODAY) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"receiver": ""}, "receiver"),
        ({"has_proof": False}, "document"),
        ({"servers": ""}, "servers"),
        ({"delivered_on": TODAY + timedelta(days=1)}, "delivered_on"),
        ({"delivered_on": MADE - timedelta(days=1)}, "delivered_on"),
        ({"way": Way.POST}, "post_no"),
        ({"way": Way.LEFT}, "note"),
        ({"way": Way.ANNOUNCED}, "note"),
        ({"way": Way.ELECTRONIC}, "way"),
    ],
)
def test_each_way_asks_for_what_proves_it(change: dict[str, object], field: str) -> None:
    told = replace(DIRECT, **change)  # type: ignore[arg-type]
    assert list(faults_of_delivery(told, MADE, TODAY)) == [field]


def test_the_receivers_own_signature_stands_for_the_receipt_of_what_was_handed_over() -> None:
    signed = replace(DIRECT, has_proof=False, is_signed=True)
    assert faults_of_delivery(signed, MADE, TODAY) == {}
    for way in (Way.LEFT, Way.POST, Way.ANNOUNCED):
        other = replace(signed, way=way, post_no="EM100000000CN", note="拒收", has_proof=True)
        told = faults_of_delivery(other, MADE, TODAY)
        assert told == {"signature": "telling.signed_other_way"}


def test_everything_that_is_missing_is_said_at_once() -> None:
    bare = Delivery(Way.DIRECT, TODAY, "")
    assert set(faults_of_delivery(bare, MADE, TODAY)) == {"servers", "receiver", "document"}


def test_an_announcement_counts_after_thirty_days() -> None:
    assert effective_on(Way.ANNOUNCED, date(2026, 3, 4)) == date(2026, 4, 3)
    assert effective_on(Way.DIRECT, date(2026, 3, 4)) == date(2026, 3, 4)


def test_a_view_waits_for_its_answer_whether_or_not_the_firm_was_told() -> None:
    assert state_of(False, False) is TellingState.NOT_TOLD
    assert state_of(True, False) is TellingState.TOLD
    assert state_of(False, True) is state_of(True, True) is TellingState.VIEW_STATED


@pytest.mark.parametrize(
    "dead",
    [
        {"expires_at": NOW},
        {"tries": MAX_TRIES},
        {"is_used": True},
        {"is_revoked": True},
        {"is_link_revoked": True},
    ],
)
def test_a_code_is_tried_only_while_it_is_alive(dead: dict[str, object]) -> None:
    assert may_try(replace(CODE, tries=MAX_TRIES - 1), NOW)
    assert not may_try(replace(CODE, **dead), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["12345678", " 1234 5678 ", "1234-5678", "１２３４５６７８"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == "12345678"


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "1234567a", "12345678 OR 1=1", "²" * 8]
)
def test_what_is_no_code_is_no_code(typed: str) -> None:
    assert read_code(typed) == ""


def test_proof_is_handed_in_for_what_is_not_dealt_with() -> None:
    taken = {state: proof_may_be_handed_in(state) for state in ("open", "decided", "done", "void")}
    assert taken == {"open": True, "decided": True, "done": False, "void": False}


def test_the_pictures_of_a_version_are_those_it_names() -> None:
    items = [{"photos": ["a", "b"]}, {"photos": []}, {}]
    assert photos_of({"items": items}) == {"a", "b"} and photos_of({}) == frozenset()

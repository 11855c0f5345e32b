"""The firm's part in a sheet: the vectors both ends run, and what the wire takes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import Fault
from domain.firm_part import may_be_unsigned, read_firm_part
from domain.results import entry_preconditions
from sync.messages.operation import parse_operation
from tests.unit.domain.test_results import READY
from tests.unit.sync.samples import SHA, make_sent

Vectors = Callable[[str], Any]
UNSIGNED = {
    "sheet": "tr", "role": "unsigned", "name": "陈经理", "refused": False, "reason": "当事人已离开",
    "signed": {"digest": SHA, "photos": []}, "strokes": [], "size": [0, 0],
}  # fmt: skip


def test_firm_part_vectors(vectors: Vectors) -> None:
    for case in vectors("firm-part")["cases"]:
        told = [(one["fields"], one["is_void"]) for one in case["signatures"]]
        assert read_firm_part(told) == case["part"], case["name"]
        may = may_be_unsigned(case["was_returned"], (fields for fields, _ in told))
        assert may is case["may_be_unsigned"], case["name"]


def test_what_the_firm_has_not_signed_again_two_officers_sign_anew() -> None:
    told = replace(READY, firm_unsigned=True, standing_officers={1, 2})
    assert entry_preconditions(told) == []
    for standing in ((), {1}, {1, 3}):  # 3 was not there
        (unmet,) = entry_preconditions(replace(told, standing_officers=standing))
        assert unmet.code == "entry.signature_again"
        assert unmet.details == {"signed": min(len(standing), 1), "needed": 2}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "  "}, "request.missing_field"),
        ({"signed": None}, "request.missing_field"),
        ({"refused": True}, "request.wrong_type"),
        ({"strokes": [[[0, 0, 0]]]}, "request.wrong_type"),
        ({"relation": "cousin"}, "request.wrong_type"),
        ({"relation": "other", "relation_note": "字" * 65}, "request.wrong_type"),
    ],
)
def test_it_says_why_and_of_what_and_carries_no_stroke(change: dict[str, Any], code: str) -> None:
    fields = {k: v for k, v in {**UNSIGNED, **change}.items() if v is not None}
    with pytest.raises(Fault) as refused:
        parse_operation({**make_sent("signature.add"), "fields": fields}, "op")
    assert refused.value.code == code


@pytest.mark.parametrize("relation", ["legal", "head", "agent", "staff", "other"])
def test_the_firms_person_is_something_to_the_firm(relation: str) -> None:
    more = {"relation": relation, "relation_note": "车队队长"}
    sent = {**make_sent("signature.add"), "fields": {**UNSIGNED, **more}}
    assert parse_operation(sent, "op").fields["relation"] == relation

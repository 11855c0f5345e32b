"""Who was there: the vectors both ends run, and what the wire takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.attendance import read_attendance
from domain.errors import Fault
from sync.messages.operation import parse_operation
from tests.unit.sync.samples import make_sent

Vectors = Callable[[str], Any]


def test_attendance_vectors(vectors: Vectors) -> None:
    for case in vectors("attendance")["cases"]:
        found = read_attendance(case["records"])
        told = (
            sorted(found.arrived),
            sorted(found.late),
            {str(officer): one["reason"] for officer, one in found.absent.items()},
        )
        assert told == (case["arrived"], case["late"], case["absent"]), case["name"]


ABSENCE = {"sheet": "tr", "absent": 3, "reason": "leave"}


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({**ABSENCE, "officer_id": 3}, "request.unknown_field", "officer_id"),
        ({**ABSENCE, "place": None}, "request.unknown_field", "place"),
        ({**ABSENCE, "absent": None}, "request.missing_field", "absent"),
        ({**ABSENCE, "absent": True}, "request.wrong_type", "absent"),
        ({**ABSENCE, "reason": "late"}, "request.wrong_type", "reason"),
        ({"sheet": "tr", "absent": 3}, "request.missing_field", "reason"),
        ({**ABSENCE, "reason": "other", "note": " "}, "request.missing_field", "note"),
        ({**ABSENCE, "note": "长" * 201}, "request.wrong_type", "note"),
        ({"sheet": "tr", "officer_id": 3, "late": False}, "request.wrong_type", "late"),
    ],
)
def test_an_absence_beside_a_presence_or_without_its_reason_is_refused(
    fields: dict[str, Any], code: str, path: str
) -> None:
    with pytest.raises(Fault) as refused:
        parse_operation({**make_sent("checkin.add"), "fields": fields}, "ops[0]")
    assert (refused.value.code, refused.value.details["field"]) == (code, f"ops[0].fields.{path}")


@pytest.mark.parametrize(
    "fields",
    [
        ABSENCE,
        {**ABSENCE, "note": "参加省厅培训"},
        {**ABSENCE, "reason": "other", "note": "车辆抛锚"},
        {"sheet": "tr", "officer_id": 3, "place": None, "late": True},
    ],
)
def test_an_absence_and_a_late_arrival_are_taken(fields: dict[str, Any]) -> None:
    taken = parse_operation({**make_sent("checkin.add"), "fields": fields}, "ops[0]")
    assert getattr(taken, "fields", None) == fields

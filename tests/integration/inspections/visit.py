"""A team at work, through the operations a phone would send."""

from __future__ import annotations

import uuid
from typing import Any

from server.fieldsync import service as fieldsync
from sync.outcomes import Outcome
from tests.integration.builders import Field

STROKES = [[[10, 10, 0], [40, 30, 20], [90, 20, 50]]]
SIZE = [300, 100]
ENDED_ON = "2026-03-04"


def do(
    field: Field, who: str, kind: str, entity: str, fields: dict[str, Any], **more: Any
) -> Outcome:
    """One operation of ``who`` in the field's inspection."""
    return fieldsync.perform_office_op(
        field.actor(who), space=field.space, kind=kind, entity=entity, fields=fields, **more
    )


def answer(field: Field, who: str, item: str, value: object, **more: Any) -> Outcome:
    """Fills one item of the tr sheet."""
    return do(field, who, "answer.set", f"answer:tr/{item}", {"value": value, **more})


def check_in(field: Field, who: str, sheet: str = "tr") -> None:
    fields = {"sheet": sheet, "officer_id": field.officers[who]}
    do(field, who, "checkin.add", f"checkin:{uuid.uuid4()}", fields)


def sign(field: Field, who: str, role: str = "officer") -> None:
    fields: dict[str, Any] = {
        "sheet": "tr", "role": role, "name": who, "refused": False, "strokes": STROKES,
        "size": SIZE,
    }  # fmt: skip
    if role == "officer":
        fields["officer_id"] = field.officers[who]
    do(field, who, "signature.add", f"signature:{uuid.uuid4()}", fields)


def fill(field: Field, failed: int = 0) -> None:
    """The tr sheet complete: two officers there, three answers, three signatures."""
    for who in ("wang", "li"):
        check_in(field, who)
    answer(field, "wang", "PAX-01", "pass")
    answer(field, "wang", "PAX-02", {"checked": 5, "failed": failed}, note="抽查五台")
    answer(field, "li", "PAX-03", "台账齐全")
    for who in ("wang", "li"):
        sign(field, who)
    sign(field, "wang", role="firm")


def submit(field: Field) -> None:
    do(field, "wang", "sheet.submit", "sheet:tr", {"ended_on": ENDED_ON})

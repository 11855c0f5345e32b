"""What a decision's form says: password, opinion, the heads that were shown, the signature."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from domain.errors import Fault
from domain.signatures import Signature
from server.corrections.signing import read_drawn

# What is wrong with one field of a form is said at that field as well.
AT_FIELD = {
    "account.password_wrong": "password",
    "correction.needs_reason": "reason",
    "correction.too_many_papers": "evidence",
    "reason.too_long": "reason",
    "signature.missing": "signature",
    "signature.name_differs": "typed_name",
    "signature.too_small": "signature",
    "signature.unreadable": "signature",
}


def field_of(refused: Fault | None) -> str:
    """The field a refusal is about; empty for none."""
    if refused is not None and refused.code.startswith(("document.", "photo.")):
        return "evidence"
    return AT_FIELD.get(refused.code, "") if refused is not None else ""


def sent_reason() -> str:
    """As typed; how long it may be is the use case's to say."""
    return request.form.get("reason", "")


def sent_decision() -> dict[str, Any]:
    """For ``service``; heads that cannot be read were not shown. Raises
    ``signature.unreadable``."""
    try:
        against = json.loads(request.form.get("against", ""))
    except ValueError:
        against = None
    return {
        "password": request.form.get("password", ""),
        "reason": sent_reason(),
        "against": against if isinstance(against, dict) else {"": None},
        "address": request.remote_addr or "",
        "signature": _sent_signature(),
    }


def _sent_signature() -> Signature:
    drawn = request.form.get("signature", "")
    return read_drawn(drawn) if drawn else Signature(typed_name=request.form.get("typed_name", ""))

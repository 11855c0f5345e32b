"""Correction orders in a line each, over HTTP."""

from __future__ import annotations

from typing import Any

from tests.integration.builders import PASSWORD
from tests.integration.fieldsync.day import STROKES
from tests.integration.fieldsync.phone import Answer, Phone

SIGNED = {"strokes": STROKES, "size": [300, 120]}


def ask(phone: Phone, item: str, fields: Answer, base: Answer | None = None) -> str:
    """A correction asked for on purpose; answers the proposal's id."""
    told = phone.result(
        phone.make(
            "correction.propose",
            f"answer:tr/{item}",
            {"reason": "现场复核", **fields},
            base=base or {},
        )
    )
    assert told["status"] == "applied", told
    found: str = told["proposal"]
    return found


def read(phone: Phone, proposal: str) -> Answer:
    answer = phone.client.get(f"/api/v1/proposals/{proposal}")
    assert answer.status_code == 200, answer.get_json()
    found: Answer = answer.get_json()
    return found


def step(phone: Phone, proposal: str, action: str, body: Answer) -> Any:
    return phone.post(f"/api/v1/proposals/{proposal}/{action}", body)


def decide(phone: Phone, proposal: str, action: str = "approve", **more: Any) -> Any:
    """Approves (or refuses) what this person was shown just now, unless ``against`` says else."""
    against = more.pop("against", None)
    if against is None:
        against = read(phone, proposal)["against"]
    own = {"password": PASSWORD, "reason": "情况属实", "against": against, "signature": SIGNED}
    body = {name: value for name, value in {**own, **more}.items() if value is not None}
    return step(phone, proposal, action, body)


def code_of(answer: Any) -> str:
    found: str = answer.get_json()["error"]["code"]
    return found

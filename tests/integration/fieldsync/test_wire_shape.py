"""The server's answers have the fields of tests/vectors/wire-shape.json, no more and no less."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.builders import PASSWORD
from tests.integration.fieldsync.day import STROKES, attach, lock_sheet, make_jpeg
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]
VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture(scope="module")
def shape() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / "wire-shape.json").read_text())
    return found


def fits(names: Iterable[str], told: dict[str, Any]) -> None:
    """Nothing unknown, nothing needed that is missing."""
    allowed = {name.rstrip("?") for name in names}
    needed = {name for name in names if not name.endswith("?")}
    assert needed <= set(told) <= allowed, set(told) ^ allowed


def test_answers_have_the_wire_shape(phone: Make, shape: dict[str, Any]) -> None:
    li, stranger = phone("li"), phone("stranger")
    late = li.set("PAX-01", {"value": "fail"})
    wang, _ = lock_sheet(phone)
    photo = attach(wang, "PAX-01", make_jpeg())
    bad = wang.set("NOPE", {"value": "pass"})
    pushed = wang.push([photo, bad]).get_json()
    fits(shape["push_answer"], pushed)
    fits(shape["device"], pushed["device"])
    results = [*pushed["results"], li.result(late), wang.result(wang.queue[0])]
    results.append(stranger.result(stranger.set("PAX-01", {"value": "fail"})))
    for result in results:
        fits(shape["result"], result)
        assert result["status"] in shape["statuses"]
        if "locked" in result:
            fits(shape["locked"], result["locked"])
        if "error" in result:
            fits(shape["error"], result["error"])
    mr = phone("zhao")
    open_photo = attach(mr, "answer:mr/MR-01", make_jpeg(colour="red"))
    mr.result(open_photo)
    pulled = wang.pull()
    fits(shape["pull_answer"], pulled)
    for page in pulled["pages"].values():
        fits(shape["page"], page)
    asked = {"value": "fail", "reason": "误填", "result": 8}
    proposal = wang.result(wang.make("correction.propose", "answer:tr/PAX-01", asked))["proposal"]
    head = phone("head")
    against = head.client.get(f"/api/v1/proposals/{proposal}").get_json()["against"]
    signature = {"strokes": STROKES, "size": [300, 120]}
    order = {"password": PASSWORD, "reason": "属实", "against": against, "signature": signature}
    assert head.post(f"/api/v1/proposals/{proposal}/approve", order).status_code == 200
    wang.pull()
    li.pull()
    mr.pull()
    rows = [*wang.rows.values(), *li.rows.values(), *mr.rows.values()]
    seen = set()
    for row in rows:
        fits(shape["row"], row)
        assert ("writers" in row) == bool(row["siblings"])
        for one in row.get("writers", {}).values():
            fits(shape["writer"], one)
        if row["fields"] in ({}, {"sheet": "mr"}, {"sheet": "tr"}):
            continue  # another department's: see test_pull
        if row["t"] in shape["row_fields"]:
            seen.add(row["t"])
            fits(shape["row_fields"][row["t"]], row["fields"])
    assert seen == set(shape["row_fields"])


def test_error_has_the_one_shape(phone: Make, shape: dict[str, Any]) -> None:
    wang = phone("wang")
    for body in ({}, [], {"ops": 1}, {**wang.envelope([]), "x": 1}):
        answer = wang.post("/api/v1/sync/push", body)
        assert answer.status_code == 400
        assert list(answer.get_json()) == ["error"]
        fits(shape["error"], answer.get_json()["error"])
    answer = wang.client.post("/api/v1/sync/push", json=wang.envelope([]))
    assert answer.get_json()["error"]["code"] == "request.csrf"
    visitor = wang.app.test_client().get("/api/v1/lib/tr-list@1")
    assert (visitor.status_code, visitor.get_json()["error"]["code"]) == (401, "session.required")

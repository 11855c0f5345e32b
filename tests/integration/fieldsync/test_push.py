"""Push: receipts, replays, gaps, forks, and what each operation is answered."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.fieldsync.phone import Phone, new_id

Make = Callable[[str], Phone]


def test_answer_is_applied_and_pulled_by_the_partner(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    op = wang.set("PAX-01", {"value": "pass", "note": "齐全"})
    told = wang.result(op)
    assert told["status"] == "applied" and told["replay"] is False
    li.pull()
    row = li.row("answer:tr/PAX-01")
    assert row["fields"] == {"value": "pass", "note": "齐全"}
    assert row["heads"] == {"value": op["op"], "note": op["op"]}
    assert row["seq"] == told["space_seq"]


def test_second_push_of_same_operation_changes_nothing(phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    first = wang.result(op)
    second = wang.result(op)
    assert second == {**first, "replay": True}
    wang.pull()
    assert wang.row("answer:tr/PAX-01")["seq"] == first["space_seq"]

"""What was found last time, item by item."""

from __future__ import annotations

from typing import Any

from domain.past import MAX_NOTE, PastSheet, list_findings


def item(code: str, result: int | None, **answer: Any) -> dict[str, Any]:
    return {"code": code, "result": result, "answer": answer}


def test_the_newest_sheet_that_has_a_result_at_the_item_is_told() -> None:
    sheets = [
        PastSheet("2026-03-04", [item("A", 1, value="pass"), item("B", None)]),
        PastSheet("2025-03-04", [item("A", 8, value="fail"), item("B", 5, note="缺台账")]),
    ]
    assert list_findings(sheets, ["A", "B", "C"]) == {
        "A": {"on": "2026-03-04", "verdict": "pass", "result": 1, "value": "pass"},
        "B": {"on": "2025-03-04", "verdict": "fail", "result": 5, "note": "缺台账"},
    }


def test_the_entered_result_decides_what_it_was() -> None:
    rows = [
        item("PAIR", 5, value={"checked": 5, "failed": 1}),
        item("NA", 1, verdict="na"),
        item("CLOSED", 7, value="fail", outcome="closed"),
        item("MOVED", 4, value="fail", outcome="moved"),
    ]
    found = list_findings([PastSheet(None, rows)], ["PAIR", "NA", "CLOSED", "MOVED"])
    verdicts = {code: one["verdict"] for code, one in found.items()}
    assert verdicts == {"PAIR": "fail", "NA": "na", "CLOSED": "na", "MOVED": "fail"}
    assert found["PAIR"]["value"] == {"checked": 5, "failed": 1}
    assert found["MOVED"]["outcome"] == "moved"


def test_an_item_of_another_list_is_not_told_and_a_long_note_ends_in_dots() -> None:
    rows = [item("A", 8, note="长" * 1000), item("Z", 8)]
    found = list_findings([PastSheet(None, rows)], ["A"])
    assert list(found) == ["A"]
    assert len(found["A"]["note"]) == MAX_NOTE and found["A"]["note"].endswith("…")

"""Of another department's sheet a phone learns how far it is, never what was found."""

from __future__ import annotations

from sync.others_rows import tell_others

SHEET = {
    "state": "returned",
    "ended_on": "2026-03-04",
    "return_reason": "照片模糊",
    "return_comments": {"PAX-01": "请补拍"},
    "result": 5,
    "results": {"PAX-01": 5},
}


def test_a_sheet_keeps_its_state_and_says_neither_results_nor_what_the_lead_wrote() -> None:
    assert tell_others("sheet", SHEET) == {
        "state": "returned",
        "ended_on": "2026-03-04",
        "return_reason": None,
        "return_comments": None,
        "result": None,
        "results": {},
    }
    assert tell_others("sheet", {"state": "open"}) == {"state": "open"}


def test_a_correction_is_told_without_what_it_changed_and_why() -> None:
    row = {"version": 2, "changes": [{"old": 1, "new": 5}], "reason": "误判", "approved_by": "x"}
    told = {"version": 2, "changes": [], "reason": "", "approved_by": "x"}
    assert tell_others("version", row) == told


def test_evidence_and_answers_say_nothing_but_whose_they_are() -> None:
    assert tell_others("signature", {"sheet": "mr", "name": "李安全"}) == {"sheet": "mr"}
    assert tell_others("checkin", {"sheet": "mr", "place": {"lat_e7": 1}}) == {"sheet": "mr"}
    for kind in ("answer", "photo", "whatever comes later"):
        assert tell_others(kind, {"value": "fail", "sha256": "a", "note": "线路标志牌"}) == {}

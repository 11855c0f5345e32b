"""What is there, not needed or missing of a visit's file, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.archive import (
    OF_SHEET,
    OF_VISIT,
    FiledSheet,
    Part,
    PartState,
    Standing,
    Step,
    Turn,
    judge_assistants,
    judge_closing,
    judge_team,
    list_missing,
    list_sheet_parts,
)
from domain.firm_part import FirmPart

CLEAN = FiledSheet(
    state="entered", has_notice_receipt=True, firm_part=FirmPart.SIGNED, photos=3,
    telling=Step.DONE, receipt=Step.DONE, publication=Step.DONE,
)  # fmt: skip


def part_of(sheet: FiledSheet, part: Part) -> Standing:
    (found,) = [one for one in list_sheet_parts(sheet) if one.part is part]
    return found


def told(sheet: FiledSheet, part: Part) -> tuple[str, str, str | None]:
    found = part_of(sheet, part)
    return found.state.value, found.why, found.turn.value if found.turn else None


def test_a_clean_sheet_entered_received_and_published_lacks_nothing() -> None:
    assert list_missing(list_sheet_parts(CLEAN)) == []
    assert told(CLEAN, Part.FOLLOW_UP) == ("not_needed", "no_problem", None)
    assert told(CLEAN, Part.CORRECTIONS) == ("not_needed", "none", None)


def test_every_part_is_told_in_the_order_of_the_file() -> None:
    for sheet in (CLEAN, FiledSheet("open"), replace(CLEAN, is_withdrawn=True)):
        assert [one.part for one in list_sheet_parts(sheet)] == list(OF_SHEET)


@pytest.mark.parametrize(
    ("state", "needs", "turn"),
    [
        ("open", True, "officers"), ("returned", True, "officers"), ("submitted", True, "lead"),
        ("submitted", False, "officers"), ("accepted", True, "officers"),
    ],
)  # fmt: skip
def test_a_result_that_is_not_entered_waits_for_whoever_has_the_sheet(
    state: str, needs: bool, turn: str
) -> None:
    sheet = replace(CLEAN, state=state, needs_acceptance=needs, receipt=Step.NONE)
    for part in (Part.RESULT, Part.FOLLOW_UP, Part.RECEIPT):
        assert told(sheet, part) == ("missing", "not_entered", turn)


def test_a_problem_needs_a_follow_up_that_is_done() -> None:
    found = replace(CLEAN, has_problem=True)
    assert told(found, Part.FOLLOW_UP) == ("missing", "none", "office")
    assert told(replace(found, follow_up=Step.OPEN), Part.FOLLOW_UP)[:2] == ("missing", "open")
    assert told(replace(found, follow_up=Step.DONE), Part.FOLLOW_UP)[0] == "there"


def test_an_order_nobody_has_closed_keeps_the_file_open() -> None:
    asked = replace(CLEAN, corrections=3, submitted=1, drafts=1)
    assert told(asked, Part.CORRECTIONS) == ("missing", "waiting", "approver")
    assert told(replace(asked, submitted=0), Part.CORRECTIONS) == ("missing", "drafts", "author")
    closed = part_of(replace(asked, submitted=0, drafts=0), Part.CORRECTIONS)
    assert closed == Standing(Part.CORRECTIONS, PartState.THERE, count=3)


def test_photos_on_phones_lost_or_never_taken_are_told_apart() -> None:
    assert part_of(replace(CLEAN, waiting=2), Part.PHOTOS).turn is Turn.OFFICERS
    lost = part_of(replace(CLEAN, waiting=2, lost=1), Part.PHOTOS)
    assert (lost.why, lost.turn, lost.count) == ("lost", Turn.ADMINISTRATOR, 1)
    needed = replace(CLEAN, photos=0, unmet=("entry.photo_required",), state="submitted")
    assert told(needed, Part.PHOTOS) == ("missing", "required", "officers")
    assert told(replace(CLEAN, photos=0), Part.PHOTOS) == ("not_needed", "none", None)
    assert told(replace(CLEAN, photos=0, state="open"), Part.PHOTOS)[:2] == ("missing", "not_yet")


def test_a_refusal_is_there_and_nobody_to_sign_is_no_gap() -> None:
    refused = replace(CLEAN, is_notice_refused=True, firm_part=FirmPart.REFUSED)
    assert told(refused, Part.NOTICE) == ("there", "refused", None)
    assert told(refused, Part.SIGNATURES) == ("there", "refused", None)
    closed = replace(CLEAN, has_notice_receipt=False, has_outcome=True, firm_part=FirmPart.NONE)
    assert told(closed, Part.NOTICE) == ("not_needed", "outcome", None)
    assert told(closed, Part.SIGNATURES) == ("there", "outcome", None)
    unsigned = replace(CLEAN, has_notice_receipt=False, unmet=("entry.signature_firm",))
    assert told(unsigned, Part.NOTICE) == ("missing", "unsigned", "officers")
    assert told(unsigned, Part.SIGNATURES) == ("missing", "unsigned", "officers")


def test_a_visit_that_is_not_made_after_all_needs_nothing() -> None:
    parts = list_sheet_parts(FiledSheet("open", is_withdrawn=True))
    assert {(one.state, one.why) for one in parts} == {(PartState.NOT_NEEDED, "withdrawn")}


def test_a_change_of_the_team_waits_for_its_decision() -> None:
    assert judge_team(0, 0).state is PartState.NOT_NEEDED
    assert judge_team(2, 0) == Standing(Part.TEAM, PartState.THERE, count=2)
    assert judge_team(2, 1).turn is Turn.APPROVER


def test_the_visits_own_parts_stand_before_and_behind_the_departments() -> None:
    assert [one for one in Part if one in OF_VISIT] == [
        Part.DRAW, Part.TEAM, Part.ASSISTANTS, Part.CLOSED,
    ]  # fmt: skip
    assert judge_assistants(0).state is PartState.NOT_NEEDED
    assert (judge_assistants(2).state, judge_assistants(2).count) == (PartState.THERE, 2)
    open_ = judge_closing(is_closed=False, is_withdrawn=False)
    assert (open_.state, open_.why, open_.turn) == (PartState.MISSING, "open", Turn.OFFICE)
    assert judge_closing(is_closed=True, is_withdrawn=False).state is PartState.THERE
    assert judge_closing(is_closed=False, is_withdrawn=True).state is PartState.NOT_NEEDED

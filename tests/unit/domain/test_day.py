"""The lead's day as a rule: in which counts a sheet stands, and which are accepted together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.day import DaySheet, Hindrance, Stage, count_stages, hindrances_of, stages_of
from domain.inspections import SheetState

CLEAN = DaySheet(
    SheetState.SUBMITTED, is_started=True, lacks=["entry.not_accepted", "entry.result"]
)


@pytest.mark.parametrize(
    ("sheet", "stages"),
    [
        (DaySheet(SheetState.OPEN), {"planned"}),
        (DaySheet(SheetState.OPEN, is_started=True), {"planned", "visited"}),
        (CLEAN, {"planned", "visited", "received", "submitted"}),
        (replace(CLEAN, waiting_photos=1), {"planned", "visited", "submitted"}),
        (replace(CLEAN, held=1), {"planned", "visited", "submitted"}),
        (DaySheet(SheetState.RETURNED, is_started=True), {"planned", "visited", "returned"}),
        (DaySheet(SheetState.ACCEPTED), {"planned", "visited", "received", "accepted"}),
        (DaySheet(SheetState.ENTERED), {"planned", "visited", "received", "entered"}),
        (DaySheet(SheetState.PUBLISHED), {"planned", "visited", "received", "entered"}),
    ],
)
def test_a_sheet_counts_in_every_stage_it_has_reached(sheet: DaySheet, stages: set[str]) -> None:
    assert stages_of(sheet) == stages


def test_all_stages_are_counted_in_the_order_of_a_day() -> None:
    counted = count_stages([CLEAN, DaySheet(SheetState.OPEN)])
    assert list(counted) == list(Stage)
    assert list(counted.values()) == [2, 1, 1, 1, 0, 0, 0]


def test_nothing_stands_against_a_complete_sheet_that_only_waits_for_the_lead() -> None:
    assert hindrances_of(CLEAN) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"state": SheetState.ACCEPTED}, Hindrance.STATE),
        ({"state": SheetState.OPEN}, Hindrance.STATE),
        ({"findings": 1}, Hindrance.FINDING),
        ({"has_outcome": True}, Hindrance.OUTCOME),
        ({"conflicts": 1, "lacks": ["entry.conflict"]}, Hindrance.CONFLICT),
        ({"is_unsigned": True}, Hindrance.UNSIGNED),
        ({"waiting_photos": 1, "lacks": ["entry.photo_not_received"]}, Hindrance.PHOTOS),
        ({"held": 1}, Hindrance.RECORDS),
        ({"is_on_phone": True}, Hindrance.PHONE),
        ({"lacks": ["entry.signature_firm"]}, Hindrance.INCOMPLETE),
    ],
)
def test_one_thing_open_takes_a_sheet_out_of_those_accepted_together(
    changed: dict[str, Any], why: Hindrance
) -> None:
    assert hindrances_of(replace(CLEAN, **changed)) == [why]

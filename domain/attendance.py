"""Who was there: arrivals, late ones, and absences with their reason (R048).

An arrival names its officer in ``officer_id``, an absence in ``absent``: whoever reads only the
first, an app or a query of before, cannot take an absence for a presence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

MAX_ABSENCE_NOTE: Final = 200


class AbsenceReason(StrEnum):
    """Why an officer who was drawn is not there; ``OTHER`` asks for words."""

    LEAVE = "leave"
    DUTY = "duty"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Officers by id. ``arrived`` and ``absent`` hold the record that counts; nobody is in both.
    ``late`` are those of the arrived who came when answers were on record already."""

    arrived: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    late: frozenset[int] = frozenset()
    absent: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def is_absence(record: Mapping[str, Any]) -> bool:
    """Whether a check-in's fields say that somebody is not there."""
    return "absent" in record


def read_attendance(records: Iterable[Mapping[str, Any]]) -> Attendance:
    """From the fields of a sheet's check-ins, by id. An arrival stands against every absence,
    whichever was said first; of several arrivals one that was not late counts, of several
    absences the last."""
    arrived: dict[int, Mapping[str, Any]] = {}
    absent: dict[int, Mapping[str, Any]] = {}
    for record in records:
        if is_absence(record):
            if isinstance(record["absent"], int):
                absent[record["absent"]] = record
            continue
        officer = record.get("officer_id")
        if not isinstance(officer, int):
            continue
        if officer not in arrived or (arrived[officer].get("late") and not record.get("late")):
            arrived[officer] = record
    return Attendance(
        arrived,
        frozenset(officer for officer, record in arrived.items() if record.get("late") is True),
        {officer: record for officer, record in absent.items() if officer not in arrived},
    )

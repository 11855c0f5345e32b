"""What was said in the room where the draw was made, as far as it is on record: what is not leaves
room for a pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Ceremony:
    """``witness`` and each of ``present`` are a body and its people; ``meeting`` is the joint
    meeting of the departments (R051), its day and who took part."""

    place: str = ""
    operator: str = ""
    witness: str = ""
    present: tuple[str, ...] = ()
    platform: str = ""
    met_on: date | None = None
    met: str = ""


def read_ceremony(stored: Any) -> Ceremony:
    """Takes whatever parts are there: draws made before they were kept have none."""
    if not isinstance(stored, Mapping):
        return Ceremony()
    meeting = stored.get("meeting") or {}
    return Ceremony(
        place=str(stored.get("place") or ""),
        operator=str(stored.get("operator") or ""),
        witness=_body_and_people(stored.get("witness") or {}),
        present=tuple(filter(None, map(_body_and_people, stored.get("present") or ()))),
        platform=str(stored.get("platform") or ""),
        met_on=date.fromisoformat(meeting["held_on"]) if meeting.get("held_on") else None,
        met=str(meeting.get("participants") or ""),
    )


def _body_and_people(stored: Mapping[str, Any]) -> str:
    """``督查室 乔如是``."""
    parts = (
        stored.get("unit") or stored.get("department"),
        stored.get("name") or stored.get("names"),
    )
    return " ".join(str(part) for part in parts if part)

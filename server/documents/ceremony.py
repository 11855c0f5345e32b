"""What was said in the room where the draw was made, as far as it is on record: what is not leaves
room for a pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ceremony:
    """``began_at`` is an instant as text; ``present`` are people with their bodies."""

    place: str = ""
    witness: str = ""
    present: tuple[str, ...] = ()
    platform: str = ""
    receipt: str = ""


def read_ceremony(stored: Any) -> Ceremony:
    """Takes whatever parts are there: rows of draws made before they were kept have none."""
    if not isinstance(stored, Mapping):
        return Ceremony()
    present = stored.get("present") or ()
    if isinstance(present, str):
        present = [present]
    return Ceremony(
        place=str(stored.get("place") or ""),
        witness=_person(stored.get("witness")),
        present=tuple(filter(None, map(_person, present))),
        platform=str(stored.get("platform") or ""),
        receipt=str(stored.get("receipt") or ""),
    )


def _person(stored: Any) -> str:
    """``督查室 乔如是``."""
    if isinstance(stored, Mapping):
        parts = (stored.get("unit") or stored.get("department"), stored.get("name"))
        return " ".join(str(part) for part in parts if part)
    return str(stored or "")

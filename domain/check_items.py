"""A checklist and its entries (R005, R042). `checklists` reads them, `judging` judges answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.answers import ItemType
from domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Basis:
    """A law behind an item; `confidence` A read, B recalled, C law only."""

    law: str
    article: str | None
    confidence: str


class Known(StrEnum):
    """What the record holds already and an entry asks for again: offered there, never filled in by
    itself. A signature of the firm stands for the picture of it."""

    OFFICERS = "officers"
    NOTICE_DAY = "notice_day"
    FIRM_SIGNATURE = "firm_signature"
    END_DAY = "end_day"


KNOWN_FITS: Final = {
    Known.OFFICERS: ItemType.NUMBER,
    Known.NOTICE_DAY: ItemType.DATE,
    Known.FIRM_SIGNATURE: ItemType.PHOTO,
    Known.END_DAY: ItemType.DATE,
}


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One check entry. `labels` name the two numbers of a pair; `min_photos` counts for photo
    items; `department` is the other department's name where the item is not the bureau's own;
    `methods` are on_site, document, online, commissioned; `severity` minor, major, critical;
    `item` is the code of its item of the item list, None where that is the list's own (R042)."""

    code: str
    text: str
    type: ItemType
    unit: str | None = None
    labels: tuple[str, ...] = ()
    rule: Rule | None = None
    min_photos: int = 0
    photo_on_fail: bool = False
    severity: str = "minor"
    is_required: bool = True
    department: str | None = None
    basis: tuple[Basis, ...] = ()
    methods: tuple[str, ...] = ()
    known: Known | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of items with unique codes, made for the given plan tasks."""

    code: str
    title: str
    objects: str
    plan_tasks: tuple[str, ...]
    items: tuple[CheckItem, ...]

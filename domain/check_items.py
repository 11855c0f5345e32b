"""A checklist and its entries (R005, R042). `checklists` reads them, `judging` judges answers."""

from dataclasses import dataclass

from domain.answers import ItemType
from domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Basis:
    """A law behind an item; `confidence` A read, B recalled, C law only."""

    law: str
    article: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One check entry. `labels` name the two numbers of a pair; `min_photos` counts for photo
    items; `department` is the other department's name where the item is not the bureau's own;
    `methods` are on_site, document, online, commissioned; `severity` minor, major, critical."""

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


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of items with unique codes, made for the given plan tasks."""

    code: str
    title: str
    objects: str
    plan_tasks: tuple[str, ...]
    items: tuple[CheckItem, ...]

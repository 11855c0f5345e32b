"""Finding firms as a clerk does: by words of the name, pinyin initials, credit code, licence
digits, address or plate, narrowed by filters, one page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, or_, select

from domain.access import Actor
from domain.identifiers import (
    check_plate,
    is_valid_uscc,
    licence_digits,
    normalise_plate,
    normalise_uscc,
)
from server.db import db
from server.registry.derived import searchable
from server.registry.entry_models import Vehicle
from server.registry.firms import (
    LACKS,
    MISTAKEN,
    NO_TIER,
    TIERS,
    has_code,
    has_old_class,
    is_of_trade,
)
from server.registry.models import Firm
from server.registry.owner import owner_of
from server.registry.paging import Page, page_of
from server.registry.tags import codes_of_group
from server.runtime import today

MAX_WORDS = 6
MANY_IDS = 5_000
# What the register can be ordered by; tiers by risk, not by letter.
SORTS = {
    "name": Firm.name,
    "uscc": Firm.uscc,
    "category": Firm.category,
    "tier": case(
        {tier: rank for rank, tier in enumerate(TIERS, start=1)}, value=Firm.tier, else_=0
    ),
    "vehicles": Firm.vehicle_count,
    "area": Firm.area,
}
_PLATE_END = re.compile(r"[A-Z]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警]")


@dataclass(frozen=True, slots=True)
class FirmFilter:
    """What to look for; everything empty is the whole register, without what an undone import took
    out. ``tier`` may be ``none``; ``labels`` is any of these codes; ``lacks`` a key of
    ``firms.LACKS``, or ``new_class`` where the credit class is old."""

    q: str = ""
    category: str = ""
    tier: str = ""
    status: str = ""
    area: str = ""
    labels: Sequence[str] = ()
    lacks: str = ""


def firm_filter(actor: Actor | None, asked: Mapping[str, str]) -> FirmFilter:
    """As a page's address says it; ``label`` goes before ``group``, all labels of one group."""
    labels = [label] if (label := asked.get("label", "")) else []
    if (group := asked.get("group", "")) and not labels:
        labels = codes_of_group(actor, "firms", group) or ["-"]
    return FirmFilter(
        q=asked.get("q", ""),
        category=asked.get("category", ""),
        tier=asked.get("tier", ""),
        status=asked.get("status", ""),
        area=asked.get("area", ""),
        labels=labels,
        lacks=asked.get("lacks", ""),
    )


def list_firms(
    actor: Actor | None,
    q: str = "",
    category: str = "",
    tier: str = "",
    page: int = 1,
    sort: str = "",
    is_descending: bool = False,
    wanted: FirmFilter | None = None,
) -> Page[Firm]:
    """By trade and name unless ``sort`` names another of ``SORTS``. ``wanted`` says more than the
    words, trade and tier."""
    wanted = wanted or FirmFilter(q=q, category=category, tier=tier)
    query = select(Firm).where(Firm.jurisdiction_id == owner_of(actor), *_filters(wanted))
    query = query.where(*_words(actor, wanted.q))
    if (column := SORTS.get(sort)) is not None:
        query = query.order_by(column.desc() if is_descending else column.asc())
    return page_of(query.order_by(Firm.category, Firm.name, Firm.id), page)


def list_firm_ids(actor: Actor | None, wanted: FirmFilter) -> list[int]:
    """The same firms, all of them, as ids by trade and name."""
    query = select(Firm.id).where(Firm.jurisdiction_id == owner_of(actor), *_filters(wanted))
    query = query.where(*_words(actor, wanted.q))
    return list(db.session.scalars(query.order_by(Firm.category, Firm.name, Firm.id)))


def find_firms(actor: Actor | None, q: str, limit: int = 20) -> list[Firm]:
    """The first that fit the words, by name: for choosing one."""
    own = (Firm.jurisdiction_id == owner_of(actor), Firm.status != MISTAKEN)
    query = select(Firm).where(*own, *words_of(q))
    return list(db.session.scalars(query.order_by(Firm.name, Firm.id).limit(limit)))


def _words(actor: Actor | None, q: str) -> list[ColumnElement[bool]]:
    """What fits the words, as ids where they are few: left with the words and an order, both
    databases walk the whole register in that order, ten times slower than one look for the ids."""
    words = words_of(q)
    if not words:
        return []
    query = select(Firm.id).where(Firm.jurisdiction_id == owner_of(actor), *words)
    ids = list(db.session.scalars(query.limit(MANY_IDS + 1)))
    return [Firm.id.in_(ids)] if len(ids) <= MANY_IDS else words


def _filters(wanted: FirmFilter) -> list[ColumnElement[bool]]:
    is_asked = wanted.status == MISTAKEN
    found: list[ColumnElement[bool]] = [] if is_asked else [Firm.status != MISTAKEN]
    if wanted.category:
        found.append(is_of_trade(wanted.category))
    if wanted.tier:
        found.append(Firm.tier.is_(None) if wanted.tier == NO_TIER else Firm.tier == wanted.tier)
    if wanted.status:
        found.append(Firm.status == wanted.status)
    if wanted.area:
        found.append(Firm.area == wanted.area)
    if wanted.labels:
        found.append(or_(*(has_code(Firm.labels, code) for code in wanted.labels)))  # type: ignore[arg-type]
    if (lacks := LACKS.get(wanted.lacks)) is not None:
        found.append(lacks)
    if wanted.lacks == "new_class":
        found.append(has_old_class(today()))
    return found


def words_of(q: str) -> list[ColumnElement[bool]]:
    """A condition for each word; all must fit."""
    return [_fits(word) for word in searchable(q).split()[:MAX_WORDS]]


def _fits(word: str) -> ColumnElement[bool]:
    """A whole number that is known names its firms by an index; anything else is looked for in
    what the search reads of each firm, and among the ends of plates."""
    plate = normalise_plate(word)
    for whole in _named_by(word, plate):
        if ids := list(db.session.scalars(whole.limit(MANY_IDS))):
            return Firm.id.in_(ids)
    is_in_text = Firm.search_text.contains(word, autoescape=True)
    if not _PLATE_END.fullmatch(plate):
        return is_in_text
    ends = Vehicle.tail.in_({plate, plate[1:]}), Vehicle.plate.endswith(plate, autoescape=True)
    ids = list(db.session.scalars(select(Vehicle.firm_id).where(*ends).limit(MANY_IDS)))
    return or_(is_in_text, Firm.id.in_(ids)) if ids else is_in_text


def _named_by(word: str, plate: str) -> Iterator[Select[int]]:
    if is_valid_uscc(word):
        yield select(Firm.id).where(Firm.uscc == normalise_uscc(word))
    if digits := licence_digits(word):
        yield select(Firm.id).where(Firm.licence_digits == digits)
        yield select(Firm.id).where(Firm.search_text.contains(digits, autoescape=True))
    if check_plate(plate) is None:
        yield select(Vehicle.firm_id).where(Vehicle.plate == plate)

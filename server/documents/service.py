"""Use cases: the documents of a draw and of a visit, made from what is stored when they are asked
for; the same data give the same text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.access import Action, Actor, may
from domain.errors import fault
from server.accounts.service import get_jurisdiction
from server.documents.content import Document, Paper
from server.documents.draw_facts import DrawFacts, read_draw_facts
from server.documents.item_table import build_item_table
from server.documents.matching import build_matching
from server.documents.notice import build_notice, read_notices
from server.documents.record_sheet import build_record_sheet
from server.documents.scheme import build_scheme
from server.documents.typesetting import has_pango, typeset_pdf
from server.documents.wording import SUPERSEDED, file_name
from server.draws import service as draws
from server.draws.models import OFFICIAL, Draw, DrawState
from server.i18n import in_chinese
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.runtime import today

# A file of more visits takes too long to set and to open; the rest is in files of its own.
VISITS_IN_A_FILE = 100


class Kind(StrEnum):
    """As it stands in the address."""

    RECORD_SHEET = "record-sheet"
    MATCHING = "matching"
    ITEMS = "items"
    SCHEME = "scheme"
    NOTICES = "notices"


NAMES: Mapping[Kind, str] = {
    Kind.RECORD_SHEET: "抽取记录单",
    Kind.MATCHING: "匹配结果人员信息",
    Kind.ITEMS: "抽查事项表",
    Kind.SCHEME: "联合抽查方案",
    Kind.NOTICES: "告知书",
}
BEFORE_THE_DRAW = {Kind.ITEMS, Kind.SCHEME}
IN_PARTS = {Kind.MATCHING, Kind.NOTICES}
# Of a draw on the platform: it prints its own record sheet, and the pool a scheme tells of is its.
OF_OFFICIAL = {Kind.MATCHING, Kind.ITEMS, Kind.NOTICES}
_BUILDERS: Mapping[Kind, Callable[[DrawFacts], Paper]] = {
    Kind.RECORD_SHEET: build_record_sheet,
    Kind.MATCHING: build_matching,
    Kind.ITEMS: build_item_table,
    Kind.SCHEME: build_scheme,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of document; ``parts`` are the first and last place of each file's firms, empty
    where one file has everything; ``is_ready`` is False for what only a draw can fill."""

    kind: Kind
    parts: tuple[tuple[int, int], ...]
    is_ready: bool


def list_offers(actor: Actor, draw: Draw) -> list[Offer]:
    """What can be made of this draw, in the order of the file; the notices for whom they are."""
    if not any(_is_ready(draw, kind) for kind in Kind):
        return []  # an empty register, or a pool that was given up
    is_official = draw.origin == OFFICIAL
    firms = len(
        inspections.list_of_draw(draw.id) if is_official else (draw.record or {}).get("firms", ())
    )
    found = []
    for kind in Kind:
        if kind is Kind.NOTICES and draw.state == SUPERSEDED:
            continue
        if is_official and kind not in OF_OFFICIAL:
            continue
        count = firms
        if kind is Kind.NOTICES and _is_ready(draw, kind):
            count = len(_visits_in_sight(actor, draw))
            if not count:
                continue
        parts = parts_of(count) if kind in IN_PARTS else ()
        found.append(Offer(kind, parts if len(parts) > 1 else (), _is_ready(draw, kind)))
    return found


def make_draw_document(
    actor: Actor, draw_id: int, name: str, host_url: str, part: int = 1
) -> Document:
    """Raises ``draw.not_found``, ``document.not_found`` for an unknown name or part,
    ``document.not_drawn``, for notices ``document.superseded``, and ``access.denied`` where all
    visits are out of sight."""
    if name not in set(Kind):
        raise fault("document.not_found")
    kind = Kind(name)
    draw = draws.get_draw(actor, draw_id)
    if kind is Kind.NOTICES and draw.state == SUPERSEDED:
        raise fault("document.superseded")
    if not _is_ready(draw, kind):
        raise fault("document.not_drawn")
    with in_chinese():
        if kind is Kind.NOTICES:
            return _notices(actor, draw, host_url, part)
        facts = read_draw_facts(actor, draw_id, host_url)
        number = facts.task.task_no
        if kind in IN_PARTS:
            first, last = _part(len(facts.rows), part)
            number += _suffix(len(facts.rows), first, last)
            facts = replace(facts, rows=facts.rows[first - 1 : last])
        paper = _BUILDERS[kind](facts)
    return Document(file_name(_name(kind, facts), number), (paper,), today())


def make_notice(actor: Actor, inspection_id: int, host_url: str) -> Document:
    """One visit's notice. Raises as ``get_inspection`` does, ``document.superseded`` where another
    draw took the place of this one, and ``inspection.withdrawn``."""
    found = inspections.get_inspection(actor, inspection_id)
    if found.draw.state == SUPERSEDED:
        raise fault("document.superseded")
    if found.withdrawn_at is not None:
        raise fault("inspection.withdrawn")
    with in_chinese():
        return Document(
            file_name(NAMES[Kind.NOTICES], found.number),
            _notice_papers(actor, [found], host_url),
            today(),
        )


def _notices(actor: Actor, draw: Draw, host_url: str, part: int) -> Document:
    found = _visits_in_sight(actor, draw)
    if not found:
        raise fault("access.denied")
    first, last = _part(len(found), part)
    number = draw.task.task_no + _suffix(len(found), first, last)
    papers = _notice_papers(actor, found[first - 1 : last], host_url)
    return Document(file_name(NAMES[Kind.NOTICES], number), papers, today())


def _notice_papers(actor: Actor, found: Sequence[Inspection], host_url: str) -> tuple[Paper, ...]:
    county = get_jurisdiction(actor.jurisdiction_id).name
    return tuple(build_notice(county, one) for one in read_notices(found, host_url))


def _visits_in_sight(actor: Actor, draw: Draw) -> list[Inspection]:
    """A visit may not be announced: who is not of its team and does not watch it has no notice.
    Nobody has one of a visit that is not made after all."""
    return [
        one
        for one in inspections.list_of_draw(draw.id)
        if one.withdrawn_at is None
        and may(actor, Action.INSPECTION_READ, inspections.target_of(one))
    ]


def _is_ready(draw: Draw, kind: Kind) -> bool:
    if draw.origin == OFFICIAL:
        return draw.drawn_at is not None and kind in OF_OFFICIAL
    return draw.record is not None or (draw.state == DrawState.FROZEN and kind in BEFORE_THE_DRAW)


def _name(kind: Kind, facts: DrawFacts) -> str:
    return "抽查方案" if kind is Kind.SCHEME and not facts.is_joint else NAMES[kind]


def parts_of(count: int) -> tuple[tuple[int, int], ...]:
    """First and last place of each file of so many visits."""
    size = VISITS_IN_A_FILE
    return tuple((first, min(first + size - 1, count)) for first in range(1, count + 1, size))


def _part(count: int, part: int) -> tuple[int, int]:
    parts = parts_of(count)
    if not 1 <= part <= len(parts):
        raise fault("document.not_found")
    return parts[part - 1]


def _suffix(count: int, first: int, last: int) -> str:
    return f"_{first}-{last}" if count > VISITS_IN_A_FILE else ""


__all__ = [
    "NAMES",
    "Kind",
    "Offer",
    "has_pango",
    "list_offers",
    "make_draw_document",
    "make_notice",
    "parts_of",
    "typeset_pdf",
]

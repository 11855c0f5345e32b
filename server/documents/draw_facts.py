"""Everything the draw's documents are filled from, read once through the subjects' services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import Actor
from server.accounts.models import Department
from server.accounts.service import find_department, get_jurisdiction
from server.deadlines.service import entry_working_days
from server.documents.ceremony import Ceremony, read_ceremony
from server.documents.wording import KINDS, METHODS, law_title, tier_word
from server.draws import service as draws
from server.draws.explanation import category_name, explain_quota
from server.draws.models import Draw
from server.draws.official import find_official
from server.draws.parties import parties_of
from server.draws.reading import FrozenPool
from server.draws.results import DrawnRow, list_drawn
from server.planning.models import PlanTask
from server.registry import service as registry
from server.registry.models import CheckEntry, InspectionItem
from server.runtime import SITE_ZONE, today

PLATFORM_SETTING = "platform.name"
OWN_PLATFORM = "随查（双随机监管系统）"


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One 抽查事项 of a department with the entries that are checked for it."""

    name: str
    kind: str
    objects: str
    entries: tuple[CheckEntry, ...]

    @property
    def basis(self) -> str:
        """Each law once, with its articles."""
        return basis_words([one for entry in self.entries for one in entry.basis])

    @property
    def methods(self) -> str:
        """Each way of checking once."""
        return method_words([one for entry in self.entries for one in entry.methods])


@dataclass(frozen=True, slots=True)
class DepartmentItems:
    """What one department checks."""

    department: Department
    items: tuple[CheckedItem, ...]

    @property
    def laws(self) -> list[str]:
        """Each law once, in the order of the lists."""
        found = [b["law"] for i in self.items for entry in i.entries for b in entry.basis]
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """``rows`` are empty until it is drawn; ``public_url`` is where anybody checks the draw;
    ``initiators`` are ids of departments, the one that leads first; ``official_no`` is empty
    for a draw of our own."""

    county: str
    home: str
    draw: Draw
    task: PlanTask
    pool: FrozenPool | None
    rows: tuple[DrawnRow, ...]
    items: tuple[DepartmentItems, ...]
    initiators: tuple[int, ...]
    reasons: tuple[str, ...]
    operator: str
    ceremony: Ceremony
    platform: str
    entry_days: int
    official_no: str
    public_url: str
    printed_on: date

    @property
    def is_joint(self) -> bool:
        """Whether other departments take part."""
        return len(self.items) > 1

    @property
    def number(self) -> tuple[str, ...]:
        """What the draw is called by: a draw made on the platform by the platform's number, ours
        beside it."""
        if self.official_no:
            return (self.official_no, f"本系统编号 {self.draw.public_id}")
        return (self.draw.public_id,)

    @property
    def objects(self) -> str:
        """The task's objects in the plan's words."""
        return self.task.object_scope or self.task.name

    @property
    def draw_day(self) -> date | None:
        """The day of the draw at the site."""
        at = self.draw.drawn_at
        return at.astimezone(SITE_ZONE).date() if at else None

    def label_word(self, label: str) -> str:
        """A label as a person says it."""
        return category_name(label)

    @property
    def lead_body(self) -> str:
        """Who leads, as the plan names it where that is not us."""
        leads = [one.department for one in self.items if one.department.id in self.initiators[:1]]
        return f"{self.county}{leads[0].name}" if leads else self.home_body

    @property
    def home_body(self) -> str:
        """``泽源县交通运输局``."""
        return f"{self.county}{self.home}"


def read_draw_facts(actor: Actor, draw_id: int, host_url: str) -> DrawFacts:
    """Raises ``draw.not_found``. Call it in the language of the documents."""
    draw = draws.get_draw(actor, draw_id)
    county = get_jurisdiction(actor.jurisdiction_id)
    pool = draws.frozen_pool(draw)
    rows = tuple(list_drawn(actor, draw))
    parties = parties_of(draw.task).departments
    official = find_official(draw)
    return DrawFacts(
        county=county.name,
        home=next((one.name for one in parties if one.is_home), ""),
        draw=draw,
        task=draw.task,
        pool=pool,
        rows=rows,
        items=tuple(_items_of(actor, draw, rows, parties)),
        initiators=_initiators(draw.task),
        reasons=_reasons(draw, pool),
        operator=draws.people_of(draw)["drawn_by"] or draws.people_of(draw)["frozen_by"],
        ceremony=read_ceremony(getattr(draw, "ceremony", None)),
        platform=str(county.settings.get(PLATFORM_SETTING) or OWN_PLATFORM),
        entry_days=entry_working_days(county.settings, [one.code for one in parties]),
        official_no=official.official_no if official else "",
        public_url=f"{host_url.rstrip('/')}/public/draws/{draw.public_id}",
        printed_on=today(),
    )


def _initiators(task: PlanTask) -> tuple[int, ...]:
    found = [find_department(name) for name in task.initiators]
    return tuple(one.id for one in found if one is not None)


def _reasons(draw: Draw, pool: FrozenPool | None) -> tuple[str, ...]:
    """First the whole, then each tier by its name."""
    if pool is None:
        return ()
    return tuple(
        one.text if one.tier is None else f"{tier_word(one.tier)}：{one.text}"
        for one in explain_quota(pool.quota, draw.task, draws.ratio_of_draw(draw))
    )


def _items_of(
    actor: Actor, draw: Draw, rows: Sequence[DrawnRow], parties: Sequence[Department]
) -> list[DepartmentItems]:
    """As the sheets of the drawn visits have them: their versions stay. Before that, as they
    would be today."""
    made = next((row.inspection for row in rows if row.inspection), None)
    if made is not None:
        lists = [(sheet.department, sheet.lists) for sheet in made.sheets]
    else:
        lists = [(one, registry.sheet_lists_for(draw.task, one)) for one in parties]
    known = {one.id: one for one in registry.list_inspection_items(actor)}
    return [
        DepartmentItems(one, tuple(checked_items(found, known))) for one, found in lists if found
    ]


def checked_items(
    lists: Sequence[Mapping[str, Any]], known: Mapping[int, InspectionItem]
) -> list[CheckedItem]:
    """A sheet's lists by item of the published list, in the order of the lists."""
    by_item: dict[int, list[CheckEntry]] = {}
    for one in lists:
        for entry in registry.get_checklist(one["list"]).entries:
            if entry.code in one["items"]:
                by_item.setdefault(entry.inspection_item_id, []).append(entry)
    return [
        CheckedItem(
            name=known[item].name,
            kind=KINDS.get(known[item].kind, known[item].kind),
            objects=known[item].objects,
            entries=tuple(entries),
        )
        for item, entries in by_item.items()
    ]


def basis_words(basis: Sequence[Mapping[str, Any]]) -> str:
    """``《道路运输条例》第八条、第五十九条；《安全生产法》``."""
    articles: dict[str, list[str]] = {}
    for one in basis:
        found = articles.setdefault(one["law"], [])
        if one.get("article") and one["article"] not in found:
            found.append(one["article"])
    return "；".join(f"{law_title(law)}{'、'.join(found)}" for law, found in articles.items())


def method_words(methods: Sequence[str]) -> str:
    """``实地核查、书面检查``."""
    return "、".join(dict.fromkeys(METHODS.get(one, one) for one in methods))

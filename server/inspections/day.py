"""Lookup: the team lead's day — planned, visited, received, still on a phone, found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.access import Actor
from domain.day import DaySheet, Hindrance, Stage, count_stages, hindrances_of, stages_of
from domain.inspections import SheetState
from server.accounts.service import get_jurisdiction
from server.devices.holding import HeldOnPhone, map_held
from server.fieldsync import service as fieldsync
from server.inspections.models import Inspection, Sheet
from server.inspections.publishing import active_team
from server.inspections.reading import can_read_sheet, list_days, list_of_day
from server.inspections.sheet_sources import read_sources
from server.inspections.sheet_view import SheetView, view_sheet

VISITS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """An officer whose phone has not sent everything: pictures of this sheet that were declared,
    operations of this visit that wait for earlier ones, and what the phones last said of
    themselves, of all their visits together."""

    name: str
    photos: int
    held: int
    phones: tuple[HeldOnPhone, ...]


@dataclass(frozen=True, slots=True)
class SheetOfDay:
    """A sheet for the page (``view``), for the rules (``facts``), and who still holds what."""

    inspection: Inspection
    view: SheetView
    facts: DaySheet
    holders: tuple[Holder, ...]

    @property
    def sheet(self) -> Sheet:
        return self.view.sheet

    @property
    def key(self) -> str:
        """Names the sheet in a form."""
        return f"{self.inspection.id}/{self.sheet.code}"

    @property
    def is_begun(self) -> bool:
        """Open, with something on it."""
        return self.facts.state is SheetState.OPEN and self.facts.is_started

    @property
    def stages(self) -> Collection[Stage]:
        return stages_of(self.facts)

    @property
    def hindrances(self) -> list[Hindrance]:
        """Why it is not accepted together with others."""
        return hindrances_of(self.facts)

    @property
    def is_clean(self) -> bool:
        """Whether this person may accept it together with others."""
        return self.view.can_review and not self.hindrances


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One visit with the sheets this person may read; ``hidden`` counts the others."""

    inspection: Inspection
    sheets: tuple[SheetOfDay, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class DayView:
    """A day. Counts are over all its visits, whatever a page shows of them."""

    day: date
    before: date | None
    after: date | None
    visits: tuple[DayVisit, ...]

    @property
    def sheets(self) -> list[SheetOfDay]:
        """All readable sheets of the day."""
        return [sheet for visit in self.visits for sheet in visit.sheets]

    @property
    def keys(self) -> set[str]:
        """Names of all readable sheets."""
        return {one.key for one in self.sheets}

    @property
    def stages(self) -> dict[Stage, int]:
        """Sheets per stage, all stages in order."""
        return count_stages(one.facts for one in self.sheets)

    @property
    def findings(self) -> Counter[str]:
        """Failed items per severity."""
        total: Counter[str] = Counter()
        for one in self.sheets:
            total.update(one.view.findings)
        return total

    @property
    def waiting_photos(self) -> int:
        """Pictures still on phones."""
        return sum(one.facts.waiting_photos for one in self.sheets)

    @property
    def clean(self) -> list[SheetOfDay]:
        """Those this person may accept together."""
        return [one for one in self.sheets if one.is_clean]

    def at_stage(self, stage: Stage | None) -> list[DayVisit]:
        """The visits with a sheet at that stage; all without one."""
        if stage is None:
            return list(self.visits)
        return [v for v in self.visits if any(stage in one.stages for one in v.sheets)]


def view_day(actor: Actor, day: date) -> DayView:
    """The visits planned for that day, with what has come in so far. The number of statements does
    not grow with the visits."""
    before, after = list_days(actor, day)
    visits = list_of_day(actor, day)
    made = sheets_of(actor, visits)
    return DayView(
        day,
        before,
        after,
        tuple(
            DayVisit(one, tuple(made[one.id]), len(one.sheets) - len(made[one.id]))
            for one in visits
        ),
    )


def sheets_of(actor: Actor, visits: Sequence[Inspection]) -> dict[int, list[SheetOfDay]]:
    """By visit, the sheets this person may read."""
    # held, or the session would forget the county and ask for it again at each sheet
    _county = get_jurisdiction(actor.jurisdiction_id)
    readable = [(i, s) for i in visits for s in i.sheets if can_read_sheet(actor, i, s)]
    sources = read_sources([sheet for _inspection, sheet in readable])
    held = fieldsync.count_held(inspection.space for inspection, _sheet in readable)
    phones = map_held(_persons(visits))
    found: dict[int, list[SheetOfDay]] = {one.id: [] for one in visits}
    for inspection, sheet in readable:
        view = view_sheet(actor, inspection, sheet, sources[sheet.id])
        holders = _holders(inspection, view, held.get(inspection.space, Counter()), phones)
        made = SheetOfDay(inspection, view, _facts(view, holders), holders)
        found[inspection.id].append(made)
    return found


def _persons(visits: Iterable[Inspection]) -> set[int]:
    people = {m.officer.person_id for one in visits for m in active_team(one)}
    return {one for one in people if one is not None}


def _holders(
    inspection: Inspection,
    view: SheetView,
    held: Counter[int],
    phones: dict[int, tuple[HeldOnPhone, ...]],
) -> tuple[Holder, ...]:
    """Also somebody replaced since, whose declared pictures have not come."""
    waiting = Counter(one.officer for one in view.photos if not one.is_received)
    found = []
    for member in inspection.team:
        if member.department_id != view.sheet.department_id:
            continue
        name, person = member.officer.name, member.officer.person_id or 0
        on_phones = phones.get(person, ())
        one = Holder(name, waiting.pop(name, 0), held[person], on_phones)
        if one.photos or one.held or one.phones:
            found.append(one)
    found += [Holder(name, count, 0, ()) for name, count in waiting.items()]
    return tuple(found)


def _facts(view: SheetView, holders: Iterable[Holder]) -> DaySheet:
    holders = list(holders)
    return DaySheet(
        state=SheetState(view.sheet.state),
        is_started=view.is_started,
        findings=sum(view.findings.values()),
        conflicts=sum(bool(one.siblings) for one in view.items),
        waiting_photos=view.waiting_photos,
        held=sum(one.held for one in holders),
        is_on_phone=any(one.phones for one in holders),
        lacks=view.lacks,
        has_outcome=bool(view.outcome),
        is_unsigned=view.unsigned is not None,
    )

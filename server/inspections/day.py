"""Lookup: the team lead's day — planned, visited, received, still on a phone, found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.access import Action, Actor, may
from domain.check_items import CheckItem
from domain.day import DaySheet, Hindrance, Stage, count_stages, hindrances_of, stages_of
from domain.inspections import SheetState
from domain.judging import Verdict
from domain.results import SheetFacts, entry_preconditions
from server.accounts.service import get_jurisdiction
from server.devices.holding import HeldOnPhone, map_held
from server.fieldsync import service as fieldsync
from server.fieldsync.service import SheetRows
from server.inspections.models import Inspection, Sheet
from server.inspections.publishing import active_team
from server.inspections.reading import can_read_sheet, list_days, list_of_day, target_of
from server.inspections.sheet_sources import SheetSources, read_sources
from server.inspections.sheet_view import SheetView, judge_sheet, view_sheet
from server.results import service as results

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


@dataclass(frozen=True)
class SheetOfDay:
    """A sheet as the rules see it (``facts``), with who still holds what. What a page shows of it
    (``view``) is made when it is asked for: of two hundred sheets a page shows twenty."""

    actor: Actor
    inspection: Inspection
    sheet: Sheet
    sources: SheetSources
    entry: SheetFacts
    facts: DaySheet
    holders: tuple[Holder, ...]

    @cached_property
    def view(self) -> SheetView:
        """Everything about it, in words."""
        return view_sheet(self.actor, self.inspection, self.sheet, self.sources, self.entry)

    @cached_property
    def content(self) -> str:
        """The digest of the answers, photos and signatures."""
        return self.sources.rows.digest({})

    @property
    def key(self) -> str:
        """Names the sheet in a form."""
        return f"{self.inspection.id}/{self.sheet.code}"

    @property
    def is_begun(self) -> bool:
        """Open, with something on it."""
        return self.facts.state is SheetState.OPEN and self.facts.is_started

    @property
    def failed(self) -> list[CheckItem]:
        """The items with a finding, in order."""
        items = results.list_items(self.sources.rows, self.sources.shelf.list_items)
        judged = self.entry.judgements
        return [one for one in items if judged[one.code].verdict is Verdict.FAIL]

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
        target = target_of(self.inspection, self.sheet)
        return not self.hindrances and may(self.actor, Action.SHEET_REVIEW, target)


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One visit with the sheets this person may read; ``hidden`` counts the others."""

    inspection: Inspection
    sheets: tuple[SheetOfDay, ...]
    hidden: int

    def has(self, stage: Stage) -> bool:
        """Whether one of its sheets is at that stage."""
        return any(stage in one.stages for one in self.sheets)


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
        return Counter(item.severity for one in self.sheets for item in one.failed)

    @property
    def waiting_photos(self) -> int:
        """Pictures still on phones."""
        return sum(one.facts.waiting_photos for one in self.sheets)

    @property
    def clean(self) -> list[SheetOfDay]:
        """Those this person may accept together."""
        return [one for one in self.sheets if one.is_clean]

    def at_stage(self, stage: Stage | None) -> list[DayVisit]:
        """The visits with a sheet at that stage; without one all, first those to be accepted or
        returned."""
        if stage is not None:
            return [v for v in self.visits if v.has(stage)]
        return sorted(self.visits, key=lambda visit: not visit.has(Stage.SUBMITTED))


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
        own = sources[sheet.id]
        entry = judge_sheet(inspection, sheet, own)
        waiting = held.get(inspection.space, Counter())
        holders = _holders(inspection, sheet, own.rows, waiting, phones)
        found[inspection.id].append(
            SheetOfDay(
                actor, inspection, sheet, own, entry, _facts(sheet, own.rows, entry, holders),
                holders,
            )
        )  # fmt: skip
    return found


def _persons(visits: Iterable[Inspection]) -> set[int]:
    people = {m.officer.person_id for one in visits for m in active_team(one)}
    return {one for one in people if one is not None}


def _holders(
    inspection: Inspection,
    sheet: Sheet,
    rows: SheetRows,
    held: Counter[int],
    phones: dict[int, tuple[HeldOnPhone, ...]],
) -> tuple[Holder, ...]:
    """Also somebody replaced since, whose declared pictures have not come."""
    waiting = Counter(
        fieldsync.manifest_of(row).get("officer_id", 0)
        for row in rows.photos
        if row.fields.get("stored") is not True
    )
    found = []
    for member in inspection.team:
        photos = waiting.pop(member.officer_id, 0)
        person = member.officer.person_id or 0
        is_own = member.department_id == sheet.department_id
        one = Holder(
            member.officer.name,
            photos,
            held[person] if is_own else 0,
            phones.get(person, ()) if is_own else (),
        )
        if one.photos or one.held or one.phones:
            found.append(one)
    found += [Holder("", count, 0, ()) for count in waiting.values()]
    return tuple(found)


def _facts(sheet: Sheet, rows: SheetRows, entry: SheetFacts, holders: Iterable[Holder]) -> DaySheet:
    holders = list(holders)
    return DaySheet(
        state=SheetState(sheet.state),
        is_started=rows.is_begun,
        findings=sum(one.verdict is Verdict.FAIL for one in entry.judgements.values()),
        conflicts=sum(bool(row.siblings) for row in rows.answers.values()),
        waiting_photos=sum(not one.is_received for one in entry.photos),
        held=sum(one.held for one in holders),
        is_on_phone=any(one.phones for one in holders),
        lacks=[one.code for one in entry_preconditions(entry)],
        has_outcome=entry.outcome is not None,
        is_unsigned=entry.firm_unsigned,
    )

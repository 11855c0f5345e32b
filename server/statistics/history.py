"""Lookup: all that is on record of one firm, as one timeline (R097, R118)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from domain.access import Action, Actor, Target, may
from domain.followup import CaseState
from server.accounts.directory import list_person_names
from server.followup.models import FollowUp
from server.followup.reading import list_of_sheets
from server.followup.revisiting import list_revisits_of_firm
from server.inspections.overview import FirmSheet, list_sheets_of_firm
from server.registry.service import list_changes, list_tiers
from server.results.overview import EnteredVersion, list_versions_of
from server.runtime import SITE_ZONE

DAYS = ("visited", "done", "revisited", "classed")


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened. ``kind`` says which; ``details`` are what its words need.
    ``inspection_id`` where it belongs to a visit. Of ``DAYS`` only the day of ``at`` is known."""

    at: datetime
    kind: str
    who: str = ""
    number: str = ""
    inspection_id: int | None = None
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FirmHistory:
    """``events`` the newest first. ``findings`` counts by year what the reader may see: problems
    of the versions in force. ``hidden`` sheets are entered and another department's own."""

    events: list[Happened]
    visits: int
    findings: dict[int, int]
    open_cases: int
    hidden: int


def read_history(actor: Actor, firm_id: int) -> FirmHistory:
    """Visits, results, corrections and revisits are the county's business; what was found and what
    became of it is told of the departments whose sheets the reader may read."""
    sheets = {one.sheet_id: one for one in list_sheets_of_firm(actor, firm_id)}
    versions = list_versions_of(sheets)
    readable = {one.sheet_id for one in sheets.values() if _may_read(actor, one)}
    cases = list_of_sheets(readable)
    names = list_person_names(
        {one.by for one in versions}
        | {case.decided_by for case in cases if case.decided_by is not None}
    )
    events = [
        *_visits(sheets.values()),
        *_results(versions, sheets, readable, names),
        *_cases(cases, sheets, names),
        *_revisits(actor, firm_id),
        *_register(actor, firm_id),
    ]
    findings: dict[int, int] = {}
    for case in cases:
        day = sheets[case.sheet_id].ended_on
        if case.state != CaseState.VOID and day is not None:
            findings[day.year] = findings.get(day.year, 0) + 1
    return FirmHistory(
        events=sorted(events, key=lambda one: one.at, reverse=True),
        visits=len({one.inspection_id for one in sheets.values() if one.withdrawn_at is None}),
        findings=dict(sorted(findings.items())),
        open_cases=sum(one.state in (CaseState.OPEN, CaseState.DECIDED) for one in cases),
        hidden=len({one.sheet_id for one in versions} - readable),
    )


def _may_read(actor: Actor, sheet: FirmSheet) -> bool:
    return may(actor, Action.SHEET_READ, Target(actor.jurisdiction_id, sheet.department_id))


def _visits(sheets: Iterable[FirmSheet]) -> Iterator[Happened]:
    seen: set[int] = set()
    for one in sheets:
        number, visit = one.number, one.inspection_id
        if visit not in seen:
            seen.add(visit)
            yield Happened(one.created_at, "drawn", "", number, visit, {"task": one.task})
            if one.withdrawn_at is not None:
                yield Happened(one.withdrawn_at, "withdrawn", "", number, visit)
        if one.ended_on is not None:
            told: dict[str, object] = {"department": one.department}
            yield Happened(_at(one.ended_on), "visited", "", number, visit, told)


def _results(
    versions: Iterable[EnteredVersion],
    sheets: Mapping[int, FirmSheet],
    readable: set[int],
    names: Mapping[int, str],
) -> Iterator[Happened]:
    for one in versions:
        sheet = sheets[one.sheet_id]
        yield Happened(
            one.entered_at,
            "entered" if one.version == 1 else "corrected",
            names.get(one.by, ""),
            sheet.number,
            sheet.inspection_id,
            {
                "department": sheet.department,
                "version": one.version,
                "result": one.result if one.sheet_id in readable else None,
            },
        )


def _cases(
    cases: Iterable[FollowUp], sheets: Mapping[int, FirmSheet], names: Mapping[int, str]
) -> Iterator[Happened]:
    for one in cases:
        sheet = sheets[one.sheet_id]
        number, visit = sheet.number, sheet.inspection_id
        told = {"item": f"{one.item_code} {one.item_text}", "case": one.id}
        found = {**told, "finding": one.finding, "state": one.state}
        yield Happened(one.opened_at, "found", "", number, visit, found)
        if one.decided_at is not None:
            who, decided = names.get(one.decided_by or 0, ""), {**told, "disposal": one.disposal}
            yield Happened(one.decided_at, "decided", who, number, visit, decided)
        if one.done_on is not None:
            done = {**told, "outcome": one.outcome}
            yield Happened(_at(one.done_on), "done", "", number, visit, done)


def _revisits(actor: Actor, firm_id: int) -> Iterator[Happened]:
    for one in list_revisits_of_firm(actor, firm_id):
        number, visit = one.inspection.number, one.inspection_id
        told: dict[str, object] = {"revisit": one.id, "due": one.due_on}
        yield Happened(one.draw.made_at, "revisit_drawn", "", number, visit, told)
        if one.visited_on is not None:
            made = {**told, "outcome": one.outcome, "note": one.note}
            yield Happened(_at(one.visited_on), "revisited", "", number, visit, made)


def _register(actor: Actor, firm_id: int) -> Iterator[Happened]:
    for tier in list_tiers(actor, firm_id):
        yield Happened(
            _at(tier.as_of), "classed",
            details={"kind": tier.kind, "old": tier.old, "tier": tier.tier, "worse": tier.is_worse},
        )  # fmt: skip
    for change in list_changes(actor, "firms", firm_id):
        if "status" in change.changes:
            old, new = change.changes["status"]
            yield Happened(
                change.changed_at, "status", details={"old": old, "new": new, "note": change.reason}
            )


def _at(day: date) -> datetime:
    """A day without an hour stands at its noon, so that it stays that day in every zone."""
    return datetime.combine(day, time(12), SITE_ZONE)

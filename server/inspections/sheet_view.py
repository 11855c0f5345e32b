"""Lookup: everything about one department's sheet, ready for a page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.access import Action, Actor, may
from domain.check_items import CheckItem, Known
from domain.distance import find_far
from domain.firm_part import UNSIGNED, FirmPart, read_firm_part
from domain.judging import Verdict
from domain.results import SheetFacts, entry_preconditions, suggest_code
from server.fieldsync import service as fieldsync
from server.fieldsync.service import SheetRows
from server.i18n import translate as _
from server.inspections.models import Inspection, Sheet
from server.inspections.photo_view import PhotoView, view_photos
from server.inspections.publishing import active_team
from server.inspections.reading import target_of
from server.inspections.sheet_parts import (
    AbsenceView,
    CheckinView,
    ItemView,
    ReturnView,
    SectionView,
    SiblingView,
    SignatureView,
)
from server.inspections.sheet_sources import SheetSources, read_sources
from server.inspections.signature_svg import signature_paths
from server.inspections.wording import (
    absence_word,
    answer_text,
    far_text,
    judge_word,
    outcome_word,
    place_text,
    read_instant,
    relation_text,
    unmet_text,
)
from server.results import service as results
from server.results.models import SheetVersion
from sync.rows import Row
from sync.signing import is_void


@dataclass(frozen=True, slots=True)
class SheetView:
    """One department's sheet for a page. ``seen_content`` goes with the form that enters it;
    ``outcome`` says why nothing could be checked."""

    sheet: Sheet
    sections: tuple[SectionView, ...]
    outcome: str
    signatures: tuple[SignatureView, ...]
    checkins: tuple[CheckinView, ...]
    absences: tuple[AbsenceView, ...]
    unmet: tuple[str, ...]
    findings: Mapping[str, int]
    photos: tuple[PhotoView, ...]
    versions: tuple[SheetVersion, ...]
    returns: tuple[ReturnView, ...]
    seen_content: str
    is_started: bool
    can_review: bool
    can_enter: bool
    can_choose: bool
    can_correct: bool

    @property
    def version(self) -> SheetVersion | None:
        """The version in force of an entered sheet."""
        return self.versions[0] if self.versions else None

    @property
    def items(self) -> list[ItemView]:
        """All items in order."""
        return [item for section in self.sections for item in section.items]

    @property
    def lists(self) -> list[str]:
        """References of its checklists."""
        return [section.reference for section in self.sections]

    @property
    def firm_part(self) -> FirmPart:
        """What stands for the firm."""
        told = [({"role": s.role, "refused": s.is_refused, "reason": s.reason}, s.is_void)
                for s in self.signatures]  # fmt: skip
        return read_firm_part(told)

    @property
    def unsigned(self) -> SignatureView | None:
        """That the firm has not signed again what was changed after a return, where that is what
        stands for it: the lead decides whether that will do."""
        if self.firm_part is not FirmPart.UNSIGNED:
            return None
        return [s for s in self.signatures if s.role == UNSIGNED and not s.is_void][-1]

    @property
    def is_locked(self) -> bool:
        """Whether only a correction can still change it."""
        return self.sheet.state in {"entered", "published"}

    @property
    def answered(self) -> int:
        """Items of which nothing is left to do."""
        return sum(item.is_complete for item in self.items)

    @property
    def waiting_photos(self) -> int:
        """Pictures declared but not received."""
        return sum(not photo.is_received for photo in self.photos)


def judge_sheet(inspection: Inspection, sheet: Sheet, sources: SheetSources) -> SheetFacts:
    """What entry looks at; without a word for a page."""
    items = results.list_items(sources.rows, sources.shelf.list_items)
    own = {m.officer_id for m in active_team(inspection) if m.department_id == sheet.department_id}
    return results.entry_facts(sources.rows, items=items, team=own)


def view_sheet(
    actor: Actor,
    inspection: Inspection,
    sheet: Sheet,
    sources: SheetSources | None = None,
    facts: SheetFacts | None = None,
) -> SheetView:
    """The caller has checked that the actor may read it; ``sources`` and ``facts`` where they were
    read for many sheets together."""
    sources = sources or read_sources([sheet])[sheet.id]
    rows, facts = sources.rows, facts or judge_sheet(inspection, sheet, sources)
    officers = {m.officer_id: m.officer.name for m in inspection.team}
    sections = _sections(sources, facts, officers)
    target = target_of(inspection, sheet)
    # The results come with the form that enters them, so they are not yet due here.
    unmet = [one for one in entry_preconditions(facts) if one.code != "entry.result"]
    findings = Counter(
        one.item.severity for section in sections for one in section.items if one.is_finding
    )
    return SheetView(
        sheet=sheet,
        sections=sections,
        outcome=outcome_word(facts.outcome.outcome if facts.outcome is not None else None),
        signatures=tuple(
            _signature(row, is_void(row, rows.space, rows.code, rows.evidence))
            for row in rows.signatures
        ),
        checkins=tuple(
            _arrival(one, officers, inspection.firm.place)
            for one in rows.attendance.arrived.values()
        ),
        absences=tuple(_absence(one, officers) for one in rows.attendance.absent.values()),
        unmet=tuple(unmet_text(one) for one in unmet),
        findings={key: findings[key] for key in ("critical", "major", "minor") if findings[key]},
        photos=view_photos(rows.photos, officers),
        versions=sources.versions,
        returns=sources.returns,
        seen_content=rows.digest({}),
        is_started=rows.is_begun,
        can_review=may(actor, Action.SHEET_REVIEW, target),
        can_enter=may(actor, Action.SHEET_ENTER, target),
        can_choose=may(actor, Action.SHEET_CHOOSE, target),
        can_correct=may(actor, Action.CORRECTION_REQUEST, target),
    )


def _sections(
    sources: SheetSources, facts: SheetFacts, officers: Mapping[int, str]
) -> tuple[SectionView, ...]:
    sections = []
    for one in sources.rows.lists:
        title, reference = sources.shelf.get_title(one["list"])
        items = [i for i in sources.shelf.list_items(one["list"]) if i.code in one["items"]]
        views = tuple(_item(item, sources, facts, officers) for item in items)
        sections.append(SectionView(title, reference, views))
    return tuple(sections)


def _answer(item: CheckItem, value: Any, facts: SheetFacts) -> str:
    judgement = facts.judgements[item.code]
    if item.known is Known.FIRM_SIGNATURE and judgement.verdict is Verdict.RECORDED:
        return _("以当事人签字或拒签记录为准")
    return answer_text(item, value)


def _item(
    item: CheckItem, sources: SheetSources, facts: SheetFacts, officers: Mapping[int, str]
) -> ItemView:
    rows, judgement = sources.rows, facts.judgements[item.code]
    row = rows.answers.get(item.code)
    writer = sources.writers.get(fieldsync.writing_op(row)) if row and row.siblings else None
    fields: Mapping[str, Any] = row.fields if row else {}
    return ItemView(
        item=item,
        answer=_answer(item, fields.get("value"), facts),
        note=str(fields.get("note") or ""),
        verdict=str(judgement.verdict),
        is_by_rest=fields.get("by_rest") is True,
        outcome=outcome_word(fields.get("outcome")),
        is_complete=not judgement.missing
        and not (item.is_required and judgement.verdict is Verdict.MISSING),
        photos=view_photos(rows.list_photos(item.code), officers, item.code),
        siblings=tuple(
            SiblingView(
                op=one.op,
                author=one.author.name,
                at=read_instant(one.at),
                answer=answer_text(item, one.fields.get("value")),
                verdict=judge_word(one.fields.get("verdict")),
                note=str(one.fields.get("note") or ""),
            )
            for one in (row.siblings if row else ())
        ),
        result=rows.results.get(item.code),
        suggested=suggest_code(judgement, facts.outcome),
        seen=json.dumps(_seen(row) if row is not None else {}),
        writer=writer[0] if writer is not None else "",
        written_at=writer[1] if writer is not None else None,
        comment=_comments(rows).get(item.code, ""),
    )


def _comments(rows: SheetRows) -> Mapping[str, str]:
    """What the lead said of single items with the return that stands."""
    told: Any = rows.row.fields.get("return_comments") if rows.row is not None else None
    return told or {}


def _seen(row: Row) -> dict[str, Any]:
    return {"heads": dict(row.heads), "siblings": [one.op for one in row.siblings]}


def _signature(row: Row, has_changed: bool) -> SignatureView:
    fields: Mapping[str, Any] = row.fields
    size = fields.get("size") or [300, 120]
    return SignatureView(
        name=str(fields.get("name") or ""),
        post=str(fields.get("post") or ""),
        relation=relation_text(fields),
        role=str(fields.get("role") or ""),
        is_refused=bool(fields.get("refused")),
        is_void=has_changed,
        reason=str(fields.get("reason") or ""),
        statement=str(fields.get("statement") or ""),
        at=read_instant(fields.get("at")),
        paths=signature_paths(fields.get("strokes") or []),
        width=max(1, int(size[0])),
        height=max(1, int(size[1])),
    )


def _arrival(
    fields: Mapping[str, Any], officers: Mapping[int, str], firm: Mapping[str, int] | None
) -> CheckinView:
    place = fields.get("place")
    officer = fields.get("officer_id", 0)
    return CheckinView(
        officer,
        officers.get(officer, ""),
        read_instant(fields.get("at")),
        place_text(place),
        fields.get("late") is True,
        far_text(find_far(place, firm)),
    )


def _absence(fields: Mapping[str, Any], officers: Mapping[int, str]) -> AbsenceView:
    return AbsenceView(
        fields["absent"],
        officers.get(fields["absent"], ""),
        absence_word(fields.get("reason")),
        str(fields.get("note") or ""),
        str((fields.get("by") or {}).get("name", "")),
        read_instant(fields.get("at")),
    )

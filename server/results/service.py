"""Use cases: what still keeps a sheet from being entered, and entering it (DESIGN 5; R074, R079).

Entering is asked for by an operation (``sheet.enter``); ``sync.apply`` decides, this writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.checklists import CheckItem, judge_answer
from domain.firm_part import UNSIGNED, FirmPart, read_firm_part
from domain.outcomes import OutcomeFact, find_outcome
from domain.results import OFFICERS_NEEDED, PhotoFact, SheetFacts, Unmet, entry_preconditions, worst
from server.accounts.service import get_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync.sheets import SheetRows, read_sheet
from server.followup.opening import follow_version
from server.inspections.models import Sheet
from server.inspections.records import get_sheet_by_id, list_team_officers
from server.registry.checklists import list_check_items
from server.results.models import SheetCosigner, SheetVersion
from server.results.snapshot import build_snapshot
from server.runtime import now, today
from sync.canonical import dump_canonical, hash_text
from sync.operation import parse_answer
from sync.rows import Row
from sync.signing import is_void

ACCEPTANCE_SETTING = "entry.acceptance_required"


def needs_acceptance(jurisdiction_id: int) -> bool:
    """Whether the lead accepts before entry: on by default, the lock is final."""
    return bool(get_jurisdiction(jurisdiction_id).settings.get(ACCEPTANCE_SETTING, True))


def list_items(
    sheet: SheetRows, items_of: Callable[[str], tuple[CheckItem, ...]] = list_check_items
) -> list[CheckItem]:
    """The sheet's items in the order of its lists, from the versions fixed when it was made."""
    return [
        item for one in sheet.lists for item in items_of(one["list"]) if item.code in one["items"]
    ]


def entry_facts(
    sheet: SheetRows,
    results: Mapping[str, int] | None = None,
    *,
    items: list[CheckItem] | None = None,
    team: Collection[int] | None = None,
) -> SheetFacts:
    """Everything ``domain.results.entry_preconditions`` looks at. ``results`` are those about to
    be entered; without them the ones on record count. ``items`` and ``team`` (the department's
    officers of today) are for who has read them for many sheets; else they are looked up."""
    items, on_day = list_items(sheet) if items is None else items, today()
    team = _team_officers(sheet) if team is None else set(team)
    firm = [row for row in sheet.signatures if row.fields.get("role") == "firm"]
    refused = [row for row in firm if row.fields.get("refused")]
    reasons = [str(row.fields.get("reason") or "").strip() for row in refused]
    reason = next((one for one in reasons if one), None)
    checked_in = team & sheet.attendance.arrived.keys()
    signed = team & {_officer(r) for r in sheet.signatures if _is_officer(r)}
    is_refused = reason is not None and len(signed & checked_in) >= OFFICERS_NEEDED
    judgements = {
        item.code: judge_answer(
            item,
            sheet.answers[item.code].fields if item.code in sheet.answers else {},
            sheet.count_originals(item.code),
            sheet.ended_on,
            on_day,
            has_firm_signed=len(firm) > len(refused) or is_refused,
        )
        for item in items
    }
    is_unsigned, standing = _unsigned(sheet)
    return SheetFacts(
        is_ended=sheet.ended_on is not None and sheet.ended_on <= on_day,
        checked_in=checked_in,
        judgements=judgements,
        photos=[_photo_fact(row) for row in sheet.photos],
        signed_officers=signed,
        firm_signed=len(firm) > len(refused),
        firm_refusal_reason=reason,
        open_siblings=[row.id for row in sheet.evidence if row.is_open],
        results=results if results is not None else sheet.results,
        is_accepted=sheet.state == "accepted",
        firm_unsigned=is_unsigned,
        standing_officers=team & standing,
        acceptance_required=needs_acceptance(sheet.jurisdiction_id),
        outcome=outcome_of(sheet, items),
    )


def _unsigned(sheet: SheetRows) -> tuple[bool, set[int]]:
    """Whether the firm has not signed again after a return, and the officers whose signature covers
    what stands now; those are not looked at where nobody says so."""
    if not any(row.fields.get("role") == UNSIGNED for row in sheet.signatures):
        return False, set()
    told = [
        (row, is_void(row, sheet.space, sheet.code, sheet.evidence)) for row in sheet.signatures
    ]
    part = read_firm_part((row.fields, has_changed) for row, has_changed in told)
    standing = {_officer(row) for row, has_changed in told if _is_officer(row) and not has_changed}
    return part is FirmPart.UNSIGNED, standing


def outcome_of(sheet: SheetRows, items: Iterable[CheckItem]) -> OutcomeFact | None:
    """Why nothing could be checked, where that is on record."""
    codes = [item.code for item in items]
    photos = {code: sheet.count_originals(code) for code in codes}
    return find_outcome({code: row.fields for code, row in sheet.answers.items()}, photos, codes)


def list_unmet(inspection_id: int, code: str, results: Mapping[str, int] | None) -> list[Unmet]:
    """Every entry precondition that does not hold, all at once; empty when entry may go on."""
    return entry_preconditions(entry_facts(read_sheet(inspection_id, code), results))


def enter_sheet(
    inspection_id: int, code: str, *, op: str, person_id: int, results: Mapping[str, int]
) -> SheetVersion:
    """Writes version 1 and locks the sheet; from the flush on the triggers refuse any change.

    To be called by the apply code alone, in its unit of work, after it decided that content,
    heads and preconditions hold.
    """
    with unit_of_work() as work:
        sheet = read_sheet(inspection_id, code)
        content = dump_canonical(sheet.content(results))
        result, at = worst(results.values()), now()
        assert result is not None, "a sheet without items cannot be entered"
        version = SheetVersion(
            jurisdiction_id=sheet.jurisdiction_id,
            sheet_id=sheet.sheet_id,
            version=1,
            op=op,
            content=content,
            digest=hash_text(content),
            result_code=result,
            entered_by=person_id,
            entered_at=at,
            snapshot=build_snapshot(sheet, list_items(sheet), results, person_id, at),
        )
        work.add(version)
        work.flush()
        _lock(get_sheet_by_id(sheet.sheet_id), version, results, at)
        _follow(sheet, version)
        write_event(
            sheet.jurisdiction_id, person_id, "sheet.entered", f"{sheet.space}/{code}", op=op
        )
        work.flush()
        return version


def _lock(sheet: Sheet, version: SheetVersion, results: Mapping[str, int], at: datetime) -> None:
    sheet.state = "entered"
    sheet.entered_by, sheet.entered_at = version.entered_by, at
    sheet.entered_op, sheet.entered_version = version.op, version.version
    sheet.results, sheet.result_code = dict(results), version.result_code


def append_version(
    sheet: SheetRows, number: int, *, op: str, person_id: int, correction: Mapping[str, Any]
) -> SheetVersion:
    """Writes version ``number`` of an entered sheet beside the earlier ones, which stay. ``sheet``
    is what holds from now on, ``correction`` what changed, for people. To be called by
    ``corrections`` alone, in its unit of work, under the space's lock."""
    content, at = dump_canonical(sheet.content(sheet.results)), now()
    result = worst(sheet.results.values())
    assert result is not None, "an entered sheet has results"
    version = SheetVersion(
        jurisdiction_id=sheet.jurisdiction_id,
        sheet_id=sheet.sheet_id,
        version=number,
        op=op,
        content=content,
        digest=hash_text(content),
        result_code=result,
        entered_by=person_id,
        entered_at=at,
        snapshot=build_snapshot(sheet, list_items(sheet), sheet.results, person_id, at, correction),
    )
    db.session.add(version)
    db.session.flush()
    _follow(sheet, version)
    return version


def _follow(sheet: SheetRows, version: SheetVersion) -> None:
    """Each problem of the version in force has its follow-up case from this commit on (R043)."""
    follow_version(
        jurisdiction_id=sheet.jurisdiction_id,
        inspection_id=sheet.inspection_id,
        sheet_id=sheet.sheet_id,
        department_id=get_sheet_by_id(sheet.sheet_id).department_id,
        version=version.version,
        items=version.snapshot["items"],
        person_id=version.entered_by,
    )


def list_versions(sheet_id: int) -> list[SheetVersion]:
    """Every version of an entered sheet, the newest first."""
    query = select(SheetVersion).where(SheetVersion.sheet_id == sheet_id)
    return list(db.session.scalars(query.order_by(SheetVersion.version.desc())))


def map_versions(sheet_ids: Collection[int]) -> dict[int, list[SheetVersion]]:
    """Sheet → all its versions, the newest first; sheets that are not entered are left out."""
    found: dict[int, list[SheetVersion]] = {}
    if not sheet_ids:
        return found
    query = select(SheetVersion).where(SheetVersion.sheet_id.in_(sheet_ids))
    for one in db.session.scalars(query.order_by(SheetVersion.version.desc())):
        found.setdefault(one.sheet_id, []).append(one)
    return found


def list_version_numbers(sheet_ids: Iterable[int]) -> dict[int, int]:
    """Sheet → the number of its version in force; without those that are not entered."""
    query = select(SheetVersion.sheet_id, func.max(SheetVersion.version))
    query = query.where(SheetVersion.sheet_id.in_(set(sheet_ids)))
    query = query.group_by(SheetVersion.sheet_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def find_version(sheet_id: int) -> SheetVersion | None:
    """The newest version of an entered sheet."""
    query = select(SheetVersion).where(SheetVersion.sheet_id == sheet_id)
    return db.session.scalar(query.order_by(SheetVersion.version.desc()).limit(1))


def find_entered_digest(sheet_id: int) -> str | None:
    """The digest of the version that locked the sheet: what a second signer may co-sign."""
    query = select(SheetVersion.digest).where(SheetVersion.sheet_id == sheet_id)
    return db.session.scalar(query.order_by(SheetVersion.version).limit(1))


def add_cosigner(sheet_id: int, *, op: str, person_id: int) -> None:
    """Records a second officer who entered the same content; once per person."""
    with unit_of_work() as work:
        version = work.scalars(
            select(SheetVersion)
            .where(SheetVersion.sheet_id == sheet_id)
            .order_by(SheetVersion.version)
            .limit(1)
        ).one()
        known = work.scalar(
            select(SheetCosigner.id).where(
                SheetCosigner.sheet_version_id == version.id, SheetCosigner.person_id == person_id
            )
        )
        if known is None and version.entered_by != person_id:
            work.add(
                SheetCosigner(
                    jurisdiction_id=version.jurisdiction_id,
                    sheet_version_id=version.id,
                    person_id=person_id,
                    op=op,
                    at=now(),
                )
            )
            work.flush()


def _team_officers(sheet: SheetRows) -> set[int]:
    """Officers of the sheet's department on the team: nobody else's presence counts (R048)."""
    own = get_sheet_by_id(sheet.sheet_id)
    return set(list_team_officers(sheet.inspection_id, own.department_id))


def _officer(row: Row) -> int:
    officer_id = row.fields.get("officer_id")
    return officer_id if isinstance(officer_id, int) else 0


def _is_officer(row: Row) -> bool:
    return row.fields.get("role") == "officer" and not row.fields.get("refused")


def _photo_fact(row: Row) -> PhotoFact:
    attached = row.fields["attached"]
    assert isinstance(attached, list)
    found = (parse_answer(str(entity)) for entity in attached)
    return PhotoFact(
        sha256=str(row.fields["sha256"]),
        items=tuple(one[1] for one in found if one is not None),
        is_received=row.fields.get("stored") is True,
    )

"""Use cases of the firm behind its link: what it sees of its own record, confirming that it has
read, 陈述申辩, handing in proof. Everything is one row more, and told to the department.

The firm sees what was entered and told, nothing else: no sheet that another department has not
entered, no note among officers, nobody's telephone number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from domain.access import Actor
from domain.errors import fault
from domain.followup import CaseState
from domain.reasons import parse_reason
from domain.telling import MAX_ACTS, FirmAct, Way, photos_of, proof_may_be_handed_in
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.followup import service as followup
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet
from server.inspections.signature_svg import signature_paths
from server.results import service as results
from server.results.models import SheetVersion
from server.runtime import now, today
from server.telling.delivering import Proof
from server.telling.models import (
    FirmActRow,
    FirmLink,
    FirmVisit,
    NoticeDelivery,
    ResultNotice,
)
from server.telling.opening import FIRM
from server.telling.reading import list_acts, list_deliveries, list_notices, standing

MAX_VIEW_CHARACTERS = 4000
MAX_NOTE_CHARACTERS = 500
OF_THE_FIRM = ("firm", "notice")  # whose signatures it may see: its own person's


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """Of the firm's own person."""

    name: str
    role: str
    paths: tuple[str, ...]
    width: int
    height: int
    is_refused: bool


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """One department's entered result as the firm sees it. ``notice`` is the newest of the version
    in force, ``delivery`` what stands of it."""

    sheet: Sheet
    version: SheetVersion
    notice: ResultNotice | None
    delivery: NoticeDelivery | None
    cases: tuple[FollowUp, ...]
    acts: tuple[FirmActRow, ...]
    signatures: tuple[OwnSignature, ...]

    @property
    def photos(self) -> list[tuple[str, str]]:
        """(item, hash) of each picture in it."""
        items: Sequence[Mapping[str, Any]] = self.version.snapshot["items"]
        return [(one["code"], sha256) for one in items for sha256 in one["photos"]]

    @property
    def is_confirmed(self) -> bool:
        """Whether the firm itself confirmed the notice in force."""
        return any(
            one.kind == FirmAct.READ and self.notice and one.notice_id == self.notice.id
            for one in self.acts
        )

    @property
    def open_cases(self) -> list[FollowUp]:
        """Those proof may be handed in for."""
        return [one for one in self.cases if proof_may_be_handed_in(one.state)]


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """The visit as the firm sees it; ``waiting`` are departments that have not entered yet."""

    inspection: Inspection
    sheets: tuple[OwnSheet, ...]
    waiting: tuple[str, ...]

    def get(self, code: str) -> OwnSheet:
        """Raises ``sheet.not_found``, also for a sheet that is not entered."""
        for one in self.sheets:
            if one.sheet.code == code:
                return one
        raise fault("sheet.not_found")


def read_record(link: FirmLink) -> OwnRecord:
    """After ``require_visit``."""
    inspection = link.inspection
    entered = [one for one in inspection.sheets if one.entered_at is not None]
    waiting = [one.department.name for one in inspection.sheets if one.entered_at is None]
    found = tuple(_own(inspection, one) for one in entered)
    return OwnRecord(inspection, found, tuple(waiting))


def find_picture(link: FirmLink, sha256: str, *, is_small: bool) -> Path:
    """A photo of the firm's own entered record. Raises ``photo.not_found``."""
    named = {sha for one in read_record(link).sheets for sha in photos_of(one.version.snapshot)}
    if sha256 not in named:
        raise fault("photo.not_found")
    return fieldsync.get_shown_picture(sha256, is_small=is_small)


def confirm_read(link: FirmLink, visit: FirmVisit, code: str, notice_id: int, signer: str) -> None:
    """电子送达: the firm's person agrees to it and confirms the notice. Once for each notice.
    Raises ``telling.needs_receiver``, ``telling.notice_not_found``."""
    signer = parse_reason(signer, 80)
    if not signer:
        raise fault("telling.needs_receiver")
    own = read_record(link).get(code)
    if own.notice is None or own.notice.id != notice_id:
        raise fault("telling.notice_not_found")
    with unit_of_work() as work:
        fieldsync.lock_space(own.sheet.inspection.space)
        told = standing(list_deliveries([own.sheet.id]))
        is_confirmed = any(one.notice_id == notice_id and one.way == Way.ELECTRONIC for one in told)
        if is_confirmed:
            return
        act = _act(link, visit, FirmAct.READ, own, notice_id=notice_id, signer=signer)
        work.add(
            NoticeDelivery(
                jurisdiction_id=link.jurisdiction_id,
                notice_id=notice_id,
                sheet_id=own.sheet.id,
                version=own.notice.version,
                way=Way.ELECTRONIC.value,
                delivered_on=today(),
                receiver=signer,
                act_id=act.id,
                recorded_at=now(),
            )
        )


def state_view(
    link: FirmLink, visit: FirmVisit, code: str, text: str, signer: str, file: Proof | None
) -> FirmActRow:
    """陈述申辩. Raises ``telling.needs_view``, ``telling.needs_receiver``, ``reason.too_long``,
    ``telling.too_many`` and what ``keep_document`` raises."""
    text = parse_reason(text, MAX_VIEW_CHARACTERS)
    signer = parse_reason(signer, 80)
    if not text:
        raise fault("telling.needs_view")
    if not signer:
        raise fault("telling.needs_receiver")
    own = read_record(link).get(code)
    _require_room(link)
    kept = fieldsync.keep_document(file.stream) if file is not None else None
    with unit_of_work():
        return _act(link, visit, FirmAct.VIEW, own, text=text, signer=signer, file=file, kept=kept)


def hand_in(
    link: FirmLink, visit: FirmVisit, code: str, case_id: int, note: str, file: Proof | None
) -> FirmActRow:
    """改正证明: waits for the department, and closes nothing by itself. Raises
    ``telling.needs_file``, ``follow_up.not_found`` for a case that is not this firm's,
    ``telling.case_closed``, ``telling.too_many`` and what ``keep_document`` raises."""
    note = parse_reason(note, MAX_NOTE_CHARACTERS)
    if file is None:
        raise fault("telling.needs_file")
    own = read_record(link).get(code)
    case = next((one for one in own.cases if one.id == case_id), None)
    if case is None:
        raise fault("follow_up.not_found")
    if not proof_may_be_handed_in(case.state):
        raise fault("telling.case_closed")
    _require_room(link)
    kept = fieldsync.keep_document(file.stream)
    with unit_of_work():
        return _act(
            link, visit, FirmAct.PROOF, own, text=note, case_id=case.id, file=file, kept=kept
        )


def _own(inspection: Inspection, sheet: Sheet) -> OwnSheet:
    version = results.find_version(sheet.id)
    assert version is not None, "an entered sheet has a version"
    notices = [one for one in list_notices([sheet.id]) if one.version == version.version]
    told = [one for one in standing(list_deliveries([sheet.id])) if one.version == version.version]
    cases = [one for one in followup.list_of_sheets([sheet.id]) if one.state != CaseState.VOID]
    return OwnSheet(
        sheet=sheet,
        version=version,
        notice=notices[0] if notices else None,
        delivery=told[0] if told else None,
        cases=tuple(cases),
        acts=tuple(list_acts([sheet.id])),
        signatures=_signatures(inspection, sheet),
    )


def _signatures(inspection: Inspection, sheet: Sheet) -> tuple[OwnSignature, ...]:
    rows = fieldsync.read_sheet(inspection.id, sheet.code).signatures
    found = []
    for row in rows:
        fields: Mapping[str, Any] = row.fields
        if fields.get("role") in OF_THE_FIRM:
            size = fields.get("size") or [300, 120]
            found.append(
                OwnSignature(
                    name=str(fields.get("name") or ""),
                    role=str(fields["role"]),
                    paths=signature_paths(fields.get("strokes") or []),
                    width=max(1, int(size[0])),
                    height=max(1, int(size[1])),
                    is_refused=bool(fields.get("refused")),
                )
            )
    return tuple(found)


def _require_room(link: FirmLink) -> None:
    query = select(func.count()).select_from(FirmActRow).where(FirmActRow.link_id == link.id)
    if (db.session.scalar(query) or 0) >= MAX_ACTS:
        raise fault("telling.too_many")


def _act(
    link: FirmLink,
    visit: FirmVisit,
    kind: FirmAct,
    own: OwnSheet,
    *,
    text: str = "",
    signer: str = "",
    notice_id: int | None = None,
    case_id: int | None = None,
    file: Proof | None = None,
    kept: fieldsync.Document | None = None,
) -> FirmActRow:
    if kept is not None:
        fieldsync.record_document(county_of(link), kept)
    act = FirmActRow(
        jurisdiction_id=link.jurisdiction_id,
        link_id=link.id,
        visit_id=visit.id,
        sheet_id=own.sheet.id,
        notice_id=notice_id,
        follow_up_id=case_id,
        kind=kind.value,
        text=text,
        signer=signer,
        document_sha256=kept.sha256 if kept else "",
        document_name=file.name[-200:] if kept and file else "",
        at=now(),
    )
    db.session.add(act)
    db.session.flush()
    write_event(
        link.jurisdiction_id,
        None,
        f"firm.{kind.value}",
        f"{own.sheet.inspection.space}/{own.sheet.code}",
        actor=FIRM,
        name=signer,
        version=own.version.version,
        **({"sha256": kept.sha256} if kept else {}),
    )
    return act


def county_of(link: FirmLink) -> Actor:
    """Whose bytes they are: the county's. Nobody's rights go with it."""
    return Actor(0, link.jurisdiction_id, None, frozenset())

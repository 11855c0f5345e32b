"""Lookups: notices, deliveries, the firm's link and acts, of one sheet or one visit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain.access import Action, Actor, may
from domain.county_settings import read_setting
from domain.deadlines import DeadlineState, deadline_state, due_date, working_days_left
from domain.errors import fault
from domain.telling import FirmAct, TellingState, Way, effective_on, state_of
from server.accounts.service import get_jurisdiction
from server.db import db
from server.deadlines.calendar import load_calendar
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.results import service as results
from server.results.models import SheetVersion
from server.runtime import SITE_ZONE, now, today
from server.telling.models import FirmActRow, FirmCode, FirmLink, NoticeDelivery, ResultNotice

WITHIN_SETTING = "telling.within_days"
ANSWERED = (FirmAct.VIEW, FirmAct.PROOF)  # what waits for the department


@dataclass(frozen=True, slots=True)
class Telling:
    """How far one department's result has come to the firm. Newest first: ``notices``,
    ``deliveries``, ``acts``. ``due``: by when the version in force is to be told."""

    inspection: Inspection
    sheet: Sheet
    version: SheetVersion | None
    notices: list[ResultNotice]
    deliveries: list[NoticeDelivery]
    acts: list[FirmActRow]
    link: FirmLink | None
    code: FirmCode | None
    due: date | None
    urgency: DeadlineState | None
    days_left: int | None
    can_record: bool

    @property
    def notice(self) -> ResultNotice | None:
        """The newest of the version in force."""
        wanted = self.version.version if self.version else 0
        return next((one for one in self.notices if one.version == wanted), None)

    @property
    def delivery(self) -> NoticeDelivery | None:
        """The newest that stands, of the version in force."""
        wanted = self.version.version if self.version else 0
        found = [one for one in standing(self.deliveries) if one.version == wanted]
        return found[0] if found else None

    @property
    def open_acts(self) -> list[FirmActRow]:
        """What the firm sent and nobody has answered."""
        return [one for one in self.acts if one.kind in ANSWERED and one.answer is None]

    @property
    def state(self) -> TellingState:
        """See ``domain.telling``."""
        has_view = any(one.kind == FirmAct.VIEW for one in self.open_acts)
        return state_of(self.delivery is not None, has_view)


def view_telling(actor: Actor, inspection_id: int, code: str) -> Telling:
    """Raises ``inspection.not_found``, ``sheet.not_found``, and ``access.denied`` for a result that
    is another department's."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_READ, inspections.target_of(inspection, sheet))
    return _view(actor, inspection, sheet)


def list_of_inspection(actor: Actor, inspection: Inspection) -> dict[str, Telling]:
    """Sheet code → how far it is, of the entered sheets this person may see to."""
    return {
        sheet.code: _view(actor, inspection, sheet)
        for sheet in inspection.sheets
        if sheet.entered_at is not None
        and may(actor, Action.TELLING_READ, inspections.target_of(inspection, sheet))
    }


@dataclass(frozen=True, slots=True)
class Told:
    """All of one sheet for the file of its visit, the oldest first."""

    notices: tuple[ResultNotice, ...] = ()
    deliveries: tuple[NoticeDelivery, ...] = ()
    acts: tuple[FirmActRow, ...] = ()


NOTHING_TOLD = Told()


def read_told(actor: Actor, inspection: Inspection, sheet: Sheet) -> Told:
    """Nothing for whoever may not read it."""
    if not may(actor, Action.TELLING_READ, inspections.target_of(inspection, sheet)):
        return NOTHING_TOLD
    return Told(
        tuple(reversed(list_notices([sheet.id]))),
        tuple(reversed(list_deliveries([sheet.id]))),
        tuple(reversed(list_acts([sheet.id]))),
    )


def find_told_version(sheet_id: int) -> int:
    """The newest version of which a delivery stands; 0 for none. Without an actor: how far it is,
    is no secret of the department."""
    return max((one.version for one in standing(list_deliveries([sheet_id]))), default=0)


def standing(deliveries: Collection[NoticeDelivery]) -> list[NoticeDelivery]:
    """Of each notice the newest entry, unless it declares the earlier ones void; newest first."""
    newest: dict[int, NoticeDelivery] = {}
    for one in sorted(deliveries, key=lambda one: -one.id):
        newest.setdefault(one.notice_id, one)
    return [one for one in newest.values() if not one.is_void]


def list_notices(sheet_ids: Collection[int]) -> list[ResultNotice]:
    """The newest first; whose business it is, is the caller's to ask."""
    query = select(ResultNotice).where(ResultNotice.sheet_id.in_(set(sheet_ids)))
    return list(db.session.scalars(query.order_by(ResultNotice.id.desc())))


def list_deliveries(sheet_ids: Collection[int]) -> list[NoticeDelivery]:
    """The newest first."""
    query = select(NoticeDelivery).where(NoticeDelivery.sheet_id.in_(set(sheet_ids)))
    return list(db.session.scalars(query.order_by(NoticeDelivery.id.desc())))


def find_delivery(notice: ResultNotice) -> NoticeDelivery | None:
    """What stands of it; whose business it is, is the caller's to ask."""
    found = standing(list_deliveries([notice.sheet_id]))
    return next((one for one in found if one.notice_id == notice.id), None)


def list_acts(sheet_ids: Collection[int]) -> list[FirmActRow]:
    """What the firm did about these sheets, the newest first."""
    query = (
        select(FirmActRow)
        .where(FirmActRow.sheet_id.in_(set(sheet_ids)))
        .options(joinedload(FirmActRow.answer))
    )
    return list(db.session.scalars(query.order_by(FirmActRow.id.desc())))


def find_link(inspection_id: int) -> FirmLink | None:
    """The one that is alive."""
    query = select(FirmLink).where(
        FirmLink.inspection_id == inspection_id, FirmLink.revoked_at.is_(None)
    )
    return db.session.scalar(query.order_by(FirmLink.id.desc()).limit(1))


def find_code(link_id: int) -> FirmCode | None:
    """The newest; whether it may still be tried is ``domain.telling``'s to say."""
    query = select(FirmCode).where(FirmCode.link_id == link_id)
    return db.session.scalar(query.order_by(FirmCode.id.desc()).limit(1))


def get_notice(actor: Actor, inspection_id: int, code: str, notice_id: int) -> ResultNotice:
    """Raises ``telling.notice_not_found`` and as ``view_telling``."""
    for one in view_telling(actor, inspection_id, code).notices:
        if one.id == notice_id:
            return one
    raise fault("telling.notice_not_found")


def get_file(
    actor: Actor, inspection_id: int, code: str, kind: str, row_id: int
) -> tuple[str, Path]:
    """Type and file of a delivery's proof or of what the firm sent. Raises
    ``attachment.not_found`` and as ``view_telling``."""
    view = view_telling(actor, inspection_id, code)
    rows: list[NoticeDelivery] | list[FirmActRow]
    rows = view.deliveries if kind == "delivery" else view.acts
    for one in rows:
        if one.id == row_id and one.document_sha256:
            return fieldsync.get_document(one.document_sha256)
    raise fault("attachment.not_found")


def told_on(delivery: NoticeDelivery) -> date:
    """视为送达之日."""
    return effective_on(Way(delivery.way), delivery.delivered_on)


def within_days(jurisdiction_id: int) -> int:
    """The term in working days."""
    return int(read_setting(get_jurisdiction(jurisdiction_id).settings, WITHIN_SETTING))


def _view(actor: Actor, inspection: Inspection, sheet: Sheet) -> Telling:
    version, link = results.find_version(sheet.id), find_link(inspection.id)
    deliveries = list_deliveries([sheet.id])
    due, urgency, left = None, None, None
    if version is not None:
        calendar = load_calendar()
        entered_on = version.entered_at.astimezone(SITE_ZONE).date()
        due = due_date(entered_on, within_days(sheet.jurisdiction_id), calendar).due
        met = [told_on(one) for one in standing(deliveries) if one.version == version.version]
        urgency = deadline_state(due, today(), min(met, default=None), calendar)
        left = working_days_left(due, today(), calendar)
    target = inspections.target_of(inspection, sheet)
    return Telling(
        inspection=inspection,
        sheet=sheet,
        version=version,
        notices=list_notices([sheet.id]),
        deliveries=deliveries,
        acts=list_acts([sheet.id]),
        link=link,
        code=find_code(link.id) if link else None,
        due=due,
        urgency=urgency,
        days_left=left,
        can_record=version is not None and may(actor, Action.TELLING_RECORD, target),
    )


def is_code_alive(code: FirmCode | None) -> bool:
    """For the office: whether somebody could still open the link with it."""
    return (
        code is not None
        and code.used_at is None
        and code.revoked_at is None
        and code.expires_at > now()
    )

"""Lookup: where a part of a visit is stuck, in words, for the rows of one page (R088).

Of a sheet the actor may not read only its state is told: what it lacks is its department's
business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor
from domain.publication_rates import Step
from domain.results import entry_preconditions
from server.deadlines.service import BoardRow
from server.i18n import format_instant
from server.i18n import translate as _
from server.inspections.day import SheetOfDay, sheets_of
from server.inspections.models import Sheet
from server.inspections.reading import list_by_ids
from server.inspections.wording import unmet_text
from server.publication.records import Standing, map_standing
from server.publication.service import part_of
from server.results import service as results
from server.runtime import today

LACKS_NAMED = 2
# Not yet due before the lead has decided and the results are chosen.
LATER = {"entry.result", "entry.not_accepted"}


@dataclass(frozen=True, slots=True)
class Stuck:
    """``word`` says where it is, ``since`` from when on, ``details`` what it waits for there."""

    word: str
    since: datetime | None = None
    details: tuple[str, ...] = ()


def explain(actor: Actor, rows: Sequence[BoardRow]) -> dict[int, Stuck]:
    """By sheet. The number of statements does not grow with the rows."""
    visits = list_by_ids({row.sheet.inspection_id for row in rows})
    sheets = {sheet.id: sheet for visit in visits for sheet in visit.sheets}
    wanted = {row.sheet.sheet_id for row in rows}
    read = {
        one.sheet.id: one
        for made in sheets_of(actor, visits).values()
        for one in made
        if one.sheet.id in wanted
    }
    entered = [one for one in wanted if sheets[one].entered_at is not None]
    versions, standing = results.list_version_numbers(entered), map_standing(entered)
    found = {}
    for row in rows:
        sheet = sheets[row.sheet.sheet_id]
        if sheet.entered_at is None:
            found[sheet.id] = _before_entry(row, sheet, read.get(sheet.id))
        else:
            part = part_of(True, versions.get(sheet.id, 0), standing.get(sheet.id, Standing()))
            found[sheet.id] = _after_entry(part.next_step, sheet)
    return found


def _before_entry(row: BoardRow, sheet: Sheet, read: SheetOfDay | None) -> Stuck:
    lacks = _lacks(read)
    match sheet.state:
        case "submitted":
            return Stuck(_("待组长审核"), sheet.submitted_at, _on_phones(read))
        case "accepted":
            return Stuck(_("审核通过，待录入"), sheet.accepted_at, lacks)
        case "returned":
            reason = _("退回意见：{reason}", reason=sheet.return_reason)
            return Stuck(_("退回修改中"), None, (reason, *_on_phones(read)))
    phones = _on_phones(read)
    if phones:
        return Stuck(_("记录还在手机上"), None, phones)
    if row.sheet.ended_on is not None or (read is not None and read.is_begun):
        return Stuck(_("检查中，尚未提交"), None, lacks)
    return Stuck(_visit_word(row))


def _visit_word(row: BoardRow) -> str:
    planned = row.sheet.planned_on
    if planned is None:
        return _("尚未安排检查日期")
    if planned < today():
        return _("过了计划日，尚未检查")
    return _("待检查")


def _after_entry(step: Step, sheet: Sheet) -> Stuck:
    match step:
        case Step.DONE:
            return Stuck(_("已公示"), sheet.published_at)
        case Step.PUBLICATION:
            return Stuck(_("待登记公示情况"), sheet.entered_at)
        case _:
            return Stuck(_("待登记平台回执"), sheet.entered_at)


def _lacks(read: SheetOfDay | None) -> tuple[str, ...]:
    """The first preconditions of entry that do not hold, and how many more there are."""
    if read is None:
        return ()
    unmet = [one for one in entry_preconditions(read.entry) if one.code not in LATER]
    told = tuple(unmet_text(one) for one in unmet[:LACKS_NAMED])
    more = len(unmet) - len(told)
    return (*told, _("另有 {n} 项未满足", n=more)) if more else told


def _on_phones(read: SheetOfDay | None) -> tuple[str, ...]:
    """Whose phone holds what of this sheet, or said so of all its visits together."""
    if read is None:
        return ()
    told = []
    for holder in read.holders:
        if holder.photos:
            told.append(
                _(
                    "{n} 张照片未收到（{name}）",
                    n=holder.photos,
                    name=holder.name or _("原检查人员"),
                )
            )
        if holder.held:
            told.append(_("{name}的 {n} 条记录等待前序记录", n=holder.held, name=holder.name))
        for phone in holder.phones:
            name = " ".join(one for one in (holder.name, phone.name) if one)
            said = _(
                "{name}的手机有 {records} 条记录、{photos} 张照片未上传（含其他检查）",
                name=name,
                records=phone.records,
                photos=phone.photos,
            )
            at = _("，{at} 报告", at=format_instant(phone.at)) if phone.at else ""
            told.append(said + at)
    return tuple(told)

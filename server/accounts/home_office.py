"""What the start page offers to the office: what results, reports and tips from the public ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from domain.access import Action, Actor, Target, may, may_ever
from domain.publication_rates import Step
from domain.reports.report_calendar import DueState
from server.clues.overview import count_clues
from server.followup.overview import Wanted, count_cases, list_cases
from server.i18n import format_day
from server.i18n import translate as _
from server.publication.overview import count_own
from server.reports.service import list_due as list_due_reports
from server.reports.wording import due_word
from server.telling.overview import count_tellings

OVERDUE_NAMED = 2  # firms on a card; the list behind it has all


@dataclass(frozen=True, slots=True)
class Card:
    """A door: title, number (None for none), a hint, where it leads, tone ok|warn|error|info."""

    title: str
    number: int | None
    hint: str
    href: str
    tone: str = "info"


def office_cards(actor: Actor) -> list[Card]:
    """In the order of the work; each only for whoever may open what is behind it."""
    return [
        *_platform(actor),
        *_reports(actor),
        *_follow_ups(actor),
        *_tellings(actor),
        *_clues(actor),
    ]


def _platform(actor: Actor) -> list[Card]:
    """Results of the own department on their way to the public, while there are any."""
    if not may_ever(actor, Action.RECEIPT_RECORD):
        return []
    counts = count_own(actor)
    steps = (
        (Step.RECEIPT, _("待录平台"), _("已录入锁定，待录入官方平台并登记回执")),
        (Step.PUBLICATION, _("待公示"), _("已有平台回执，待登记公示情况")),
    )
    return [
        Card(title, counts[step], hint, _waiting(step, actor), "warn")
        for step, title, hint in steps
        if counts[step]
    ]


def _waiting(step: Step, actor: Actor) -> str:
    return url_for("publication.missing", step=step.value, department=actor.department_id)


def _reports(actor: Actor) -> list[Card]:
    """Reports that are due within days or late; only while there are any."""
    if not may(actor, Action.REPORT_MAKE, None) or not (due := list_due_reports()):
        return []
    first = due[0]
    tone = "error" if first.state is DueState.OVERDUE else "warn"
    what, when = due_word(first.when.key), first.when
    hint = _("{what}，{day} 前，含当日", what=what, day=format_day(when.due))
    if when.due != when.nominal:
        day = format_day(when.nominal)
        hint = _("{hint}（规定 {day}，遇休息日提前）", hint=hint, day=day)
    return [Card(_("待报送的报表"), len(due), hint, url_for("reports.list_reports"), tone)]


def _follow_ups(actor: Actor) -> list[Card]:
    """Problems that are not dealt with, for whoever keeps them."""
    if not may_ever(actor, Action.FOLLOW_UP_READ):
        return []
    counts = count_cases(actor)
    late, open_ = counts["overdue"], counts["unfinished"]
    cards = []
    if late:
        rows = list_cases(actor, Wanted(state="overdue"), size=OVERDUE_NAMED).rows
        firms = _("、").join(dict.fromkeys(one.firm for one in rows))
        hint = _("{firms}等", firms=firms) if late > len(rows) else firms
        href = url_for("followup.list_all", state="overdue")
        cards.append(Card(_("超期的后续处置"), late, hint, href, "error"))
    hint = _("后续处置无例外，每个问题都要办结") if open_ else _("没有未办结的问题")
    href = url_for("followup.list_all", state="unfinished")
    cards.append(Card(_("未办结的问题"), open_, hint, href, "warn" if open_ else "ok"))
    return cards


def _clues(actor: Actor) -> list[Card]:
    """What the public reported and nobody has ended; where there is any, or for who decides."""
    if not may_ever(actor, Action.CLUE_READ):
        return []
    counts = count_clues(actor)
    late, open_ = counts["overdue"], counts["unfinished"]
    if not open_ and not may(actor, Action.CLUE_HANDLE, Target(actor.jurisdiction_id)):
        return []
    hint = (
        _("其中 {n} 件已超期", n=late)
        if late
        else _("其中 {n} 件待受理", n=counts["received"])
        if counts["received"]
        else _("公众举报，均须受理或说明理由")
    )
    tone = "error" if late else "warn" if counts["received"] else "info"
    href = url_for("clues.list_all", state="unfinished")
    return [Card(_("未办结的举报线索"), open_, hint, href, tone)]


def _tellings(actor: Actor) -> list[Card]:
    """Firms that were not told, and those that answered; only while there are any."""
    if not may_ever(actor, Action.TELLING_READ):
        return []
    counts = count_tellings(actor)
    late, views = counts["overdue"], counts["from_firm"]
    cards = []
    if waiting := counts["not_told"]:
        hint = (
            _("其中 {n} 户超期未告知", n=late) if late else _("结果录入后告知企业，更正后重新告知")
        )
        href = url_for("telling.list_all", state="overdue" if late else "not_told")
        cards.append(Card(_("未告知的检查结果"), waiting, hint, href, "error" if late else "warn"))
    if views:
        hint = _("企业的陈述申辩待答复，改正证明待核收")
        href = url_for("telling.list_all", state="from_firm")
        cards.append(Card(_("企业提交的内容"), views, hint, href, "warn"))
    return cards

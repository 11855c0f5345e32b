"""What the start page offers to whom: one card per door, the urgent number on it."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for

from domain.access import Action, Actor, may, may_ever
from server.accounts.directory import get_department
from server.accounts.home_office import Card, office_cards
from server.corrections.listing import count_drafts
from server.corrections.listing import count_waiting as count_corrections
from server.deadlines.board import count_states
from server.deadlines.pauses import count_waiting as count_pauses
from server.draws.change_service import count_waiting as count_changes
from server.draws.service import count_open_redraws
from server.i18n import translate as _
from server.inspections.overview import count_by_state, count_to_enter, sees_all
from server.jobs.service import look as look_at_jobs
from server.notifications.inbox import count_unread
from server.planning.adjusting import count_waiting as count_adjustments
from server.registry.service import count_worsened, list_unconfirmed
from server.runtime import today


def home_cards(actor: Actor) -> list[Card]:
    """The doors this person may open, the most urgent first."""
    cards: list[Card] = []
    if may(actor, Action.BOARD_READ, None):
        states = count_states(actor)
        late = states.get("overdue", 0)
        soon = states.get("due_today", 0) + states.get("due_soon", 0)
        hint = _("另有 {n} 件即将到期", n=soon) if soon else _("暂无即将到期的检查")
        tone = "error" if late else "warn" if soon else "ok"
        href = url_for("deadlines.board", state="overdue" if late else None)
        cards.append(Card(_("超期未录入"), late, hint, href, tone))
    decisions = _decisions(actor)  # nobody else can take them: before what others may do
    cards += [one for one in decisions if one.number]
    cards += _jobs(actor)
    if may(actor, Action.DAY_READ, None):
        waiting = count_by_state(actor).get("submitted", 0)
        whose = None if sees_all(actor) else _code(actor.department_id)
        cards.append(
            Card(
                _("待审核"),
                waiting,
                _("检查人员已提交，等待组长审核") if waiting else _("没有待审核的结果表"),
                url_for("inspections.list_inspections", state="submitted", department=whose),
                "warn" if waiting else "ok",
            )
        )
    cards += [
        *_inbox(actor),
        *_own_visits(actor),
        *office_cards(actor),
        *(one for one in decisions if not one.number),
        *_registers(actor),
    ]
    if may(actor, Action.APP_OPEN, None) and actor.officer_id is not None:
        cards.append(
            Card(_("现场检查"), None, _("打开手机端，断网也能用"), url_for("shell.field_app"))
        )
        cards.append(
            Card(
                _("网页填报"),
                None,
                _("手机端打不开时，在网页上填写"),
                url_for("filling.list_visits"),
            )
        )
        cards.append(
            Card(
                _("检查"),
                None,
                _("查看本人参加的检查，审核通过后录入结果"),
                url_for("inspections.list_inspections"),
            )
        )
    if may(actor, Action.DRAW_RUN, None):
        cards.append(
            Card(_("抽取任务"), None, _("按年度计划抽取对象和人员"), url_for("draws.list_tasks"))
        )
    if may(actor, Action.PLAN_READ, None):
        cards.append(
            Card(_("年度计划"), None, _("导入和查看抽查计划"), url_for("planning.list_plans"))
        )
    if may(actor, Action.FIRM_READ, None):
        cards.append(
            Card(
                _("名录库"),
                None,
                _("对象、人员、专家，事项清单、检查表与标签"),
                url_for("registry.list_firms"),
            )
        )
    if may(actor, Action.ACCOUNT_ADMIN, None):
        hint = _("开通、停用账号，重置密码")
        cards.append(Card(_("账号管理"), None, hint, url_for("people.list_accounts")))
    return sorted(cards, key=lambda one: one.tone != "error")  # stable: what is overdue first


def _code(department_id: int | None) -> str | None:
    return get_department(department_id).code if department_id is not None else None


def _inbox(actor: Actor) -> list[Card]:
    """What one was told and has not read, while there is any."""
    if not (unread := count_unread(actor.person_id)):
        return []
    hint = _("期限提醒和与您有关的办理情况")
    return [Card(_("未读消息"), unread, hint, url_for("notifications.inbox"), "info")]


def _own_visits(actor: Actor) -> list[Card]:
    """What only an officer of the visit can do next, while there is any."""
    if actor.officer_id is None or not may_ever(actor, Action.SHEET_ENTER):
        return []
    cards = []
    if waiting := count_to_enter(actor):
        href = url_for("inspections.list_inspections", state="accepted", officer=actor.officer_id)
        cards.append(Card(_("待录入"), waiting, _("审核已通过，由检查人员录入"), href, "warn"))
    if drafts := count_drafts(actor):
        hint = _("锁定后送达的修改：写明理由后提交，或者撤回")
        href = url_for("corrections.list_all", state="draft", own=1)
        cards.append(Card(_("待提交的更正申请"), drafts, hint, href, "warn"))
    return cards


def _decisions(actor: Actor) -> list[Card]:
    """What waits for this person's approval; rare ones only while there are any."""
    waits: list[tuple[Action, Callable[[Actor], int], str, str, str, bool]] = [
        (
            Action.CORRECTION_APPROVE,
            count_corrections,
            _("待审批的更正"),
            _("核对后批准或退回"),
            url_for("corrections.list_all", state="submitted"),
            True,
        ),
        (
            Action.REDRAW_APPROVE,
            count_open_redraws,
            _("待审批的重抽"),
            _("核对后批准或退回"),
            url_for("redraws.list_redraws"),
            False,
        ),
        (
            Action.REPLACEMENT_APPROVE,
            count_changes,
            _("待审批的人员更换和对象撤出"),
            _("核对后批准或退回"),
            url_for("changes.list_all", state="mine"),
            True,
        ),
        (
            Action.PAUSE_APPROVE,
            count_pauses,
            _("待审批的期限中止"),
            _("核对后批准或退回"),
            url_for("pauses.list_all", state="mine"),
            False,
        ),
        (
            Action.PLAN_APPROVE,
            count_adjustments,
            _("待审批的计划调整"),
            _("核对理由和盖章材料后批准或不批准"),
            url_for("plan_adjustments.list_all", state="mine"),
            True,
        ),
    ]
    cards = []
    for action, count, title, hint, href, is_always in waits:
        number = count(actor) if may_ever(actor, action) else 0
        if number or (is_always and may_ever(actor, action)):
            shown = hint if number else _("没有待审批的")
            cards.append(Card(title, number, shown, href, "warn" if number else "ok"))
    return cards


def _jobs(actor: Actor) -> list[Card]:
    """What nobody sees to by itself; only while there is any."""
    if not may(actor, Action.JOB_RETRY):
        return []
    found, href = look_at_jobs(), url_for("jobs.show")
    if found.scheduler is not None and not found.is_scheduled:
        return [Card(_("定时任务"), None, _("任务进程已停止"), href, "error")]
    if not found.trouble:
        return []
    return [Card(_("定时任务"), len(found.trouble), _("未成功或须处理"), href, "warn")]


def _registers(actor: Actor) -> list[Card]:
    """What the registers ask of who keeps them."""
    cards = []
    if may(actor, Action.FIRM_WRITE) and (worse := count_worsened(actor)):
        hint = _("近期风险等级上升的检查对象")
        cards.append(Card(_("风险预警"), worse, hint, url_for("risk.show"), "warn"))
    if may_ever(actor, Action.OFFICER_WRITE) and actor.department_id is not None:
        own = [actor.department_id]
        if list_unconfirmed(actor, own, today().year):
            hint = _("核对本部门人员后确认，抽取时才能匹配准确")
            href = url_for("handovers.show")
            cards.append(Card(_("执法人员数据待确认"), None, hint, href, "warn"))
    return cards

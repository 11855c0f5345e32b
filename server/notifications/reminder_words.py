"""The words of a reminder: what is to be done by when, why this person, and how it was counted."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.reminders import Matter, Step, Whom
from domain.term_settings import Unit
from server.i18n import format_day
from server.i18n import translate as _
from server.notifications.digests import Digest
from server.notifications.reminder_models import Reminder
from server.reports.wording import due_word


class Words(NamedTuple):
    """What to do, and what its term is called."""

    deed: str
    term: str


def say(one: Reminder) -> str:
    """What the line is about, as it was when it was written."""
    if one.kind == Step.WARNED:
        return _("问题发现率超出往常，请看原因和涉及的企业")
    due, left, words = format_day(one.due_on), one.days_left or 0, _words(matter_of(one))
    match Step(one.kind):
        case Step.BEFORE:
            return _(
                "须在 {due} 前{deed}，提醒时还剩 {n} 个工作日", due=due, deed=words.deed, n=left
            )
        case Step.DUE:
            return _("{due} 当天到期，须在当天{deed}", due=due, deed=words.deed)
        case Step.OVERDUE:
            return _(
                "{term} {due} 已过，提醒时超期 {n} 个工作日", term=words.term, due=due, n=-left
            )
        case Step.ASKED | Step.WARNED:
            return _("请尽快办理")


def about(one: Reminder) -> str:
    """The visit's number and firm; which report."""
    if matter_of(one) in (Matter.CLUE_ACCEPT, Matter.CLUE_FINISH):
        return _("线索 {number}", number=one.subject)
    if matter_of(one) is not Matter.REPORT:
        return one.subject
    year, _dash, key = one.subject.partition("-")
    return _("{year} 年 {report}", year=year, report=due_word(key))


def why(one: Reminder, by: str) -> str:
    """Why this person, by which rung of the ladder, and how the day was counted."""
    whom = Whom(one.why)
    if whom is Whom.ASKED:
        return _("{name}在期限看板上催办", name=by) if by else _("有人在期限看板上催办")
    if one.kind == Step.WARNED:
        return _("{list}。", list=_reason(one, whom))
    return _("{why}；{rung}。{how}", why=_reason(one, whom), rung=_rung(one), how=_how(one))


def say_digest(one: Digest) -> str:
    """How many of which term."""
    terms = [
        _("{term} {n} 件", term=_words(matter).term, n=n)
        for matter, n in sorted(one.counts.items(), key=lambda row: -row[1])
    ]
    return _("{n} 件已超期：{list}", n=one.total, list=_("，").join(terms))


def why_digest(one: Digest) -> str:
    """Why this person, and by which rung."""
    return _("{why}；{rung}。{how}", why=_of_whom(one.whom), rung=_each_day(), how="")


def how(one: Reminder) -> str:
    """How its day was counted."""
    return _how(one)


def term_of(one: Reminder) -> str:
    """What its term is called."""
    return _words(matter_of(one)).term


def matter_of(one: Reminder) -> Matter:
    """What it is about."""
    return Matter(one.source.partition(":")[0])


def _reason(one: Reminder, whom: Whom) -> str:
    if whom in (Whom.LEAD, Whom.DEPUTY):
        return _of_whom(whom)
    if matter_of(one) is Matter.ENTRY:
        return _("提醒您，是因为这件检查由您办理")
    return _("提醒您，是因为这项工作由办公室办理")


def _of_whom(whom: Whom) -> str:
    if whom is Whom.LEAD:
        return _("提醒您，是因为您是该部门的组长")
    return _("提醒您，是因为超期较久，须报分管负责人")


def _each_day() -> str:
    return _("按设置，超期后每个工作日提醒")


def _rung(one: Reminder) -> str:
    kind, _dot, days = one.step.partition(".")
    match Step(kind):
        case Step.BEFORE:
            return _("按设置，到期前 {n} 个工作日提醒", n=int(days))
        case Step.DUE:
            return _("按设置，到期当天提醒")
        case Step.OVERDUE | Step.ASKED | Step.WARNED:
            return _each_day()


def _how(one: Reminder) -> str:
    match matter_of(one):
        case Matter.FOLLOW_UP if not one.basis:
            return _("期限自问题录入次日起按工作日计算。")
        case Matter.ORDER:
            return _("期限由处置决定确定。") + _counted(one)
        case Matter.REVISIT if not one.basis:
            return _("期限在抽取回访对象时确定。")
        case Matter.REPORT:
            return _("期限见当年报送日程，逢休息日提前到前一个工作日。")
        case _:
            return _counted(one)


def _counted(one: Reminder) -> str:
    basis = one.basis or {}
    if not basis.get("start"):
        return ""
    start = format_day(date.fromisoformat(basis["start"]))
    if basis.get("unit") == Unit.CALENDAR:
        parts = [_("期限自 {start} 次日起算 {n} 日", start=start, n=basis["days"])]
    else:
        parts = [_("期限自 {start} 次日起算 {n} 个工作日", start=start, n=basis["days"])]
    if basis["rested"]:
        parts.append(_("跳过休息日 {n} 天", n=basis["rested"]))
    if basis["paused"]:
        parts.append(_("中止期间不计，共 {n} 天", n=basis["paused"]))
    if basis["is_capped"]:
        parts.append(_("最迟不超过单位设定的截止日"))
    if basis["is_provisional"]:
        parts.append(_("当年放假通知公布前为暂定"))
    return _("{list}。", list=_("，").join(parts))


def _words(matter: Matter) -> Words:
    words = {
        Matter.ENTRY: Words(_("录入检查结果"), _("录入期限")),
        Matter.PUBLICATION: Words(_("公示检查结果"), _("公示期限")),
        Matter.MATERIALS: Words(_("向牵头部门报送资料"), _("报送资料期限")),
        Matter.TELLING: Words(_("向企业告知检查结果"), _("告知期限")),
        Matter.CLUE_ACCEPT: Words(_("决定是否受理"), _("线索受理期限")),
        Matter.CLUE_FINISH: Words(_("办结并答复"), _("线索答复期限")),
        Matter.FOLLOW_UP: Words(_("作出后续处置决定"), _("处置决定期限")),
        Matter.ORDER: Words(_("办结后续处置并记录整改情况"), _("整改、处置期限")),
        Matter.REVISIT: Words(_("完成回访"), _("回访期限")),
        Matter.REPORT: Words(_("报送报表"), _("报送期限")),
        Matter.ASKED: Words(_("办理"), _("期限")),
        Matter.WARNING: Words(_("办理"), _("期限")),
    }
    return words[matter]

"""Words for terms, their events and pauses."""

from __future__ import annotations

from domain.pauses import PauseReason
from domain.term_events import TermEventKind
from domain.terms import Term
from server.deadlines.models import TermEventRow
from server.i18n import translate as _
from server.runtime import SITE_ZONE

IN_CALENDAR_DAYS = {Term.MATERIALS, Term.REVISIT}


def term_word(term: str) -> str:
    """The name of a term."""
    words: dict[str, str] = {
        Term.ENTRY: _("录入期限"),
        Term.PUBLICATION: _("公示期限"),
        Term.MATERIALS: _("报送资料期限"),
        Term.FOLLOW_UP: _("处置决定期限"),
        Term.TELLING: _("告知期限"),
        Term.REVISIT: _("回访期限"),
        Term.CLUE_ACCEPT: _("线索受理期限"),
        Term.CLUE_FINISH: _("线索答复期限"),
        Term.REPORT: _("报表期限"),
    }
    return words.get(term, term)


def event_word(event: TermEventRow) -> str:
    """What happened, in a sentence without the term's name."""
    due = event.due_on.isoformat()
    match TermEventKind(event.kind):
        case TermEventKind.SET:
            return _("开始计算，{due} 到期", due=due)
        case TermEventKind.MOVED:
            return _("到期日改为 {due}", due=due)
        case TermEventKind.DROPPED:
            return _("不再计算")
        case TermEventKind.MET if event.met_on and event.met_on > event.due_on:
            return _("已完成，超期（应于 {due}）", due=due)
        case TermEventKind.MET:
            return _("按期完成")
        case TermEventKind.REOPENED:
            return _("原完成情况作废，继续计算")
        case TermEventKind.WARNED if event.step == 0:
            return _("今日到期")
        case TermEventKind.WARNED:
            return _left(event)
        case TermEventKind.OVERDUE:
            return _("超期")


def _left(event: TermEventRow) -> str:
    """Of a move, only the last step it passed is on record: there may be fewer days left."""
    days = (event.due_on - event.at.astimezone(SITE_ZONE).date()).days
    if event.term in IN_CALENDAR_DAYS and days <= event.step:  # the county may count otherwise
        return _("剩余 {days} 天", days=days)
    return _("距到期不超过 {n} 个工作日", n=event.step)


def event_tone(event: TermEventRow) -> tuple[str, str]:
    """Tone and icon of the timeline."""
    match TermEventKind(event.kind):
        case TermEventKind.OVERDUE:
            return "error", "stop"
        case TermEventKind.WARNED:
            return "warn", "hourglass"
        case TermEventKind.MET:
            return "ok", "check"
        case _:
            return "info", "ring"


def reason_word(reason: str) -> str:
    """Why a term is paused; the code itself for one that is not known."""
    words: dict[str, str] = {
        PauseReason.TESTING: _("需要检验、检测、鉴定或专家评审"),
        PauseReason.OTHER_BODY: _("须等待其他机关的结论"),
        PauseReason.FORCE_MAJEURE: _("不可抗力"),
        PauseReason.FIRM: _("因企业原因无法继续"),
        PauseReason.PLATFORM: _("监管平台故障"),
        PauseReason.OTHER: _("其他"),
    }
    return words.get(reason, reason)


def pause_reasons() -> list[tuple[str, str]]:
    """Asked for at each request: in the reader's language."""
    return [(one.value, reason_word(one)) for one in PauseReason]

"""HTML page: a firm's whole history, beside its entry in the register."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from domain.access import Action
from server.followup.wording import disposal_word, revisit_word, state_word
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.inspections.wording import result_word
from server.registry.service import STATUSES, TIERS, get_firm
from server.statistics.history import DAYS, Happened, read_history

blueprint = Blueprint("firm_history", __name__, url_prefix="/registry/firms")
LOOKS = {
    "drawn": ("draw", "plain"),
    "withdrawn": ("cross", "plain"),
    "visited": ("person", "info"),
    "entered": ("lock", "info"),
    "corrected": ("pen", "warn"),
    "found": ("alert", "error"),
    "decided": ("forward", "warn"),
    "done": ("check_ring", "ok"),
    "revisit_drawn": ("draw", "plain"),
    "revisited": ("returned", "info"),
    "classed": ("tag", "plain"),
    "status": ("register", "plain"),
}


@blueprint.get("/<int:firm_id>/past")
@guarded(Action.REPORT_READ)
def past(firm_id: int) -> str:
    """Visits, results, problems and what became of them, classes, revisits: the newest first."""
    actor = get_actor()
    firm = get_firm(actor, firm_id)
    found = read_history(actor, firm.id)
    return render_template(
        "statistics/firm.html",
        firm=firm,
        history=found,
        events=[_tell(one) for one in found.events],
    )


def _tell(one: Happened) -> dict[str, Any]:
    """For the kit's timeline; ``href`` leads to the record itself."""
    icon, tone = LOOKS[one.kind]
    what, note = _words(one)
    if one.details.get("worse"):
        icon, tone = "alert", "warn"
    return {
        "at": one.at,
        "is_day": one.kind in DAYS,
        "what": what,
        "who": one.who,
        "note": note,
        "icon": icon,
        "tone": tone,
        "number": one.number,
        "inspection_id": one.inspection_id,
        "case": one.details.get("case"),
        "revisit": one.details.get("revisit"),
    }


def _words(one: Happened) -> tuple[str, str]:
    told: dict[str, Any] = one.details
    match one.kind:
        case "drawn":
            return _("抽中"), str(told["task"])
        case "withdrawn":
            return _("撤出，不再检查"), ""
        case "visited":
            return _("{department} 完成检查", department=told["department"]), ""
        case "entered" | "corrected":
            return _entered(one.kind, told)
        case "found":
            is_void = told["state"] == "void"
            note = state_word("void") if is_void else str(told["finding"])
            return _("发现问题：{item}", item=told["item"]), note
        case "decided":
            return _("处置决定：{disposal}", disposal=disposal_word(told["disposal"])), told["item"]
        case "done":
            return _("问题办结"), f"{told['item']} {told['outcome']}".strip()
        case "revisit_drawn":
            return _("抽为回访对象"), _("{day} 前回访", day=told["due"].isoformat())
        case "revisited":
            return _("回访：{outcome}", outcome=revisit_word(told["outcome"])), str(told["note"])
        case "classed":
            kind = _("信用风险") if told["kind"] == "credit" else _("行业风险")
            return _("{kind}分类：{tier}", kind=kind, tier=_tier(told["tier"])), (
                _("原为{tier}，等级上升", tier=_tier(told["old"])) if told["worse"] else ""
            )
        case _:
            new = _(STATUSES.get(told["new"], str(told["new"])))
            return _("状态变更为{status}", status=new), str(told["note"] or "")


def _entered(kind: str, told: dict[str, Any]) -> tuple[str, str]:
    what = (
        _("{department} 录入结果", department=told["department"])
        if kind == "entered"
        else _(
            "{department} 更正结果（第 {n} 版）", department=told["department"], n=told["version"]
        )
    )
    return what, result_word(told["result"]) if told["result"] else ""


def _tier(code: object) -> str:
    return _(TIERS[code]) if isinstance(code, str) and code in TIERS else _("未分类")

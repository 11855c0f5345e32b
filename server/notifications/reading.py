"""The words of a notice: something was done that concerns a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.i18n import translate as _


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: words, the firm or number, who did it, where to look."""

    text: str
    about: str
    who: str
    reason: str
    href: str
    at: datetime


def describe_notice(kind: str, space: str, details: Mapping[str, Any], at: datetime) -> Notice:
    """In the reader's words."""
    about = (details.get("number"), details.get("firm"))
    return Notice(
        text=_word(kind),
        about=" ".join(str(one) for one in about if one),
        who=str((details.get("by") or {}).get("name") or ""),
        reason=str(details.get("reason") or ""),
        href=_href(kind, details, space.removeprefix("insp:")),
        at=at,
    )


def _href(kind: str, details: Mapping[str, Any], inspection: str) -> str:
    """Where to look; who left a team can no longer open the visit."""
    if proposal := details.get("proposal"):
        return f"/corrections/{proposal}"
    if kind.startswith("change."):
        return f"/draw-changes/{details['change']}"
    if kind in ("team.left", "visit.withdrawn"):
        return "/inspections"
    return f"/inspections/{inspection}"


def _word(kind: str) -> str:
    words = {
        "sheet.submitted": _("检查记录已提交，等待审核"),
        "sheet.returned": _("检查记录被退回"),
        "sheet.entered": _("检查结果已录入"),
        "answer.conflict": _("同一检查项有不同的填写内容"),
        "proposal.made": _("锁定后或由无权人员送达的修改"),
        "proposal.submitted": _("有更正申请等待审批"),
        "proposal.approved": _("更正申请已批准"),
        "proposal.refused": _("更正申请被退回"),
        "change.requested": _("有人员更换或对象撤出申请等待审批"),
        "change.approved": _("变更申请已批准"),
        "change.refused": _("变更申请被退回"),
        "team.joined": _("您接替参加本次检查"),
        "team.left": _("您不再参加本次检查"),
        "team.replaced": _("执法检查人员已更换，告知书须写明新的人员"),
        "visit.withdrawn": _("检查对象已撤出，不再检查"),
    }
    return words.get(kind, kind)

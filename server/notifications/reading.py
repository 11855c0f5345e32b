"""Lookup: what a person was told, for the start page. Phones read the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Actor
from server.fieldsync import service as fieldsync
from server.i18n import translate as _

RECENT = 8


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: words, the firm or number, who did it, where to look."""

    text: str
    about: str
    who: str
    reason: str
    href: str
    at: datetime


def list_notices(actor: Actor) -> list[Notice]:
    """The newest first."""
    rows = fieldsync.list_own_rows(actor.person_id, "notice", RECENT)
    return [_notice(fields) for fields in rows]


def _notice(fields: Mapping[str, Any]) -> Notice:
    details = fields["details"]
    proposal, inspection = details.get("proposal"), str(fields["space"]).removeprefix("insp:")
    about = (details.get("number"), details.get("firm"))
    return Notice(
        text=_word(str(fields["kind"])),
        about=" ".join(str(one) for one in about if one),
        who=details["by"]["name"],
        reason=str(details.get("reason") or ""),
        href=f"/corrections/{proposal}" if proposal else f"/inspections/{inspection}",
        at=datetime.fromisoformat(fields["made_at"]),
    )


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
    }
    return words.get(kind, kind)

"""Words for codes that a sheet's pages show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.check_items import CheckItem
from domain.errors import message
from domain.results import RESULTS, Unmet
from server.i18n import current_locale
from server.i18n import translate as _


def judge_word(value: object) -> str:
    """合格, 不合格, 不适用; empty for anything else."""
    return {"pass": _("合格"), "fail": _("不合格"), "na": _("不适用")}.get(str(value), "")


def outcome_word(outcome: object) -> str:
    """Why nothing could be checked; empty for anything else."""
    words = {
        "refused": _("拒绝、阻挠检查"),
        "closed": _("已关闭停业"),
        "moved": _("已搬离登记住所"),
        "unreachable": _("通过登记住所无法联系"),
        "not_engaged": _("未开展本次抽查涉及的经营活动"),
        "deregistered": _("已办理注销登记"),
        "licence_revoked": _("营业执照已被吊销"),
        "registration_cancelled": _("登记已被撤销"),
    }
    return words.get(str(outcome), "")


def absence_word(reason: object) -> str:
    """Why an officer is not there; empty for anything else."""
    return {"leave": _("请假"), "duty": _("公出"), "other": _("其他")}.get(str(reason), "")


def relation_text(signature: Mapping[str, Any]) -> str:
    """Who the person is to the firm, 其他 in its own words; empty where nobody said."""
    words = {
        "legal": _("法定代表人"),
        "head": _("负责人"),
        "agent": _("授权代表"),
        "staff": _("员工"),
        "other": _("其他"),
    }
    word = words.get(str(signature.get("relation")), "")
    if signature.get("relation") == "other" and signature.get("relation_note"):
        return str(signature["relation_note"])
    return word


def far_text(metres: int | None) -> str:
    """``3.2 公里``; empty for what is near or not known."""
    return _("{n} 公里", n=f"{metres / 1000:.1f}") if metres is not None else ""


def verdict_word(verdict: str) -> str:
    """What a judged item came to."""
    words = {
        "recorded": _("已记录"),
        "missing": _("未填写"),
        "needs_verdict": _("待判定"),
    }
    return words.get(verdict) or judge_word(verdict)


def sheet_state_word(state: str) -> str:
    """Where a sheet stands, in the words of the kit's badge."""
    words = {
        "open": _("待检查"),
        "started": _("检查中"),
        "submitted": _("已提交待审核"),
        "returned": _("已退回"),
        "accepted": _("审核通过"),
        "entered": _("已录入"),
        "published": _("已公示"),
    }
    return words.get(state, state)


def severity_word(severity: str) -> str:
    """一般, 较重, 严重."""
    words = {"minor": _("一般"), "major": _("较重"), "critical": _("严重")}
    return words.get(severity, severity)


def result_word(code: int | None) -> str:
    """The national result with its number, in the reader's language."""
    if code is None or code not in RESULTS:
        return ""
    result = RESULTS[code]
    return f"{code} {result.en if current_locale() == 'en' else result.zh}"


def rule_word(item: CheckItem) -> str:
    """The pass rule in the phone's words; one without words of its own as it is written."""
    text = item.rule.text if item.rule is not None else ""
    fixed = {
        ">=检查日期": _("不早于检查日期"),
        "<=检查日期": _("不晚于检查日期"),
        "<=今天": _("不晚于今天"),
        "不符数==0": _("不符数为 0"),
    }
    if text in fixed:
        return fixed[text]
    if "ceil(接入车辆数/100)" in text:
        return _("每接入 100 辆设 1 人，不少于 2 人")
    if found := re.fullmatch(r">=(.+要求)", text):
        return _("符合{name}", name=found[1])
    if found := re.fullmatch(r"(>=|==)(\d+)", text):
        blank = "" if item.unit in (None, "%") else " "
        unit = f"{blank}{item.unit or ''}"
        if found[1] == ">=":
            return _("不低于 {n}{unit}", n=found[2], unit=unit)
        return _("等于 {n}{unit}", n=found[2], unit=unit)
    return text


def answer_text(item: CheckItem, value: Any) -> str:
    """An answer's value for a person; empty for none. Values are shown as recorded, also one that
    the item's type does not allow."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        if "checked" in value:
            labels = item.labels or (_("抽查数"), _("不符数"))
            pairs = (f"{labels[0]} {value.get('checked')}", f"{labels[-1]} {value.get('failed')}")
            return _("、").join(pairs)
        number = f"{value.get('number', '')}{item.unit or ''}"
        given = value.get("given") or {}
        extra = _("、").join(f"{name} {given[name]}" for name in given)
        return _("{value}（{given}）", value=number, given=extra) if extra else number
    return judge_word(value) or str(value)


def unmet_text(unmet: Unmet) -> str:
    """A precondition that does not hold, as a sentence."""
    return message(unmet.code, current_locale(), unmet.details)


def place_text(place: Any) -> str:
    """Degrees and accuracy as the phone read them; empty where it read none."""
    if not place:
        return ""
    latitude, longitude = place["lat_e7"] / 1e7, place["lng_e7"] / 1e7
    return f"{latitude:.5f}, {longitude:.5f} ±{place.get('accuracy_m', '?')} m"


def read_instant(text: Any) -> datetime | None:
    """A phone's clock as it said, None for nothing readable."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None

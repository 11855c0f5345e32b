"""What was written down with a deed, in words. A name without a word is shown as it is, so that
nothing on record is hidden by a missing translation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from server.audit.models import AuditEvent
from server.draws.change_wording import kind_word, reason_word
from server.followup.wording import disposal_word
from server.i18n import current_locale
from server.i18n import translate as _
from server.telling.wording import way_word

LONGEST_DETAIL = 120  # characters of one value in the list; the entry's page shows all
FIRM = {"actor": "firm"}  # who came by the firm's link has no account: told as who did it


def doer_word(name: str, event: AuditEvent) -> str:
    """Who did it; ``name`` is empty where nobody's account did."""
    return name or (_("企业（凭链接）") if FIRM.items() <= event.details.items() else _("系统"))


def detail_lines(event: AuditEvent, longest: int = LONGEST_DETAIL) -> list[tuple[str, str]]:
    """(name, value) of everything that was written down with the deed."""
    words, coded = _detail_words(current_locale()), _coded(event.action)
    return [
        (
            _("检查对象") if name == "firms" and isinstance(value, list) else words.get(name, name),
            _shortened(coded[name](value) if name in coded and value else _value(value), longest),
        )
        for name, value in event.details.items()
        if FIRM.get(name) != value
    ]


def _coded(action: str) -> dict[str, Callable[[str], str]]:
    match action.partition(".")[0]:
        case "change":
            return {"reason": reason_word, "kind": kind_word}
        case "follow_up":
            return {"disposal": disposal_word}
        case "telling":
            return {"way": way_word}
        case _:
            return {}


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        flat = all(isinstance(one, (str, int)) for one in value)
        return (_("、") if flat else _("；")).join(_value(one) for one in value)
    if isinstance(value, dict):
        words = _detail_words(current_locale())
        told = [(words.get(name, name), _value(one)) for name, one in value.items()]
        return _("，").join(f"{name} {one}" for name, one in told)
    return str(value)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@cache
def _detail_words(_locale: str) -> dict[str, str]:
    return {
        "reason": _("原因"),
        "comments": _("单项意见"),
        "name": _("名称"),
        "title": _("名称"),
        "fields": _("修改的栏目"),
        "version": _("版次"),
        "sha256": "SHA-256",
        "pool_sha256": _("抽取池摘要（SHA‑256）"),
        "firms": _("户数"),
        "firm": _("检查对象"),
        "officers": _("执法人员"),
        "status": _("状态"),
        "task_no": _("任务编号"),
        "task": _("任务"),
        "tasks": _("任务数"),
        "year": _("年度"),
        "years": _("年份"),
        "moved": _("改期的录入"),
        "old": _("原值"),
        "new": _("新值"),
        "key": _("设置项"),
        "roles": _("角色"),
        "note": _("备注"),
        "file": _("文件"),
        "register": _("名录"),
        "code": _("编号"),
        "op": _("操作编号"),
        "seq": _("序号"),
        "kind": _("类型"),
        "inspection": _("检查（内部编号）"),
        "planned_on": _("计划日期"),
        "official_no": _("平台编号"),
        "created": _("新增"),
        "updated": _("更新"),
        "unchanged": _("未变"),
        "on": _("日期"),
        "no": _("文号"),
        "document_no": _("文号"),
        "item": _("检查项"),
        "text": _("文字"),
        "lists": _("检查表"),
        "lines": _("条数"),
        "post": _("职务"),
        "role": _("角色"),
        "since": _("起始日期"),
        "until": _("截止日期"),
        "department_id": _("部门（内部编号）"),
        "department": _("部门（内部编号）"),
        "alias": _("别称"),
        "inspections": _("检查（内部编号）"),
        "ops": _("操作条数"),
        "photos": _("照片张数"),
        "counts": _("计数"),
        "values": _("点数"),
        "place": _("地点"),
        "trail_kept": _("恢复前保存的散列条数"),
        "trail_restored": _("恢复后接得上的条数"),
        "trail_last": _("恢复前最后一条的散列"),
        "account": _("账号"),
        "adjustment": _("调整申请（内部编号）"),
        "at": _("时间"),
        "began_at": _("开始时间"),
        "body": _("办理机关"),
        "cases": _("问题个数"),
        "case_no": _("立案号"),
        "channel": _("公示渠道"),
        "closed_at": _("结束时间"),
        "count": _("抽取户数"),
        "days": _("天数"),
        "delivered_on": _("送达日期"),
        "digest": _("内容校验值（SHA-256）"),
        "disposal": _("处置方式"),
        "done_on": _("办结日期"),
        "due_on": _("期限"),
        "edition": _("清单版次"),
        "evidence": _("依据材料（SHA-256）"),
        "files": _("附件个数"),
        "finish_by": _("办结期限"),
        "firm_id": _("检查对象（内部编号）"),
        "held_on": _("会议日期"),
        "is_void": _("作废"),
        "items": _("检查项"),
        "lead": _("组长（内部编号）"),
        "meeting": _("联席会议"),
        "names": _("姓名"),
        "number": _("编号"),
        "open": _("列入后续处置"),
        "operator": _("操作人"),
        "outcome": _("结论"),
        "participants": _("参会人员"),
        "platform": _("抽取平台"),
        "pool": _("名单摘要（SHA-256）"),
        "present": _("到场人员"),
        "proof": _("凭证（SHA-256）"),
        "ratio": _("比例"),
        "rolls": _("掷骰"),
        "scheme_no": _("方案文号"),
        "seed": _("随机数"),
        "sheet": _("结果表"),
        "source": _("随机数来源"),
        "team": _("队伍"),
        "unit": _("单位"),
        "value": _("点数"),
        "visited_on": _("回访日期"),
        "way": _("送达方式"),
        "wipe": _("清除"),
        "witness": _("监督人"),
    }

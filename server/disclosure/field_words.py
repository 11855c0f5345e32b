"""The fields of ``domain.disclosure_table`` in words, for whoever asks what is public and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.disclosure import Rule, Showing, Why
from domain.disclosure_table import DISCLOSURE
from server.i18n import translate as _

SHOWINGS = (Showing.PUBLIC, Showing.MASKED, Showing.HIDDEN)


@dataclass(frozen=True, slots=True)
class Line:
    """Fields that are shown, or not, for one reason."""

    showing: Showing
    why: Why
    fields: list[str]
    clauses: list[str]


def list_lines() -> list[Line]:
    """The whole table, each field once, public first."""
    return [line for showing in SHOWINGS for line in _lines(showing)]


def _lines(showing: Showing) -> Iterator[Line]:
    rules = [one for one in DISCLOSURE.rules if one.showing is showing]
    for why in dict.fromkeys(one.why for one in rules):
        same = [one for one in rules if one.why is why]
        clauses = dict.fromkeys(clause for one in same for clause in one.clauses)
        words = dict.fromkeys(field_word(one) for one in same)
        yield Line(showing, why, list(words), list(clauses))


def field_word(rule: Rule) -> str:
    """What stands in the field; raises KeyError for one without a word."""
    words = {"result": _result, "officer": _officer, "task": _task, "publication": _publication,
             "follow_up": _follow_up}[rule.part]()  # fmt: skip
    return words[rule.field]


def _result() -> dict[str, str]:
    inner = _("更正申请的内部编号和操作记录")
    return {
        "number": _("检查编号"),
        "firm.name": _("企业名称（个体工商户为字号或经营者姓名）"),
        "firm.uscc": _("统一社会信用代码"),
        "firm.address": _("企业地址"),
        "firm.status": _("名录库中的企业状态"),
        "department.code": _("部门代码"),
        "department.name": _("检查部门"),
        "lists": _("所用检查表及版本"),
        "ended_on": _("检查日期"),
        "entered.at": _("录入时间"),
        "entered.by": _("录入人"),
        "items[].code": _("检查项编号"),
        "items[].text": _("检查项内容"),
        "items[].basis": _("检查项的法律依据"),
        "items[].severity": _("检查项的严重程度"),
        "items[].result": _("各检查项的结果代码"),
        "items[].result_text": _("各检查项的结果"),
        "items[].answer.outcome": _("未能检查的原因"),
        "items[].answer.note": _("检查情况"),
        "items[].answer.value": _("填写的数值、数量和文字答案"),
        "items[].answer.verdict": _("合格与否的系统判定"),
        "items[].answer.by_rest": _("批量填写的标记"),
        "items[].photos": _("取证照片"),
        "signatures[].name": _("签字人姓名"),
        "signatures[].post": _("签字人职务"),
        "signatures[].relation": _("签字人与企业的关系"),
        "signatures[].relation_note": _("签字人与企业的关系"),
        "signatures[].reason": _("拒签原因"),
        "signatures[].officer_id": _("签字人编号"),
        "signatures[].role": _("签字的角色"),
        "signatures[].refused": _("是否拒签"),
        "signatures[].at": _("签字时间"),
        "correction.reason": _("更正理由"),
        "correction.approved_at": _("更正批准时间"),
        "correction.approval_reason": _("更正的审批意见"),
        "correction.changes": inner,
        "correction.sheet": inner,
        "correction.version": inner,
        "correction.op": inner,
        "correction.proposal": inner,
        "correction.proposed_by": _("更正申请人"),
        "correction.approved_by": _("更正批准人"),
    }


def _officer() -> dict[str, str]:
    return {
        "name": _("执法检查人员姓名"),
        "officer_id": _("执法检查人员的内部编号"),
        "cert_no": _("执法证号"),
    }


def _task() -> dict[str, str]:
    return {
        "number": _("任务编号"),
        "name": _("任务名称"),
        "draw": _("抽取编号"),
        "items": _("抽查事项的依据、主体、内容和方式"),
    }


def _publication() -> dict[str, str]:
    inner = _("公示登记的内部编号和登记记录")
    return {
        "version": _("公示的是第几版结果"),
        "channel": _("公示渠道"),
        "published_on": _("公示日期"),
        "address": _("公示网址"),
        "id": inner,
        "jurisdiction_id": inner,
        "sheet_id": inner,
        "is_void": inner,
        "recorded_at": inner,
        "reason": _("重新登记公示的理由"),
        "recorded_by": _("公示登记人"),
        "document_sha256": _("公示凭证"),
        "document_name": _("公示凭证"),
    }


def _follow_up() -> dict[str, str]:
    inner = _("后续处置的内部编号和办理记录")
    return {
        "item_code": _("处置的检查项"),
        "item_text": _("处置的检查项"),
        "severity": _("处置的检查项"),
        "result_code": _("处置的检查项"),
        "disposal": _("处置方式"),
        "body": _("办理机关"),
        "done_on": _("办结日期"),
        "public_text": _("公示的处置结果"),
        "finding": inner,
        "id": inner,
        "jurisdiction_id": inner,
        "inspection_id": inner,
        "sheet_id": inner,
        "department_id": inner,
        "state": inner,
        "opened_at": inner,
        "decided_at": inner,
        "is_published": inner,
        "revision": inner,
        "decide_by": _("处置的期限"),
        "due_on": _("处置的期限"),
        "case_no": _("文书号"),
        "outcome": _("办理结果的内部记载"),
        "decided_by": _("作出处置决定的人员"),
    }

"""The list of cases as a file, under the filters of the page."""

from __future__ import annotations

from flask import Response

from domain.access import Actor
from server.exchange.writing import CSV_TYPE, XLSX_TYPE, build_table
from server.followup.overview import Wanted, list_all_cases
from server.followup.wording import disposal_word, state_word
from server.i18n import in_chinese
from server.inspections.wording import result_word, severity_word
from server.runtime import today

TITLE = "后续处置"
HEADERS = [
    "检查编号", "检查对象", "任务名称", "部门", "检查项", "内容", "发现问题情况", "严重程度",
    "检查结果", "状态", "处置方式", "办理机关", "立案号", "期限", "是否超期",
    "现由谁办", "办理结果",
    "办结日期", "是否公示",
]  # fmt: skip
WIDTHS = [16, 28, 28, 18, 12, 40, 40, 10, 24, 14, 18, 22, 18, 12, 10, 14, 40, 12, 10]


def build_file(actor: Actor, wanted: Wanted, form: str) -> Response:
    """``xlsx`` or ``csv``; official forms are one text, so that its words are Chinese."""
    with in_chinese():
        rows = [
            [
                line.number,
                line.firm,
                line.task,
                line.case.department.name,
                line.case.item_code,
                line.case.item_text,
                line.case.finding,
                severity_word(line.case.severity),
                result_word(line.case.result_code),
                state_word(line.case.state),
                disposal_word(line.case.disposal),
                line.case.body,
                line.case.case_no,
                line.due.isoformat() if line.due else "",
                "是" if line.is_overdue else "否",
                "、".join(line.holders),
                line.case.outcome,
                line.case.done_on.isoformat() if line.case.done_on else "",
                "是" if line.case.is_published else "否",
            ]
            for line in list_all_cases(actor, wanted)
        ]
    answer = Response(
        build_table(TITLE, HEADERS, WIDTHS, rows, form),
        mimetype=XLSX_TYPE if form == "xlsx" else CSV_TYPE,
    )
    name = f"follow-up-{today().isoformat()}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

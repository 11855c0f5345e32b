"""The list of what was told as a file, under the filters of the page."""

from __future__ import annotations

from flask import Response

from domain.access import Actor
from server.exchange.writing import CSV_TYPE, XLSX_TYPE, build_table
from server.i18n import in_chinese
from server.runtime import today
from server.telling.overview import Wanted, list_all_tellings
from server.telling.wording import telling_word, way_word

TITLE = "告知企业"
HEADERS = [
    "检查编号", "检查对象", "任务名称", "部门", "结果版次", "录入日期", "告知期限", "状态",
    "是否超期",    "送达方式", "送达日期", "待答复陈述申辩", "待核收改正证明",
]  # fmt: skip
WIDTHS = [16, 28, 28, 18, 10, 12, 12, 18, 10, 12, 12, 16, 16]


def build_file(actor: Actor, wanted: Wanted, form: str) -> Response:
    """``xlsx`` or ``csv``; what is filed is one text, so that its words are Chinese."""
    with in_chinese():
        rows = [
            [
                line.number,
                line.firm,
                line.task,
                line.department,
                str(line.version),
                line.entered_on.isoformat(),
                line.due.isoformat(),
                telling_word(line.state),
                "是" if line.is_overdue else "否",
                way_word(line.way),
                line.told_on.isoformat() if line.told_on else "",
                str(line.views or ""),
                str(line.proofs or ""),
            ]
            for line in list_all_tellings(actor, wanted)
        ]
    answer = Response(
        build_table(TITLE, HEADERS, WIDTHS, rows, form),
        mimetype=XLSX_TYPE if form == "xlsx" else CSV_TYPE,
    )
    name = f"telling-{today().isoformat()}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

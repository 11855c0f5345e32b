"""The list of clues as a file, under the filters of the page. Who reported is not in it."""

from __future__ import annotations

from flask import Response

from domain.access import Actor
from server.clues.overview import Wanted, list_all_clues
from server.clues.wording import kind_word, state_word
from server.exchange.writing import CSV_TYPE, XLSX_TYPE, build_table
from server.i18n import in_chinese
from server.runtime import SITE_ZONE, today

TITLE = "举报线索"
HEADERS = [
    "编号", "收到日期", "类别", "反映内容", "发生时间", "发生地点", "反映对象", "检查对象",
    "统一社会信用代码", "证据件数", "是否匿名", "状态", "承办部门", "移送机关", "期限", "是否超期",
    "答复",
]  # fmt: skip
WIDTHS = [14, 12, 24, 60, 18, 30, 30, 28, 22, 10, 10, 16, 18, 20, 12, 10, 40]


def build_file(actor: Actor, wanted: Wanted, form: str) -> Response:
    """``xlsx`` or ``csv``; official forms are one text, so that its words are Chinese."""
    with in_chinese():
        rows = [
            [
                one.number,
                one.received_at.astimezone(SITE_ZONE).date().isoformat(),
                kind_word(one.kind),
                one.what,
                one.happened,
                one.place,
                one.firm_text,
                one.firm.name if one.firm else "",
                (one.firm.uscc or "") if one.firm else "",
                str(len(one.papers)),
                "否" if one.contact else "是",
                state_word(one.state),
                one.department.name if one.department else "",
                one.body,
                line.due.isoformat() if line.due else "",
                "是" if line.is_overdue else "否",
                one.public_answer,
            ]
            for line in list_all_clues(actor, wanted)
            for one in (line.clue,)
        ]
    answer = Response(
        build_table(TITLE, HEADERS, WIDTHS, rows, form),
        mimetype=XLSX_TYPE if form == "xlsx" else CSV_TYPE,
    )
    name = f"clues-{today().isoformat()}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

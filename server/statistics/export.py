"""The tables as files. Their words are Chinese in both languages: they go into reports."""

from __future__ import annotations

from flask import Response

from domain.access import Actor
from server.exchange.writing import XLSX_TYPE, build_table
from server.i18n import in_chinese
from server.runtime import today
from server.statistics import overview
from server.statistics.counts import Wanted
from server.statistics.wording import by_word, head_word, line_name, percent

REPEAT_HEADERS = ["企业", "检查项", "内容", "发现次数", "首次", "最近一次"]


def list_lines(actor: Actor, wanted: Wanted, by: str) -> list[overview.Line]:
    """The lines of one table."""
    if by == "item":
        return overview.count_items(actor, wanted)
    return overview.count_by(actor, wanted, by)


def build_file(actor: Actor, wanted: Wanted, by: str) -> Response:
    """XLSX of what the page shows."""
    with in_chinese():
        title = f"问题统计（{by_word(by)}）"
        if by == "repeat":
            headers, widths = REPEAT_HEADERS, [30, 12, 50, 10, 12, 12]
            rows = [
                [one.firm, one.item, one.text, str(one.times), one.first.isoformat(),
                 one.last.isoformat()]
                for one in overview.list_repeats(actor, wanted)
            ]  # fmt: skip
        else:
            visits = "检查次数" if by == "item" else "检查户次"
            headers = [head_word(by), visits, "发现问题户次", "发现问题数", "问题发现率"]
            widths = [50, 10, 14, 12, 12]
            rows = [
                [line_name(by, one), str(one.visits), str(one.with_problems), str(one.findings),
                 percent(one.counted.share)]
                for one in list_lines(actor, wanted, by)
            ]  # fmt: skip
        headers = [*headers, "统计期间"]
        period = f"{wanted.first.isoformat()} 至 {wanted.last.isoformat()}"
        rows = [[*row, period] for row in rows]
    answer = Response(build_table(title, headers, [*widths, 26], rows, "xlsx"), mimetype=XLSX_TYPE)
    name = f"statistics-{by}-{today().isoformat()}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""The rates and the lists of what is missing as workbooks, under the filter of the page."""

from __future__ import annotations

from server.exchange.service import build_table
from server.i18n import translate as _
from server.publication.rates import PartRow, RateLine, RateView
from server.publication.wording import percent, step_word


def rates_table(view: RateView, by: str) -> bytes:
    """XLSX: one line per task, department or officer, and the total of all parts."""
    head = {"task": _("任务"), "department": _("部门"), "officer": _("执法检查人员")}[by]
    headers = [
        head, _("抽取"), _("检查已结束"), _("已录入"), _("录入率"), _("已公示"), _("公示率"),
        _("公示占抽取"), _("缺回执"),
    ]  # fmt: skip
    lines = [*view.lines(by), RateLine(0, _("合计（每件计一次）"), view.total)]
    rows = [
        [
            line.name, str(line.rates.drawn), str(line.rates.ended), str(line.rates.entered),
            percent(line.rates.entry_rate), str(line.rates.published),
            percent(line.rates.publication_rate), percent(line.rates.drawn_rate),
            str(line.rates.without_receipt),
        ]
        for line in lines
    ]  # fmt: skip
    widths = [40, 10, 12, 10, 10, 10, 10, 12, 10]
    return build_table(_("录入率和公示率"), headers, widths, rows, "xlsx")


def missing_table(rows: list[PartRow]) -> bytes:
    """XLSX: what is missing and whose turn it is."""
    headers = [
        _("检查编号"), _("检查对象"), _("任务"), _("部门"), _("检查结束"), _("录入期限"),
        _("下一步"), _("现由谁办"),
    ]  # fmt: skip
    lines = []
    for one in rows:
        sheet, due = one.row.sheet, one.row.due
        lines.append(
            [
                sheet.number, sheet.firm_name, sheet.task_name, sheet.department_name,
                sheet.ended_on.isoformat() if sheet.ended_on else "",
                due.due.isoformat() if due else "",
                step_word(one.part.next_step), _("、").join(one.holders),
            ]
        )  # fmt: skip
    return build_table(_("待办清单"), headers, [16, 34, 34, 22, 14, 14, 14, 24], lines, "xlsx")

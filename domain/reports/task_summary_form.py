"""抽查结果汇总表 as it is printed: the fields of domain research 1.3, for no source shows one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from domain.reports.form_parts import contact_line, day_words, head_line
from domain.reports.grid import Cell, Grid, Look
from domain.reports.task_summary import FIELDS, SummaryType
from domain.result_codes import RESULTS

TYPE_WORDS: Final = {SummaryType.INITIATING: "发起", SummaryType.COOPERATING: "配合"}
TOTAL: Final = "合计"
_WORDS: Final = {
    "drawn": "抽查户数",
    "done": "完成户数",
    "problems": "发现问题户数",
    "corrected": "责令改正",
    "penalty": "立案处罚",
    "transfer_agency": "移送行政机关",
    "transfer_judicial": "移送司法机关",
    "entered": "录入户数",
    "published": "公示户数",
}
_RESULT_FIELDS: Final = tuple(f"result_{code}" for code in RESULTS)


def build_summary_form(
    lines: Sequence[tuple[str, str, Mapping[str, int]]],
    *,
    task_no: str,
    task: str,
    kind: str,
    pool: int | None,
    unit: str,
    day: date,
    contact: Mapping[str, str],
    remark: str = "",
) -> Grid:
    """`lines` are key, department and field → number each, the sum last where there is one; `pool`
    is 库内户数, None where nobody knows it."""
    head = [Cell("部门", Look.HEAD, rows=2), Cell("库内户数", Look.HEAD, rows=2)]
    for name in FIELDS:
        if name == _RESULT_FIELDS[0]:
            head.append(Cell("各检查结果户数", Look.HEAD, columns=len(_RESULT_FIELDS)))
        elif name not in _RESULT_FIELDS:
            head.append(Cell(_WORDS[name], Look.HEAD, rows=2))
    body = [
        (
            Cell(department),
            Cell("—" if pool is None else str(pool), Look.NUMBER),
            *(Cell(str(numbers[name]), Look.NUMBER, ref=f"{key}/{name}") for name in FIELDS),
        )
        for key, department, numbers in lines
    ]
    columns = len(FIELDS) + 2
    facts = f"任务编号：{task_no}　任务名称：{task}　类型：{TYPE_WORDS[SummaryType(kind)]}"
    return Grid(
        title="抽查结果汇总表",
        above=(head_line(unit), f"填表时间：{day_words(day)}"),
        widths=(11, 6, 5, 5, *([5] * len(_RESULT_FIELDS)), 5, 5, 5, 5, 5, 4, 4),
        rows=(
            (Cell(facts, columns=columns),),
            tuple(head),
            tuple(Cell(RESULTS[code].zh, Look.HEAD) for code in RESULTS),
            *body,
            (Cell("备注", Look.HEAD), Cell(remark, Look.TEXT, columns=columns - 1)),
        ),
        below=contact_line(contact),
        head_rows=3,
        is_landscape=True,
    )

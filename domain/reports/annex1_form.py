"""Annex 1 as it is printed (domain research 1.1): the words are the form's own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from domain.reports.annex1 import COLUMNS
from domain.reports.form_parts import contact_line, day_words, head_line
from domain.reports.grid import Cell, Grid, Look

TITLE: Final = "县（市、区）“双随机、一公开”监管月报表"
SUBTITLE: Final = "（本年度累计数据）"
SCOPE: Final = "截止目前数据（不含省级分派任务）"
COLUMN_WORDS: Final = ("次数", "抽查总户数", "完成检查户数", "发现问题户数")
DEFAULT_PLATFORM: Final = "河北双随机执法监管平台"
OTHER_PLATFORM: Final = "其他平台"
DRAWN: Final = "本地区开展随机抽查情况"
# (rows it spans, its words) and the words of each row in it, as printed.
_PLATFORM_ITEMS: Final[Sequence[tuple[str, Sequence[tuple[str, str]]]]] = (
    (DRAWN, (("all", "总计"), ("internal", "部门内部"), ("joint", "部门联合"))),
    ("本地区涉及企业的随机抽查情况", (("enterprises", "总计"),)),
    ("本地区利用企业信用风险分级分类开展随机抽查的情况", (("classes", "总计"),)),
    (
        "本地区市场监管系统开展随机抽查情况（即市场监管局牵头和参与部门联合包括的抽查）",
        (
            ("market_office", "总计"),
            ("market_office_internal", "部门内部"),
            ("market_office_joint", "部门联合"),
        ),
    ),
)
_OTHER_ITEMS: Final = (
    ("other", "本地区开展抽查情况"),
    ("other_enterprises", "本地区涉及企业的随机抽查情况"),
    ("other_classes", "本地区利用企业信用风险分级分类开展随机抽查情况"),
)


def build_annex1(
    numbers: Mapping[str, Sequence[int]],
    *,
    unit: str,
    platform: str,
    day: date,
    contact: Mapping[str, str],
) -> Grid:
    """The form with these numbers, row → four in the order of `COLUMNS`."""
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("平台", Look.HEAD, rows=2),
            Cell("统计项目", Look.HEAD, rows=2, columns=2),
            Cell(SCOPE, Look.HEAD, columns=len(COLUMN_WORDS)),
        ),
        tuple(Cell(word, Look.HEAD) for word in COLUMN_WORDS),
    ]
    height = sum(len(lines) for _item, lines in _PLATFORM_ITEMS)
    first = [Cell(platform or DEFAULT_PLATFORM, Look.STACKED, rows=height)]
    for item, lines in _PLATFORM_ITEMS:
        cells = [Cell(item, rows=len(lines))]
        for key, word in lines:
            rows.append((*first, *cells, Cell(word), *_numbers(key, numbers)))
            first, cells = [], []
    first = [Cell(OTHER_PLATFORM, Look.STACKED, rows=len(_OTHER_ITEMS))]
    for key, item in _OTHER_ITEMS:
        rows.append((*first, Cell(item, columns=2), *_numbers(key, numbers)))
        first = []
    return Grid(
        title=TITLE,
        above=(head_line(unit), f"填表时间：{day_words(day)}"),
        widths=(6, 28, 10, 14, 14, 14, 14),
        rows=tuple(rows),
        below=contact_line(contact),
        head_rows=2,
        subtitle=SUBTITLE,
    )


def _numbers(key: str, numbers: Mapping[str, Sequence[int]]) -> list[Cell]:
    return [
        Cell(str(number), Look.NUMBER, ref=f"{key}/{column}")
        for column, number in zip(COLUMNS, numbers[key], strict=True)
    ]

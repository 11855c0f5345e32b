"""A register of firms nobody knows, as the file an office would send: XLSX or CSV."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from domain.identifiers import organisation_check_character, uscc_check_character

HEAD = ("统一社会信用代码", "企业名称", "类别", "信用风险等级", "地址", "联系人", "联系电话",
        "许可证号", "车辆数")  # fmt: skip
WORDS = ("顺达", "宏图", "安泰", "恒通", "远航", "金盾", "永固", "新源", "中联", "华运")
TRADES = ("道路客运", "道路货运", "机动车维修", "驾驶员培训")
TIERS = ("低风险", "一般风险", "较高风险", "高风险")


def register_file(rows: int, form: str) -> bytes:
    """``rows`` rows below one header, the same for both forms."""
    table = [HEAD, *(_row(number) for number in range(rows))]
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(table)
        return text.getvalue().encode("gb18030")
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = book.add_worksheet("名录")
    for number, row in enumerate(table):
        sheet.write_row(number, 0, row)
    book.close()
    return memory.getvalue()


def _row(number: int) -> tuple[str, ...]:
    return (
        _code(number),
        f"测量县{WORDS[number % len(WORDS)]}第{number}运输有限公司",
        TRADES[number % len(TRADES)],
        TIERS[number % len(TIERS)],
        f"测量县人民街{number}号",
        "钟明远",
        "0000-5550017",
        f"晋交运管许可测量字{140000000000 + number}号",
        str(number % 90),
    )


def _code(number: int) -> str:
    organisation = f"{number:08d}"
    body = f"91140000{organisation}{organisation_check_character(organisation)}"
    return body + uscc_check_character(body)

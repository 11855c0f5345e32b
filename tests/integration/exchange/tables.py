"""Files as an office sends them, and the way of one through the pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from flask.testing import FlaskClient

from tests.integration.draws.world import make_uscc

HEAD = ["统一社会信用代码", "名称", "类别", "信用风险等级", "联系电话", "车辆数"]


def firm_rows(number: int, first: int = 0) -> list[list[str]]:
    """Firms nobody knows: code, name, trade, class, telephone, vehicles."""
    return [
        [make_uscc(n), f"示例{n}号运输有限公司", "道路客运", "低风险", "0000-5550017", str(n % 50)]
        for n in range(first, first + number)
    ]


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], *, sheet: str = "名录") -> bytes:
    """Each value as the spreadsheet would keep what was typed: texts as texts, numbers as
    numbers."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    paper = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                paper.write_string(number, place, value)
            else:
                paper.write(number, place, value)
    book.close()
    return memory.getvalue()


def file_form(data: bytes, name: str) -> dict[str, Any]:
    """The body of an upload. The test client would put a long one into a file and leave it open."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


class Road:
    """One import on its way through the pages."""

    def __init__(self, client: FlaskClient, register: str = "firms") -> None:
        self.client = client
        self.register = register
        self.path = ""

    def upload(self, data: bytes, name: str = "名录.csv") -> str:
        """The page that follows: the columns, or the form with a refusal."""
        answer = self.client.post(f"/registry/imports/new/{self.register}", **file_form(data, name))
        if answer.status_code == 302:
            self.path = answer.headers["Location"]
            return self.client.get(self.path).text
        return answer.text

    def choose(self, mapping: Sequence[str] | None = None) -> str:
        """Takes the columns as they were recognised, or others; answers the preview."""
        page = self.client.get(self.path).text
        names = mapping if mapping is not None else chosen_in(page)
        form = {f"column-{place}": name for place, name in enumerate(names)}
        return self.post("columns", form)

    def post(self, what: str, form: dict[str, str] | None = None) -> str:
        """The page it leads to, once the work is done."""
        answer = self.client.post(f"{self.path}/{what}", data=form or {}, follow_redirects=True)
        while "Refresh" in answer.headers:  # each look waits for the work
            answer = self.client.get(self.path)
        return answer.text

    def preview(self, data: bytes, name: str = "名录.csv") -> str:
        """Up to the preview."""
        self.upload(data, name)
        return self.choose()


def chosen_in(page: str) -> list[str]:
    """The field chosen for each column of the columns page."""
    found = []
    for select in re.findall(r'<select[^>]*name="column-\d+".*?</select>', page, re.S):
        match = re.search(r'<option value="([^"]*)" selected', select)
        found.append(match[1] if match else "")
    return found


def numbers(page: str) -> list[int]:
    """The numbers on the cards: new, changed, unchanged, in error, (undecided)."""
    return [int(one) for one in re.findall(r'class="card-number">(\d+)<', page)]


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A sound workbook with one part put in or replaced."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEAD, *firm_rows(1)]))) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zip_bytes({**parts, name: content})


SHEET = "xl/worksheets/sheet1.xml"
CORNERS = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="%s"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)

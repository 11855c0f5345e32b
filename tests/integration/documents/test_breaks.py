"""Where a page ends: tables that begin at every height above it."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from server.documents.content import (
    Block,
    Column,
    Document,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from server.documents.page import render_pages
from server.documents.typesetting import typeset_pdf

COLUMNS = (Column("组别", 7, is_merged=True), Column("姓名", 13), Column("单位", 33))
GROUPS, ROWS, LONG = 6, 3, 36
PLACES = Signatures(("甲", "乙", "丙"))
DAY = date(2026, 3, 4)


def table() -> Table:
    """Each first row of two lines, so that it could be split."""
    return Table(
        COLUMNS,
        tuple(
            tuple(
                (f"第{group}组", f"名{group}", "局" * (LONG if row == 0 else 1))
                for row in range(ROWS)
            )
            for group in range(GROUPS)
        ),
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Papers whose table begins lower and lower, down to where it no longer fits."""
    papers = []
    for height in range(27, 40):
        filling: list[Block] = [Paragraph("填") for _ in range(height)]
        papers.append(
            Paper(
                ("试",),
                (
                    *filling,
                    Heading("表题"),
                    table(),
                    Heading("签字"),
                    PLACES,
                ),
            )
        )
    app = Flask(__name__, template_folder=str(Path(__file__).parents[3] / "pwa" / "templates"))
    app.jinja_env.globals["_"] = str
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    with app.test_request_context("/"):
        body = typeset_pdf(render_pages(Document("试", tuple(papers), DAY)))
    file = tmp_path_factory.mktemp("breaks") / "set.pdf"
    file.write_bytes(body)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True)
    return done.stdout.decode().replace(" ", "").split("\f")[:-1]


def test_neither_a_row_nor_a_group_is_split(pages: list[str]) -> None:
    assert len(pages) > 26
    for page in pages:
        whole = 0
        for group in range(GROUPS):
            count = len(re.findall(f"名{group}", page))
            assert count in (0, ROWS), page
            whole += count == ROWS
        assert page.count("局") == whole * (LONG + ROWS - 1), page


def test_neither_heading_nor_head_is_left_alone(pages: list[str]) -> None:
    for page in pages:
        assert "表题" not in page or "名0" in page, page
        assert ("姓名" in page) == (re.search(r"名\d", page) is not None), page


def test_signatures_stay_together_with_their_heading(pages: list[str]) -> None:
    for page in pages:
        assert (
            len({word in page for word in ("签字\n", "甲（签字）", "乙（签字）", "丙（签字）")})
            == 1
        )

"""A draw's documents, downloaded and opened as the office does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import docx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.draw_room import ROLLS, Drawn

DOCUMENTS = {
    "记录单": ("{number}", "{firm}", "{officer}", "乔如是", ROLLS),
    "匹配结果人员信息": ("{firm}", "{officer}"),
    "抽查事项表": ("市场监督管理局", "生态环境分局"),
    "联合抽查方案": ("生态环境分局", "{number}"),
    "告知书": ("{firm}", "{officer}"),
}


def open_the_documents(office: Page, drawn: Drawn, folder: Path) -> None:
    """Each as PDF and as Word file, with what it has to say; a notice for every firm."""
    office.get_by_role("link", name="抽查文书").first.click()
    rows = office.locator("#documents tbody tr")
    expect(rows).to_have_count(len(DOCUMENTS))
    for title, words in DOCUMENTS.items():
        row = rows.filter(has=office.get_by_role("rowheader", name=re.compile(title)))
        pages = _read_pdf(_saved(office, row.get_by_role("link", name="PDF"), folder))
        word_text = _read_word(_saved(office, row.get_by_role("link", name="Word 文件"), folder))
        expected = [
            word.format(number=drawn.number, firm=drawn.firm, officer=drawn.officers[0])
            for word in words
        ]
        for text in ("".join(pages), word_text):
            assert not [word for word in expected if word not in text], title
        if title == "告知书":
            assert len(pages) >= drawn.count


def _saved(page: Page, link: Locator, folder: Path) -> Path:
    """A download under the name the browser was given."""
    with page.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _read_pdf(path: Path) -> list[str]:
    """The text of each page, without blanks."""
    done = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True)
    return ["".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def _read_word(path: Path) -> str:
    """All text in its body, without blanks."""
    return "".join("".join(docx.Document(str(path)).element.body.itertext()).split())

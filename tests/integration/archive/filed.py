"""A visit done and entered, with photos, a receipt of the notice and a correction; and what its PDF
says of itself."""

from __future__ import annotations

import re
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import attach, lock_sheet, make_jpeg, sign
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_files import upload

FIRM, OFFICER = "示例䶮运㙟有限公司", "王䶮"
PHOTOS = [make_jpeg(1600, 1200, colour) for colour in ("navy", "olive")]
Make = Callable[[str], Phone]


def enter_visit(phone: Make) -> Phone:
    """The tr sheet entered with two photos and a signed notice; answers the office's desk."""
    wang = phone("wang")
    declared = [attach(wang, "PAX-02", data) for data in PHOTOS]
    sign(wang, "notice", "陈经理", relation="head")
    told = wang.results()
    assert {one["status"] for one in told} <= {"applied", "merged"}, told
    for op, data in zip(declared, PHOTOS, strict=True):
        assert upload(wang, op, data).status_code < 300
    lock_sheet(phone)
    return phone("office")


def correct(phone: Make) -> None:
    """The note of PAX-02 is corrected: version 2."""
    order = ask(phone("wang"), "PAX-02", {"note": "抽查六台"})
    assert decide(phone("head"), order).status_code == 200


def take(desk: Phone, path: str) -> bytes:
    """A download, closed as a browser does."""
    with desk.client.get(path) as answer:
        assert answer.status_code == 200, answer.text
        data: bytes = answer.data
        return data


def pages_of(pdf: Path) -> list[str]:
    """The text of each page, without blanks."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    return done.stdout.decode().replace(" ", "").split("\f")[:-1]


def told_by(program: str, pdf: Path) -> list[str]:
    """The lines of pdfinfo, pdffonts, pdfimages."""
    more = {"pdfimages": ["-list"], "pdfinfo": ["-meta"]}.get(program, [])
    done = subprocess.run([program, *more, pdf], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def objects_of(pdf: bytes) -> bytes:
    """Its dictionaries, those in compressed streams too."""
    found = [pdf]
    for one in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            found.append(zlib.decompressobj().decompress(one[1]))
        except zlib.error:
            continue
    return b"\n".join(found)

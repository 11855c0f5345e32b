"""The file of a visit: what its PDF holds, what it says it lacks, and who may have it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.models import AuditEvent
from server.db import db, scope_to
from server.fieldsync.files.uploads import folder
from tests.conftest import ON_SQLITE
from tests.integration.archive.filed import (
    FIRM,
    OFFICER,
    PHOTOS,
    correct,
    enter_visit,
    objects_of,
    pages_of,
    take,
    told_by,
)
from tests.integration.builders import Field
from tests.integration.fieldsync.day import claim, fill, submit
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


@ON_SQLITE
def test_the_file_is_one_pdf_a_with_cover_index_and_every_part(
    app: Flask, field: Field, phone: Make, tmp_path: Path
) -> None:
    office = enter_visit(phone)
    correct(phone)
    path = f"/inspections/{field.inspection_id}/archive.pdf"
    data = take(office, path)
    pdf = tmp_path / "file.pdf"
    pdf.write_bytes(data)

    told = "".join(told_by("pdfinfo", pdf))
    assert 'pdfaid:part="2" pdfaid:conformance="B"' in told and FIRM in told
    objects = objects_of(data)
    assert b"/OutputIntents" in objects and b"/GTS_PDFA1" in objects
    assert data.startswith(b"%PDF-1.7") and data.rstrip().endswith(b"%%EOF")
    # what ISO 19005-2 forbids, as far as it can be read off without a validator
    for word in (rb"/Encrypt", rb"/JavaScript", rb"/JS", rb"/AA", rb"/Launch", rb"/EmbeddedFile",
                 rb"/LZWDecode", rb"/Movie", rb"/Sound", rb"/3D", rb"/XFA"):  # fmt: skip
        assert not re.search(word + rb"\b", objects), word
    # nothing shines through: no soft mask, no blend but the plain one, nothing fainter than whole
    assert not re.search(rb"/SMask\s+\d", objects)
    assert set(re.findall(rb"/BM\s*/(\w+)", objects)) <= {b"Normal"}
    assert {float(one) for one in re.findall(rb"/(?:ca|CA)\s+([\d.]+)", objects)} <= {1.0}
    assert b"/ToUnicode" in objects and b"/Lang" in objects
    assert re.search(rb"/ID\s*\[", objects), "a file identifier"
    fonts = told_by("pdffonts", pdf)[2:]
    assert fonts and all(re.match(r"[A-Z]{6}\+Noto-S(erif|ans)-CJK-SC", one) for one in fonts)
    assert all(one.split()[-5] == "yes" for one in fonts)  # embedded
    pictures = [line.split() for line in told_by("pdfimages", pdf)[2:]]
    assert [(one[2], one[3], one[4], one[8]) for one in pictures] == [
        ("image", "1000", "750", "jpeg")
    ] * len(PHOTOS)

    cover, index, *bound = pages_of(pdf)
    for part in (FIRM, OFFICER, "2026-0001", "不齐全，缺4件", "平台回执尚未登记（待办公室办理）"):
        assert part in cover, part
    assert "市场监督管理局" in index and "由该部门立卷" in index
    order = "2026-0001-更1-1"
    assert order in index and any(f"更正单编号{order}" in page for page in bound)
    titles = {
        "抽取记录及编号": "draw-1", "检查告知书及签收": "告知书签收", "现场检查记录表": "抽查六台",
        "签字或拒签记录": "检查人员：", "取证照片及清单": claim(PHOTOS[0])["sha256"][:30],
        "检查结果": "更正为第2版", "结果更正": "抽查5台", "卷内备考表": "立卷人（签字）",
    }  # fmt: skip
    for title, said in titles.items():
        found = re.search(rf"\d{title}(?:交通运输局)?(\d+)", index)
        assert found, title
        number = int(found[1])
        assert said in bound[number - 1], title
        assert f"第{number}页" in bound[number - 1]
    assert f"共{len(bound)}页" in cover
    with app.app_context():
        scope_to(None)
        taken = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "archive.taken"))
        assert [one.details["sha256"] for one in taken] == [hashlib.sha256(data).hexdigest()]


@pytest.mark.both
def test_the_page_says_what_is_missing_and_whose_turn_it_is(field: Field, phone: Make) -> None:
    path = f"/inspections/{field.inspection_id}/archive"
    office = phone("office")
    page = office.client.get(path).text
    assert "还缺 10 件材料" in page and "尚未填完提交" in page and "下载案卷 PDF" in page
    wang = phone("wang")
    fill(wang)
    submit(wang)
    wang.results()
    page = office.client.get(path).text
    rows = re.findall(r"<tr.*?</tr>", page, re.S)
    told = {re.sub(r"<[^>]+>|\s", "", row) for row in rows}
    assert "检查结果缺检查结果尚未录入组长" in told and "现场检查记录表齐全" in told
    assert "检查告知书及签收缺告知书没有签收，也没有拒签记录检查人员" in told
    assert f'href="{path}"' in office.client.get(path.removesuffix("/archive")).text


def test_everybody_gets_the_file_of_the_sheets_they_may_read(field: Field, phone: Make) -> None:
    path = f"/inspections/{field.inspection_id}/archive"
    for who, own, other in (("wang", "tr", "mr"), ("zhao", "mr", "tr"), ("office", "tr", "mr")):
        page = phone(who).client.get(path).text
        assert f'id="file-{own}"' in page and f'id="file-{other}"' not in page, who
        assert "由该部门自行立卷" in page
    page = phone("auditor").client.get(path).text
    assert 'id="file-tr"' in page and 'id="file-mr"' in page
    stranger = phone("stranger").client
    for form in ("", ".pdf", ".zip"):
        assert stranger.get(path + form).status_code == 403
        other = path.replace(f"/{field.inspection_id}/", "/999999/")
        assert phone("office").client.get(other + form).status_code == 404


def test_a_photo_whose_file_is_gone_is_missing_and_the_administrators_turn(
    app: Flask, field: Field, phone: Make
) -> None:
    office = enter_visit(phone)
    with app.app_context():
        folder().blob_path(claim(PHOTOS[1])["sha256"]).unlink()
    path = f"/inspections/{field.inspection_id}/archive"
    page = office.client.get(path).text
    assert "1 张照片的文件在服务器上找不到" in page and "系统管理员" in page


def test_a_question_whether_there_is_a_file_makes_none(
    app: Flask, field: Field, phone: Make
) -> None:
    office, path = enter_visit(phone), f"/inspections/{field.inspection_id}/archive"
    for form in (".pdf", ".zip"):
        told = office.client.head(path + form)
        assert (told.status_code, told.data) == (200, b"")
        assert told.headers["Content-Disposition"] == "attachment"
        assert phone("stranger").client.head(path + form).status_code == 403
    with app.app_context():
        scope_to(None)
        taken = select(AuditEvent).where(AuditEvent.action == "archive.taken")
        assert db.session.scalars(taken).all() == [], "nobody took one, and none was made"

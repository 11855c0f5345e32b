"""The draw's five documents: what stands in them, who gets them, and what is left without Pango."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.db import db, unit_of_work
from server.documents import typesetting
from server.documents.ceremony import Ceremony, read_ceremony
from server.documents.content import Table
from server.documents.draw_facts import read_draw_facts
from server.documents.press import NO_FACES, NO_PANGO
from server.documents.record_sheet import build_record_sheet
from server.documents.service import VISITS_IN_A_FILE, Kind, make_draw_document, parts_of
from server.documents.word_file import write_word
from server.draws.models import Draw
from server.i18n import translate
from server.inspections.models import Inspection
from tests.apps import Clock, close_app, make_app
from tests.conftest import ROOT
from tests.integration.documents.county import (
    FIRMS,
    LONG,
    MARKED,
    PASSWORD,
    RARE,
    draw_county,
    freeze_county,
)
from tests.integration.draws.world import World

HOST = "http://localhost/"
DEPARTMENTS = ("交通运输局", "市场监督管理局", "生态环境分局")


@pytest.fixture(scope="module")
def drawn(
    sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World, int]]:
    """One county for all that only read it."""
    home = tmp_path_factory.mktemp("documents")
    (home / "suicha.sqlite3").write_bytes(sqlite_empty.read_bytes())
    app = make_app(f"sqlite:///{home / 'suicha.sqlite3'}", home, Clock())
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        world, draw_id = draw_county()
        db.session.remove()
    yield app, world, draw_id
    close_app(app)


def sign_in(app: Flask, who: str = "office") -> FlaskClient:
    client = app.test_client()
    done = client.post("/sign-in", data={"account": who, "password": PASSWORD})
    assert done.status_code == 302
    return client


def text_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page, without blanks: how wide they are set is not what is looked at."""
    (folder / "set.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", folder / "set.pdf", "-"], check=True, capture_output=True
    )
    return done.stdout.decode().replace(" ", "").split("\f")[:-1]


def text_of_word(body: bytes) -> str:
    """Everything in it, the cells of tables too."""
    file = docx.Document(io.BytesIO(body))
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t")))
                     for p in file.element.body.iter(qn("w:p")))  # fmt: skip


def test_the_record_sheet_is_set_in_embedded_noto_faces_with_heads_on_each_page(
    drawn: tuple[Flask, World, int], tmp_path: Path
) -> None:
    app, _world, draw_id = drawn
    answer = sign_in(app).get(f"/draws/{draw_id}/documents/record-sheet.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    name = unquote(answer.headers["Content-Disposition"])
    assert "filename*=UTF-8''抽取记录单_联2026001.pdf" in name
    pages = text_of(answer.data, tmp_path)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "set.pdf"], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert fonts and all(re.match(r"[A-Z]{6}\+Noto-S(erif|ans)-CJK-SC", one) for one in fonts)
    assert all(one.split()[-5] == "yes" for one in fonts)  # embedded
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共3页" in page and "打印日期：2026年3月4日" in page
    whole = "\n".join(pages)
    with app.app_context():
        draw = db.session.get_one(Draw, draw_id)
        told = (draw.public_id, draw.pool_sha256, str(draw.seed))
        codes = [one["id"] for one in (draw.record or {})["firms"]]
    names = MARKED, f"欧阳{RARE}"
    for part in (*told, *codes, *names, "联2026001", "高风险", "（实抽12户）"):
        assert part in whole, part
    assert "执法证号" in pages[1] and whole.count("0414") == 14


def test_each_notice_counts_its_own_pages(drawn: tuple[Flask, World, int], tmp_path: Path) -> None:
    app, _world, draw_id = drawn
    client = sign_in(app, "tr1")  # who has the notices of a few visits only
    pages = text_of(client.get(f"/draws/{draw_id}/documents/notices.pdf").data, tmp_path)
    assert 1 < len(pages) < FIRMS
    for page in pages:
        assert "第1页共1页" in page and page.count("执法证号0414") == 6
        assert page.count("（签字）：") == 2


def test_a_group_of_officers_stays_on_one_page(
    drawn: tuple[Flask, World, int], tmp_path: Path
) -> None:
    app, _world, draw_id = drawn
    pages = text_of(sign_in(app).get(f"/draws/{draw_id}/documents/matching.pdf").data, tmp_path)
    assert len(pages) > 2
    for page in pages:
        assert "业务专长" in page and page.count("0414") % 6 == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_the_word_file_has_real_tables_and_the_same_words(
    drawn: tuple[Flask, World, int], kind: Kind
) -> None:
    app, _world, draw_id = drawn
    answer = sign_in(app).get(f"/draws/{draw_id}/documents/{kind}.docx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = " ".join(archive.namelist()).lower()
        assert "vba" not in names and "thumbnail" not in names
        assert 'w:altName w:val="FangSong"' in archive.read("word/fontTable.xml").decode()
    file = docx.Document(io.BytesIO(answer.data))
    rows = [row for table in file.tables for row in table._tbl.tr_lst]
    assert rows and all(row.trPr is not None for row in rows)  # none is split
    heads = [row for row in rows if row.trPr.find(qn("w:tblHeader")) is not None]
    assert (
        len(heads)
        == {"record-sheet": 2, "matching": 1, "items": 4, "scheme": 1, "notices": 0}[kind]
    )
    assert len(file.sections) == (FIRMS if kind is Kind.NOTICES else 1)
    footer = file.sections[0].footer.paragraphs[0]._p.xml
    assert "PAGE" in footer and "SECTIONPAGES" in footer
    text = text_of_word(answer.data)
    wanted = {
        "record-sheet": (MARKED, f"欧阳{RARE}", "监督人（签字）：", "35162441"),
        "matching": (MARKED, LONG, "组长", "机动车维修"),
        "items": (
            *DEPARTMENTS,
            "《固体废物污染环境防治法》第七十七条",
            "实地核查、书面检查",
            "重点",
        ),
        "scheme": ("一、工作目标", "七、工作要求", "3月-10月", "20 个工作日", "100% 1次/年"),
        "notices": (f"{MARKED}：", "送达方式", "□ 现场送达", "2026年3月9日"),
    }[kind]
    for part in wanted:
        assert part in text, part


def test_the_notice_says_word_for_word_what_the_phone_says(drawn: tuple[Flask, World, int]) -> None:
    app, _world, draw_id = drawn
    with app.app_context():
        visit = db.session.query(Inspection).filter_by(draw_id=draw_id).first()
        assert visit is not None
        path = f"/inspections/{visit.id}/documents/notice.docx"
    text = text_of_word(sign_in(app).get(path).data)
    told = (ROOT / "pwa" / "app" / "i18n" / "zh.ts").read_text("utf-8")
    for key in ("heading", "papers_list", "right_1", "right_2", "right_3", "right_4", "duty"):
        (words,) = re.findall(rf"'notice\.{key}': '([^']*)'", told)
        assert words in text, key


def test_the_same_data_give_the_same_chinese_text_in_any_language(
    drawn: tuple[Flask, World, int],
) -> None:
    app, world, draw_id = drawn
    made = []
    for cookie in ("suicha_locale=zh_CN", "suicha_locale=en"):
        with app.test_request_context("/", headers={"Cookie": cookie}):
            for kind in Kind:
                made.append(make_draw_document(world.clerk, draw_id, kind, HOST))
            assert translate("告知书") == ("告知书" if "zh" in cookie else "Notice")
    assert made[:5] == made[5:]


def test_what_is_marked_up_in_a_register_is_text_on_the_page(
    drawn: tuple[Flask, World, int],
) -> None:
    app, _world, draw_id = drawn
    client = sign_in(app, "tr1")
    client.post("/language", data={"locale": "en"})
    page = client.get(f"/draws/{draw_id}/documents/record-sheet.html").text
    assert f"{RARE}&lt;b&gt;&amp;汽修厂" in page and "<b>" not in page and "style=" not in page
    assert "Print it with the browser, on A4." in page
    assert "随机数和复核" in page


def test_a_control_character_does_not_spoil_the_word_file(drawn: tuple[Flask, World, int]) -> None:
    app, world, draw_id = drawn
    with app.app_context():
        from server.registry.models import Firm

        with unit_of_work() as work:
            work.get_one(Firm, world.firms[2]).address = "示例路\x0b2号"
        with app.test_request_context("/"):
            made = make_draw_document(world.clerk, draw_id, "record-sheet", HOST)
    assert "示例路2号" in text_of_word(write_word(made))


def test_every_width_of_a_column_is_in_the_stylesheet(drawn: tuple[Flask, World, int]) -> None:
    app, world, draw_id = drawn
    style = (ROOT / "pwa" / "static" / "document.css").read_text("utf-8")
    with app.test_request_context("/"):
        papers = [make_draw_document(world.clerk, draw_id, kind, HOST).papers[0] for kind in Kind]
    tables = [block for paper in papers for block in paper.blocks if isinstance(block, Table)]
    assert len(tables) == 8
    for table in tables:
        assert sum(column.width for column in table.columns) == 100
        assert all(f".w{column.width} {{" in style for column in table.columns)


def test_a_document_is_not_set_in_a_substitute(tmp_path: Path) -> None:
    """As on a machine without Noto CJK: Fontconfig finds a face, but not ours."""
    faces = tmp_path / "fonts.conf"
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "DejaVu Sans"], check=True, capture_output=True, text=True
    ).stdout
    folder = Path(found).parent
    assert "cjk" not in found.lower()
    faces.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    job = typesetting.PressJob(["<h1>a</h1><p>b</p>"])
    done = subprocess.run(
        [sys.executable, "-m", "server.documents.press"],
        cwd=ROOT, input=json.dumps(asdict(job)).encode(), check=False, capture_output=True,
        env={"FONTCONFIG_FILE": str(faces)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (NO_FACES, b"")


def test_a_document_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red }")
    with pytest.raises(Fault) as refused:
        typesetting.typeset_pdf([f'<link rel="stylesheet" href="{secret.as_uri()}"><p>字</p>'])
    assert refused.value.code == "document.pdf_failed"


def test_inspectors_get_the_notices_of_their_own_visits_only(
    drawn: tuple[Flask, World, int],
) -> None:
    app, world, draw_id = drawn
    client = sign_in(app, "tr1")
    mine = text_of_word(client.get(f"/draws/{draw_id}/documents/notices.docx").data)
    with app.app_context():
        visits = db.session.query(Inspection).filter_by(draw_id=draw_id).all()
        own = {
            one.number: world.officers["tr1"] in [member.officer_id for member in one.team]
            for one in visits
        }
        ids = {one.number: one.id for one in visits}
    assert 0 < sum(own.values()) < FIRMS
    for number, is_own in own.items():
        assert (f"（{number}）" in mine) == is_own
        answer = client.get(f"/inspections/{ids[number]}/documents/notice.docx")
        assert answer.status_code == (200 if is_own else 403)


def test_before_the_draw_there_are_scheme_and_items_only(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        _world, draw_id = freeze_county()
    client = sign_in(sqlite_app)
    for kind in Kind:
        answer = client.get(f"/draws/{draw_id}/documents/{kind}.docx")
        assert answer.status_code == (200 if kind in ("scheme", "items") else 409), kind
    page = client.get(f"/draws/{draw_id}/documents").text
    assert page.count("抽取之后才有内容") == 3
    assert client.get(f"/draws/{draw_id}/documents/nothing.docx").status_code == 404
    assert client.get(f"/draws/{draw_id}/documents/scheme.exe").status_code == 404


def test_without_pango_word_file_and_page_are_offered_and_the_pdf_says_why(
    drawn: tuple[Flask, World, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _world, draw_id = drawn
    client = sign_in(app)
    path = f"/draws/{draw_id}/documents"
    assert f"{path}/scheme.pdf" in client.get(path).text
    monkeypatch.setattr(typesetting, "LIBRARIES", ("nobody-has-this",))
    typesetting.has_pango.cache_clear()
    try:
        page = client.get(path)
        refused = client.get(f"{path}/scheme.pdf")
    finally:
        monkeypatch.undo()
        typesetting.has_pango.cache_clear()
    assert "本机不能生成 PDF" in page.text and ".pdf" not in page.text
    assert refused.status_code == 503 and "document.pdf_unavailable" in refused.text
    assert f"{path}/scheme.docx" in refused.text and f"{path}/scheme.html" in refused.text


def test_who_comes_while_three_wait_is_told_at_once() -> None:
    room = typesetting._room
    taken = [room.acquire(blocking=False) for _ in range(typesetting.MOST_AT_ONCE)]
    try:
        with pytest.raises(Fault) as refused:
            typesetting.typeset_pdf(["<p>字</p>"])
    finally:
        for _ in taken:
            room.release()
    assert all(taken) and refused.value.code == "document.busy"


def test_the_server_starts_without_the_typesetting_library(tmp_path: Path) -> None:
    """As on a machine without Pango, where the import itself fails."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    for program, code in (("server.app", 0), ("server.documents.press", NO_PANGO)):
        done = subprocess.run(
            [sys.executable, "-m", program],
            cwd=ROOT, env={"PYTHONPATH": str(tmp_path)}, input=b"[]", check=False,
        )  # fmt: skip
        assert done.returncode == code, program


def test_a_long_draw_is_offered_in_files_of_a_hundred() -> None:
    assert parts_of(0) == ()
    assert parts_of(VISITS_IN_A_FILE) == ((1, 100),)
    assert parts_of(205) == ((1, 100), (101, 200), (201, 205))


def test_what_was_said_in_the_room_stands_on_the_sheet(drawn: tuple[Flask, World, int]) -> None:
    app, world, draw_id = drawn
    with app.test_request_context("/"):
        facts = read_draw_facts(world.clerk, draw_id, HOST)
        told = Ceremony("三楼会议室", "丙", "督查室 乔如是", ("公安局 甲、乙",), "省平台")
        text = str(build_record_sheet(replace(facts, ceremony=told)))
    for part in ("三楼会议室", "操作人：丙", "监督人：督查室 乔如是", "公安局 甲、乙", "省平台"):
        assert part in text, part


def test_a_draw_that_was_set_aside_keeps_its_sheet_and_serves_no_notice(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        _world, draw_id = draw_county()
        with unit_of_work() as work:
            draw = work.get_one(Draw, draw_id)
            draw.state, draw.reason = "superseded", "名录有误"
        visit = db.session.query(Inspection).filter_by(draw_id=draw_id).first()
        assert visit is not None
        path = f"/inspections/{visit.id}/documents/notice.docx"
    client = sign_in(sqlite_app)
    sheet = client.get(f"/draws/{draw_id}/documents/record-sheet.docx")
    assert "已由重抽代替" in text_of_word(sheet.data)
    assert "notices" not in client.get(f"/draws/{draw_id}/documents").text
    for address in (path, f"/draws/{draw_id}/documents/notices.docx"):
        assert client.get(address).status_code == 409


def test_what_was_said_in_the_room_is_read_with_and_without_itsparts_of() -> None:
    assert read_ceremony(None).place == ""
    told = read_ceremony(
        {"place": "三楼会议室", "witness": {"name": "乔如是", "unit": "督查室"},
         "present": [{"department": "公安局", "names": "甲、乙"}], "operator": "丙",
         "meeting": {"held_on": "2026-03-02", "participants": "三部门", "scheme_no": ""}}
    )  # fmt: skip
    assert (told.place, told.witness, told.operator) == ("三楼会议室", "督查室 乔如是", "丙")
    assert told.present == ("公安局 甲、乙",)
    assert (told.met_on, told.met) == (date(2026, 3, 2), "三部门")

"""The notice as it is printed, and the office's pages of telling."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from docx.oxml.ns import qn
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from server.db import scope_to, unit_of_work
from server.registry.models import Firm
from server.telling import service
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.telling.conftest import Desk, enter, make_link

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RARE = "㙟䶮𠮷客运有限公司"
DELIVERY = {
    "way": "direct", "delivered_on": "2026-03-04", "servers": "王检查、李检查",
    "receiver": "陈经理",
}  # fmt: skip


def base(field: Field) -> str:
    return f"/telling/{field.inspection_id}/tr"


def receipt() -> tuple[io.BytesIO, str]:
    return io.BytesIO(make_jpeg()), "送达回证.jpg"


def read_pdf(pdf: bytes, folder: Path) -> tuple[str, list[str]]:
    """Text without blanks, and the lines of its fonts."""
    (folder / "notice.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", folder / "notice.pdf", "-"], check=True, capture_output=True
    ).stdout.decode()
    fonts = subprocess.run(
        ["pdffonts", folder / "notice.pdf"], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    return re.sub(r"\s", "", told), fonts


def test_a_corrected_notice_is_read_back_from_pdf_and_word_with_rare_names_and_embedded_fonts(
    app: Flask, field: Field, phone: Callable[[str], Phone], desk: Desk, tmp_path: Path
) -> None:
    with app.app_context(), unit_of_work() as work:
        work.execute(update(Firm).values(name=RARE, address="䶮镇一号"))
    wang = enter_problems(phone)
    proposal = ask(wang, "PAX-03", {"value": "台账缺页", "result": 8})
    assert decide(phone("head"), proposal).status_code == 200
    with app.app_context():
        token, _code = make_link(field)
        scope_to(field.jurisdiction_id)
        view = service.view_telling(field.actor("office"), field.inspection_id, "tr")
        assert view.notice is not None
        where, facts = f"{base(field)}/notices/{view.notice.id}", view.notice.facts
    office = desk("office")
    answer = office.get(f"{where}.pdf")
    assert answer.mimetype == "application/pdf"
    name = unquote(answer.headers["Content-Disposition"])
    assert f"检查结果告知书_{facts['number']}.pdf" in name
    told, fonts = read_pdf(answer.data, tmp_path)
    assert fonts and all(one.split()[-5] == "yes" for one in fonts)  # embedded
    assert all(re.match(r"[A-Z]{6}\+Noto-S(erif|ans)-CJK-SC", one) for one in fonts)
    wanted = (
        "检查结果告知书", RARE, "䶮镇一号", facts["number"], "《道路运输条例》", "检查项PAX-02",
        "抽查5台", "待作出处理决定", "现场复核", "台账缺页", "第1版更正为第2版", "陈述和申辩",
        facts["digest"], "送达回证", "受送达人签收", "2026年3月4日", "王检查，执法证号",
    )  # fmt: skip
    file = docx.Document(io.BytesIO(office.get(f"{where}.docx").data))
    texts = file.element.body.iter(qn("w:t"))
    in_word = re.sub(r"\s", "", "".join(one.text or "" for one in texts))
    for part in wanted:
        assert part in told, part
        assert part in in_word, part
    page = office.get(f"{where}.html").text
    assert RARE in page and "<svg" in page and token not in told
    assert office.get(f"{where}.txt").status_code == 404


def test_the_page_leads_from_notice_to_delivery_and_shows_a_code_once(
    app: Flask, field: Field, wang: Phone, desk: Desk
) -> None:
    office, visit = desk("office"), f"/inspections/{field.inspection_id}"
    assert f'href="{base(field)}"' in office.get(visit).text
    assert "未告知的检查结果" in office.get("/").text
    assert office.post(f"{base(field)}/make", data={"version": "1"}).status_code == 302
    page = office.get(base(field)).text
    where = re.search(r"/telling/\d+/tr/notices/\d+/deliver", page)
    assert where is not None
    bare = office.post(where[0], data=DELIVERY)
    assert bare.status_code == 422 and 'id="document-error"' in bare.text
    assert 'value="陈经理"' in bare.text
    sent = office.post(where[0], data=DELIVERY | {"document": receipt()})
    assert sent.status_code == 302
    shown = office.get(base(field)).text
    assert "已告知" in shown and "送达回证.jpg" in shown
    kept = re.search(r"/telling/\d+/tr/files/delivery/\d+", shown)
    assert kept is not None
    with office.get(kept[0]) as proof:
        assert proof.data == make_jpeg()
    assert desk("stranger").get(kept[0]).status_code == 403
    code = re.search(r"新验证码：(\d{4} \d{4})", office.post(f"{base(field)}/code").text)
    assert code is not None and code[1] not in office.get(base(field)).text
    assert "未告知的检查结果" not in office.get("/").text


def test_what_came_with_a_refused_delivery_is_not_chosen_again_and_is_nobody_elses(
    app: Flask, field: Field, told: tuple[str, str], desk: Desk
) -> None:
    office, lead = desk("office"), desk("lead")
    where = re.search(r"/telling/\d+/tr/notices/\d+/deliver", office.get(base(field)).text)
    assert where is not None
    typed = DELIVERY | {"servers": " "}
    refused = office.post(where[0], data=typed | {"document": receipt()}).text
    held = re.search(r'name="document_kept" value="([^"]+)" checked', refused)
    assert held is not None and "已收到：送达回证.jpg" in refused
    again = office.post(where[0], data=typed | {"document_kept": held[1]}).text
    assert f'value="{held[1]}" checked' in again
    for who, voucher in ((lead, held[1]), (office, held[1].replace("送达", "送到"))):
        bare = who.post(where[0], data=DELIVERY | {"document_kept": voucher})
        assert bare.status_code == 422 and 'id="document-error"' in bare.text
    broken = io.BytesIO(make_jpeg()[:-40]), "坏.jpg"
    told_both = office.post(where[0], data=typed | {"document": broken}).text
    assert 'id="document-error"' in told_both and 'id="servers-error"' in told_both
    assert office.post(where[0], data=DELIVERY | {"document_kept": held[1]}).status_code == 302
    shown = office.get(base(field)).text
    kept = re.search(r"/telling/\d+/tr/files/delivery/\d+", shown)
    assert kept is not None and "送达凭证 送达回证.jpg" in shown
    with office.get(kept[0]) as proof:
        assert proof.data == make_jpeg()


def test_a_refused_delivery_says_why_at_the_field(
    app: Flask, field: Field, told: tuple[str, str], desk: Desk
) -> None:
    office = desk("office")
    where = re.search(r"/telling/\d+/tr/notices/\d+/deliver", office.get(base(field)).text)
    assert where is not None
    for change, at in (
        ({"way": "post"}, "post_no"),
        ({"way": "left"}, "note"),
        ({"way": "electronic"}, "way"),
        ({"delivered_on": "2026-03-05"}, "delivered_on"),
        ({"delivered_on": "2026-02-30"}, "delivered_on"),
        ({"servers": " "}, "servers"),
    ):
        refused = office.post(where[0], data=DELIVERY | change | {"document": receipt()})
        assert refused.status_code == 422, change
        # a group of choices is told by its summary, a field by the words below it
        assert f'href="#{at}"' in refused.text and f'id="{at}-error"' in refused.text, change


def test_the_list_narrows_counts_and_leaves_as_a_table(
    field: Field, told: tuple[str, str], desk: Desk
) -> None:
    office = desk("office")
    assert "示例客运有限公司" in office.get("/telling?state=not_told").text
    assert "示例客运有限公司" not in office.get("/telling?state=told").text
    assert "示例客运有限公司" not in office.get("/telling?q=没有这一家").text
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(office.get("/telling?format=xlsx&state=not_told").data)
    )
    rows = book.get_sheet_by_index(0).to_python()
    assert book.sheet_names == ["告知企业"] and "未告知" in str(rows)
    assert office.get("/telling?state=x&department=y&page=99999999999").status_code == 200
    assert desk("wang").get("/telling").status_code == 403


def test_pages_are_complete_in_english(
    app: Flask, field: Field, told: tuple[str, str], desk: Desk
) -> None:
    office = desk("office")
    office.post("/language", data={"locale": "en"})
    assert "Make a new code" in office.get(base(field)).text
    firm = enter(app, *told)
    firm.set_cookie("suicha_locale", "en")
    assert "Hand in your view" in firm.get(f"/firm/{told[0]}").text

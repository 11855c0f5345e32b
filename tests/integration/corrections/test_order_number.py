"""An approved order has a number a bureau can file by, the same wherever the order is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import update

from server.db import scope_to, unit_of_work
from server.inspections.models import Inspection
from server.inspections.paper_numbers import number_correction
from server.registry.models import Firm
from server.telling import service as telling
from tests.integration.builders import Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in
from tests.integration.telling.test_notice import RARE, read_pdf

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Make = Callable[[str], Phone]


def number_of(field: Field, serial: int) -> str:
    scope_to(field.jurisdiction_id)
    with unit_of_work() as work:
        visit = work.get(Inspection, field.inspection_id)
        assert visit is not None
        sheet = next(one for one in visit.sheets if one.code == "tr")
        found = number_correction(visit, sheet, serial + 1)
        assert not number_correction(visit, sheet, 1) and not number_correction(visit, sheet, None)
        place = "" if len(visit.sheets) == 1 else f"{visit.sheets.index(sheet) + 1}-"
        assert found == f"{visit.number}-更{place}{serial}"
    return found


def test_nth_approved_order_has_the_nth_number_on_every_page_and_refused_ones_have_none(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wang, _lead = entered
    first = ask(wang, "PAX-03", {"value": "台账不全", "result": 5})
    head, office = sign_in(app, "head"), sign_in(app, "office")
    assert "批准后编号" in head.get(f"/corrections/{first}/paper").text
    assert decide(phone("head"), first).status_code == 200
    none = ask(wang, "PAX-03", {"value": "台账缺页", "result": 5})
    assert decide(phone("head"), none, "refuse").status_code == 200
    second = ask(wang, "PAX-03", {"value": "台账缺失", "result": 5})
    assert decide(phone("head"), second).status_code == 200
    with app.app_context():
        one, two = number_of(field, 1), number_of(field, 2)
        version = telling.view_telling(field.actor("office"), field.inspection_id, "tr").version
        assert version is not None and version.version == 3
        telling.make_notice(field.actor("office"), field.inspection_id, "tr", 3)
    for order, number in ((first, one), (second, two)):
        for page in (f"/corrections/{order}", f"/corrections/{order}/paper"):
            assert number in head.get(page).text, page
    assert "不编号" in head.get(f"/corrections/{none}/paper").text
    listed = head.get("/corrections").text
    assert one in listed and two in listed and f"{two[:-1]}3" not in listed
    visit = office.get(f"/inspections/{field.inspection_id}").text
    assert one in visit and two in visit
    assert two in office.get(f"/publication/{field.inspection_id}/tr").text
    notice = re.search(
        r"/telling/\d+/tr/notices/\d+", office.get(f"/telling/{field.inspection_id}/tr").text
    )
    assert notice is not None and two in office.get(f"{notice[0]}.html").text


def test_order_is_read_back_from_its_pdf_with_rare_names_and_embedded_fonts(
    app: Flask, field: Field, phone: Make, tmp_path: Path
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), unit_of_work() as work:
        work.execute(update(Firm).values(name=RARE))
    wang, _lead = lock_sheet(phone)
    order = ask(wang, "PAX-03", {"value": "台账不全", "result": 5})
    assert decide(phone("head"), order).status_code == 200
    with app.app_context():
        number = number_of(field, 1)
    answer = sign_in(app, "head").get(f"/corrections/{order}/paper.pdf")
    assert answer.mimetype == "application/pdf"
    name = unquote(answer.headers["Content-Disposition"])
    assert f"结果更正单_{number}.pdf" in name
    told, fonts = read_pdf(answer.data, tmp_path)
    assert fonts and all(one.split()[-5] == "yes" for one in fonts)  # embedded
    for words in (
        RARE,
        number,
        "台账齐全",
        "台账不全",
        "现场复核",
        "情况属实",
        "审批人：主要负责人",
    ):
        assert words in told, words
    assert order not in told

"""The pages as people get them: the next step, refused forms with all that was typed, the lists."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from server.audit.service import list_events
from server.db import db, scope_to, unit_of_work
from server.inspections.models import Sheet
from server.publication import pages
from server.publication.models import PlatformReceipt, Publication
from server.runtime import now
from tests.integration.builders import Field
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone

Desk = Callable[[str], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RECEIPT = {"version": "1", "number": "SX-000017", "day": "2026-03-04"}
PUBLISH = {
    "version": "1", "channel": "国家企业信用信息公示系统", "day": "2026-03-04",
    "address": "https://www.gsxt.example/17",
}  # fmt: skip


def base(field: Field) -> str:
    return f"/publication/{field.inspection_id}/tr"


def test_each_page_leads_the_office_to_the_next_step(field: Field, wang: Phone, desk: Desk) -> None:
    office, visit = desk("office"), f"/inspections/{field.inspection_id}"
    assert "登记平台回执" in office.get(visit).text
    proof = (io.BytesIO(make_jpeg()), "回执.jpg")
    sent = office.post(f"{base(field)}/receipt", data=RECEIPT | {"document": proof})
    assert sent.status_code == 302
    page = office.get(visit).text
    assert "SX-000017" in page and "登记公示情况" in page
    assert office.post(f"{base(field)}/publish", data=PUBLISH).status_code == 302
    page = office.get(visit).text
    assert "查看录入与公示" in page and "已公示" in page
    shown = office.get(base(field)).text
    assert "https://www.gsxt.example/17" in shown
    link = re.search(rf"{base(field)}/proofs/receipt/\d+", shown)
    assert link is not None
    with office.get(link[0]) as kept:
        assert kept.data == make_jpeg() and "sandbox" in kept.headers["Content-Security-Policy"]
    assert desk("zhao").get(link[0]).status_code == 403


@pytest.mark.parametrize(
    ("part", "change", "field_id", "told"),
    [
        ("receipt", {"number": " "}, "receipt-number", "请填写此项"),
        ("receipt", {"day": "2026-03-05"}, "receipt-day", "不能晚于今天"),
        ("receipt", {"number": "", "day": "2026-03-05"}, "receipt-day", "不能晚于今天"),
        ("receipt", {"day": "2026-02-30"}, "receipt-day", "真实日期"),
        ("publish", {"address": "javascript:alert(1)"}, "publish-address", "https://"),
        ("publish", {"day": "2026-03-01"}, "publish-day", "2026-03-04"),
    ],
)
def test_a_refused_form_says_why_at_the_field_and_keeps_what_was_typed(
    field: Field,
    wang: Phone,
    desk: Desk,
    part: str,
    change: dict[str, str],
    field_id: str,
    told: str,
) -> None:
    typed = (RECEIPT if part == "receipt" else PUBLISH) | change
    refused = desk("office").post(f"{base(field)}/{part}", data=typed)
    assert refused.status_code == 422
    assert f'href="#{field_id}"' in refused.text
    assert told in refused.text[refused.text.index(f'id="{field_id}-error"') :]
    kept = typed["number"] if part == "receipt" else typed["channel"]
    assert f'value="{kept}"' in refused.text


def test_a_receipt_sent_twice_is_recorded_once_and_asks_for_a_reason(
    field: Field, wang: Phone, desk: Desk
) -> None:
    office = desk("office")
    assert office.post(f"{base(field)}/receipt", data=RECEIPT).status_code == 302
    again = office.post(f"{base(field)}/receipt", data=RECEIPT)
    assert again.status_code == 422 and 'id="receipt-reason-error"' in again.text
    scope_to(field.jurisdiction_id)
    assert db.session.query(PlatformReceipt).count() == 1


def test_a_number_that_another_sheet_bears_is_asked_about_and_taken_when_it_is_right(
    field: Field, wang: Phone, desk: Desk
) -> None:
    with unit_of_work() as work:
        work.add(
            PlatformReceipt(
                jurisdiction_id=field.jurisdiction_id, sheet_id=field.sheet_ids["mr"], version=1,
                number=RECEIPT["number"], received_on=date(2026, 3, 4),
                recorded_by=field.people["office"], recorded_at=now(),
            )
        )  # fmt: skip
    office = desk("office")
    asked = office.post(f"{base(field)}/receipt", data=RECEIPT)
    assert asked.status_code == 409 and 'id="receipt-checked"' in asked.text
    assert "示例客运有限公司" in asked.text[asked.text.index('id="receipt-number-error"') :][:400]
    assert f'value="{RECEIPT["number"]}"' in asked.text
    told = office.post(f"{base(field)}/receipt", data=RECEIPT | {"is_checked": "y"})
    assert told.status_code == 302
    scope_to(field.jurisdiction_id)
    event = next(e for e in list_events(f"{field.space}/tr") if e.action == "receipt.recorded")
    assert event.details["same_number_as"] == [field.sheet_ids["mr"]]


def test_the_offices_start_page_counts_what_waits_for_platform_and_public(
    field: Field, wang: Phone, desk: Desk
) -> None:
    def cards() -> list[str]:
        page = office.get("/").text
        return [one for one in ("待录平台", "待公示") if one in page]

    office = desk("office")
    assert cards() == ["待录平台"] and "step=receipt" in office.get("/").text
    office.post(f"{base(field)}/receipt", data=RECEIPT)
    assert cards() == ["待公示"]
    office.post(f"{base(field)}/publish", data=PUBLISH)
    assert cards() == []
    assert "待录平台" not in desk("wang").get("/").text


def test_the_missing_of_an_officer_leave_as_a_table_of_just_those(
    field: Field, wang: Phone, desk: Desk
) -> None:
    office, query = desk("office"), "/publication/missing?step=entry&format=xlsx"
    counts = []
    for officer in ("zhao", "wang"):
        answer = office.get(f"{query}&officer={field.officers[officer]}")
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        head, *rows = book.get_sheet_by_index(0).to_python()
        assert head[-2:] == ["下一步", "现由谁办"]
        counts.append(len(rows))
    assert counts == [1, 0], "the visit has ended: zhao's department still has to enter"


def test_a_long_list_of_what_is_missing_comes_in_pages_and_leaves_whole(
    field: Field, wang: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MISSING_PER_PAGE", 1)
    with unit_of_work() as work:  # both departments' sheets are to be entered
        sheet = work.get_one(Sheet, field.sheet_ids["mr"])
        second = Sheet(
            jurisdiction_id=field.jurisdiction_id, inspection_id=field.inspection_id,
            department_id=sheet.department_id, code="mr2", lists=sheet.lists,
        )  # fmt: skip
        work.add(second)
    office, path = desk("office"), "/publication/missing?step=entry"
    first, last = office.get(path).text, office.get(f"{path}&page=99").text
    assert "第 1 页，共 2 页" in first and "第 2 页，共 2 页" in last
    assert first.count("#sheet-mr") == last.count("#sheet-mr") == 1
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"{path}&format=xlsx").data))
    assert len(book.get_sheet_by_index(0).to_python()) == 3


def test_a_file_that_is_no_picture_is_refused_at_its_field(
    field: Field, wang: Phone, desk: Desk
) -> None:
    proof = (io.BytesIO(b"MZ\x90\x00 a program"), "公示.pdf")
    refused = desk("office").post(f"{base(field)}/publish", data=PUBLISH | {"document": proof})
    assert 'id="publish-document-error"' in refused.text
    scope_to(field.jurisdiction_id)
    assert db.session.query(Publication).count() == 0


def test_rates_lead_to_what_is_missing_and_both_leave_as_tables(
    field: Field, wang: Phone, desk: Desk
) -> None:
    office = desk("office")
    page = office.get("/publication?by=department").text
    assert "录入率" in page and "step=publication" in page
    listed = office.get("/publication/missing?step=publication").text
    assert "示例客运有限公司" in listed and "待登记回执" in listed and "办公室" in listed
    for address, title in (
        ("/publication?by=officer&format=xlsx", "录入率和公示率"),
        ("/publication/missing?step=visit&format=xlsx", "待办清单"),
    ):
        book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(address).data))
        assert book.sheet_names == [title]
    for odd in ("?by=nobody&year=x", "/missing?step=none&task=999999999999"):
        assert office.get(f"/publication{odd}").status_code == 200


def test_who_may_not_record_reads_without_a_form_and_others_read_nothing(
    field: Field, wang: Phone, desk: Desk
) -> None:
    shown = desk("wang").get(base(field))
    assert shown.status_code == 200 and "receipt-form" not in shown.text
    assert desk("zhao").get(base(field)).status_code == 403
    assert desk("stranger").get("/publication").status_code == 403


def test_pages_are_complete_in_english(field: Field, wang: Phone, desk: Desk) -> None:
    office = desk("office")
    office.post("/language", data={"locale": "en"})
    assert "Receipt number" in office.get(base(field)).text
    assert "Entry rate" in office.get("/publication").text

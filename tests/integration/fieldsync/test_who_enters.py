"""The officer enters, and nobody for another department; what is missing is told at once, on the
phone and on the page (R048, R074, R079)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from domain.errors import message
from tests.integration.builders import Field
from tests.integration.fieldsync.day import RESULTS, enter, fill, submit
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

Make = Callable[[str], Phone]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHERS = ("zhao", "stranger", "office", "lead", "head", "auditor")


def test_nobody_but_an_officer_of_its_own_team_enters_a_sheet(
    app: Flask, field: Field, phone: Make
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    assert lead.result(lead.make("sheet.accept", "sheet:tr"))["status"] == "applied"
    wang.pull()
    page = f"/inspections/{field.inspection_id}/tr/enter"
    form = {f"result-{item}": str(code) for item, code in RESULTS.items()}
    for who in OTHERS:
        other = phone(who)
        other.rows = dict(wang.rows)
        answer = other.push([enter(other)])
        if answer.status_code == 200:  # an officer; who has no phone's work at all gets no answer
            assert answer.get_json()["results"][0]["status"] == "forbidden", who
        else:
            assert answer.status_code == 403, who
        assert sign_in(app, who).post(page, data=form).status_code == 403, who
    wang.pull()
    assert wang.result(enter(wang))["status"] == "applied"


def test_phone_and_page_tell_everything_that_is_missing_at_once(
    app: Flask, field: Field, phone: Make
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wang = phone("wang")
    wang.pull()
    told = wang.result(enter(wang, {}))
    missing = {one["code"]: one["details"] for one in told["error"]["details"]["unmet"]}
    assert set(missing) >= {
        "entry.not_ended", "entry.officers", "entry.answer", "entry.signature_officer",
        "entry.signature_firm", "entry.result", "entry.not_accepted",
    }  # fmt: skip
    shown = sign_in(app, "wang").get(f"/inspections/{field.inspection_id}/tr/enter").text
    for code, details in missing.items():
        if code != "entry.result":  # the page is where the results are chosen
            head = message(code, "zh_CN", details).partition("：")[0][:8]
            assert head in shown, (code, head)

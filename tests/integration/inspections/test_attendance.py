"""Who was there, for those who were not: the lead, the office, the firm at its door."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.door import door_token
from server.inspections.records import find_inspection
from server.results import service as results
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.inspections.visit import answer, check_in, do, sign


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


def stay_away(field: Field, who: str, reason: str = "other", note: str = "车辆抛锚") -> None:
    fields = {"sheet": "tr", "absent": field.officers[who], "reason": reason, "note": note}
    do(field, "wang", "checkin.add", f"checkin:{uuid.uuid4()}", fields)


def come_late(field: Field, who: str) -> None:
    fields = {"sheet": "tr", "officer_id": field.officers[who], "place": None, "late": True}
    do(field, "wang", "checkin.add", f"checkin:{uuid.uuid4()}", fields)


def unmet(field: Field) -> dict[str, dict[str, object]]:
    return {one.code: one.details for one in results.list_unmet(field.inspection_id, "tr", {})}


def pages(app: Flask, field: Field) -> tuple[FlaskClient, str]:
    client = app.test_client()
    client.post("/sign-in", data={"account": "lead", "password": PASSWORD})
    return client, f"/inspections/{field.inspection_id}"


def test_an_absence_never_counts_nor_does_the_signature_of_who_was_away(field: Field) -> None:
    check_in(field, "wang")
    stay_away(field, "li")
    sign(field, "wang")
    sign(field, "li")
    found = unmet(field)
    assert found["entry.officers"] == {"present": 1, "needed": 2}
    assert found["entry.signature_officer"] == {"signed": 1, "needed": 2}
    come_late(field, "li")
    assert "entry.officers" not in unmet(field)


def test_the_visit_the_day_and_the_door_tell_an_absence_until_the_officer_comes(
    sqlite_app: Flask, field: Field
) -> None:
    answer(field, "wang", "PAX-01", "pass")
    stay_away(field, "li")
    client, visit = pages(sqlite_app, field)
    for page in (visit, "/day"):
        told = client.get(page).text
        assert "未到场" in told and "车辆抛锚" in told and "检查开始后登记" not in told, page
    door = sqlite_app.test_client().get(f"/check/{door_token(field.inspection_id)}").text
    assert door.count("本次未到场") == 1 and "车辆抛锚" not in door
    come_late(field, "li")
    for page in (visit, "/day"):
        told = client.get(page).text
        assert "检查开始后登记" in told and "车辆抛锚" not in told, page
    assert "本次未到场" not in sqlite_app.test_client().get(
        f"/check/{door_token(field.inspection_id)}"
    ).text  # fmt: skip


def test_a_check_in_far_from_the_firm_is_told_the_lead_and_stops_nothing(
    sqlite_app: Flask, field: Field
) -> None:
    firm = find_inspection(field.inspection_id).firm  # type: ignore[union-attr]
    with unit_of_work():
        firm.lat_e7, firm.lng_e7 = 354862000, 1124189000
    for who, lat_e7 in (("wang", 354862000), ("li", 355762000)):
        place = {"lat_e7": lat_e7, "lng_e7": 1124189000, "accuracy_m": 20}
        fields = {"sheet": "tr", "officer_id": field.officers[who], "place": place}
        do(field, who, "checkin.add", f"checkin:{uuid.uuid4()}", fields)
    client, visit = pages(sqlite_app, field)
    for page in (visit, "/day"):
        told = client.get(page).text
        assert told.count("到场位置较远") == 1 and "10.0 公里" in told, page
    assert "entry.officers" not in unmet(field)


def test_an_absence_alone_begins_no_visit(field: Field) -> None:
    stay_away(field, "li")
    assert not fieldsync.read_sheet(field.inspection_id, "tr").is_begun
    check_in(field, "wang")
    assert fieldsync.read_sheet(field.inspection_id, "tr").is_begun

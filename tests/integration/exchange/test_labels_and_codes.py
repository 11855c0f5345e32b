"""Labels of the library, further licences, and firms that got another credit code, in a file."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.access import Actor
from server.db import db
from server.registry import service as registry
from server.registry.models import Firm
from tests.integration.exchange.tables import HEAD, Road, csv_bytes, firm_rows, numbers
from tests.integration.registry.county import office_of

LABELLED = [*HEAD[:3], "标签"]


@pytest.fixture
def office(desk: None) -> Actor:
    """Keeps the tag library."""
    from server.accounts.models import Jurisdiction

    return office_of(db.session.query(Jurisdiction.id).scalar(), "librarian")


def add_tag(office: Actor, code: str, name: str, register: str = "firms") -> int:
    values = {"code": code, "name": name, "group_name": "安全", "origin": "local"}
    return registry.add_tag(office, register, values).id


def labelled(labels: str, number: int = 1) -> bytes:
    return csv_bytes([LABELLED, *([*row[:3], labels] for row in firm_rows(number))])


def firm(uscc: str) -> Firm:
    db.session.rollback()
    found = db.session.scalar(select(Firm).where(Firm.uscc == uscc))
    assert found is not None
    return found


def test_labels_are_read_by_name_or_code_and_leave_by_name(road: Road, office: Actor) -> None:
    add_tag(office, "S1", "两客一危"), add_tag(office, "S2", "校车")
    road.preview(labelled("两客一危、S2"))
    road.post("confirm")
    assert firm(firm_rows(1)[0][0]).labels == ["S1", "S2"]
    file = road.client.get("/registry/exports/firms.csv").data
    assert "两客一危、校车" in file.decode("utf-8-sig")
    assert numbers(Road(road.client).preview(file)) == [0, 0, 1, 0]


def test_label_of_no_library_is_an_error_that_says_where_to_add_it(
    road: Road, office: Actor
) -> None:
    shown = road.preview(labelled("两客一危"))
    assert numbers(shown) == [0, 0, 0, 1]
    assert "标签库中没有“两客一危”，请先在标签库中添加" in shown
    officers = Road(road.client, "officers")
    head = ["姓名", "单位", "执法证号", "标签"]
    table = [head, ["甲", "交通运输局", "14059900001", "客运、登记"]]
    assert "标签库中没有“登记”" in officers.preview(csv_bytes(table))
    add_tag(office, "D1", "登记", "officers")
    assert numbers(officers.preview(csv_bytes(table))) == [1, 0, 0, 0]


def test_retired_label_stays_where_it_is_and_is_refused_elsewhere(
    road: Road, office: Actor
) -> None:
    tag = add_tag(office, "S1", "两客一危")
    road.preview(labelled("两客一危"))
    road.post("confirm")
    registry.retire_tag(office, tag)
    assert numbers(Road(road.client).preview(labelled("两客一危"))) == [0, 0, 1, 0]
    shown = Road(road.client).preview(labelled("两客一危", 2))
    assert numbers(shown) == [0, 0, 1, 1] and "标签“两客一危”已停用" in shown


def test_further_licences_and_former_codes_go_out_and_come_back(road: Road, desk: None) -> None:
    row, (old, *_) = firm_rows(1)[0], firm_rows(1, first=9)[0]
    head = [*HEAD[:3], "其他许可证号", "曾用信用代码"]
    licences = "晋交运管许可字 140522000123 号；140522000456"
    road.preview(csv_bytes([head, [*row[:3], licences, old]]))
    road.post("confirm")
    kept = firm(row[0])
    assert kept.more_licences == ["晋交运管许可字 140522000123 号", "140522000456"]
    assert kept.former_usccs == [old]
    for q in ("140522000456", old):
        assert row[1] in road.client.get(f"/registry/firms?q={q}").text
    file = road.client.get("/registry/exports/firms.xlsx").data
    assert numbers(Road(road.client).preview(file, "名录.xlsx")) == [0, 0, 1, 0]


def renamed(road: Road) -> tuple[str, str, str]:
    """A known firm's name under another code, at the preview: old code, new code, the page."""
    known, fresh = firm_rows(1)[0], firm_rows(1, first=9)[0]
    known[1] = fresh[1] = "某县顺达客运有限公司"
    first = Road(road.client)
    first.preview(csv_bytes([HEAD, known]))
    first.post("confirm")
    fresh[5] = "77"
    return known[0], fresh[0], road.preview(csv_bytes([HEAD, fresh]))


def decision_of(page: str, firm_id: int, decision: str) -> dict[str, str]:
    row = page.split('name="row" value="')[1].split('"')[0]
    return {"row": row, "decision": decision, "entry": str(firm_id)}


def test_firm_with_a_new_code_is_updated_and_keeps_the_old_one(road: Road, desk: None) -> None:
    old, new, shown = renamed(road)
    assert numbers(shown) == [1, 0, 0, 0, 1] and "与“某县顺达客运有限公司”是同一对象" in shown
    number = firm(old).id
    shown = road.post("decide", decision_of(shown, number, "same"))
    assert numbers(shown)[:2] == [0, 1] and f"<del>{old}</del> → <ins>{new}</ins>" in shown
    # asked again, it is a new firm as before
    shown = road.post("decide", decision_of(shown, number, "take"))
    assert numbers(shown)[:2] == [1, 0] and "<del>" not in shown
    road.post("decide", decision_of(shown, number, "same"))
    assert "新增 0 条，更新 1 条" in road.post("confirm")
    kept = firm(new)
    assert (kept.id, kept.former_usccs, kept.vehicle_count) == (number, [old], 77)
    # the old list comes again: the code is known as a former one, and is not taken back
    again = csv_bytes([HEAD, [old, *firm_rows(1)[0][1:]]])
    shown = Road(road.client).preview(again)
    assert numbers(shown)[0] == 1 and "换码前的代码" in shown
    assert "恢复 1 条" in road.post("undo")
    assert (firm(old).id, firm(old).former_usccs) == (number, [])


def test_one_firm_is_not_updated_by_two_rows(client: FlaskClient, road: Road, desk: None) -> None:
    old, new, _shown = renamed(road)
    rows = [[code, "某县顺达客运有限公司", *firm_rows(1)[0][2:]] for code in (old, new)]
    shown = road.preview(csv_bytes([HEAD, *rows]))
    page = road.post("decide", decision_of(shown, firm(old).id, "same"))
    assert "import.entry_twice" in page and numbers(page)[:3] == [1, 0, 1]

"""Entries are edited, kept apart, recused and labelled; every change stands in their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from domain.access import Actor
from domain.errors import Fault
from server.accounts.service import find_department
from server.audit.service import list_events
from server.exchange.service import RegisterImport, import_file
from server.registry import service as registry
from server.registry.models import Firm, Officer
from tests.integration.registry.county import build_county, office_of

USCC = "91140522MA0K00013Y"
OTHER = "91130534MA0K000137"


@pytest.fixture
def office(sqlite_app: Flask) -> Iterator[Actor]:
    with sqlite_app.app_context():
        yield office_of(build_county())


def add_firm(actor: Actor, uscc: str = USCC, **values: object) -> Firm:
    given = {"name": "顺达客运", "uscc": uscc, "category": "passenger", "labels": []}
    return registry.add_firm(actor, given | values)


def add_officer(actor: Actor, cert_no: str = "ZF000001", **values: object) -> Officer:
    home = find_department("tr")
    assert home is not None
    return registry.add_officer(
        actor,
        {
            "name": "王一",
            "department_id": home.id,
            "cert_no": cert_no,
            "cert_expires_on": date(2026, 4, 1),
            "labels": ["passenger"],
            "area": "",
            "person_id": None,
            "is_active": True,
        }
        | values,
    )


def refusal_of(deed: object, *args: object) -> str:
    with pytest.raises(Fault) as refused:
        deed(*args)  # type: ignore[operator]
    return refused.value.code


def history(actor: Actor, register: str, entry_id: int) -> list[dict[str, list[object]]]:
    return [one.changes for one in registry.list_changes(actor, register, entry_id)]


def test_a_firm_stands_once_under_its_code(office: Actor) -> None:
    add_firm(office)
    assert refusal_of(add_firm, office) == "firm.uscc_taken"


def test_the_second_of_two_editors_is_told_and_nothing_is_stored_unseen(office: Actor) -> None:
    firm = add_firm(office, address="东街 1 号", contact_phone="")
    seen = registry.version_of(office, "firms", firm.id)
    form = {"name": "顺达客运", "uscc": USCC, "category": "passenger", "labels": []}
    first = form | {"address": "东街 2 号", "contact_phone": "0000-1"}
    second = form | {"address": "西街 9 号", "contact_phone": ""}
    assert isinstance(registry.edit_firm(office, firm.id, first, seen), Firm)
    told = registry.edit_firm(office, firm.id, second, seen)
    assert isinstance(told, registry.ChangedMeanwhile)
    clashes = {one.name: one for one in told.clashes}
    assert set(clashes) == {"address", "contact_phone"}
    assert (clashes["address"].base, clashes["address"].now) == ("东街 1 号", "东街 2 号")
    assert clashes["address"].is_typed and not clashes["contact_phone"].is_typed
    assert registry.get_firm(office, firm.id).address == "东街 2 号"
    again = registry.edit_firm(office, firm.id, second, told.version)
    assert isinstance(again, Firm) and again.address == "西街 9 号"


def test_what_others_changed_elsewhere_or_in_the_same_way_stops_nobody(office: Actor) -> None:
    firm = add_firm(office)
    seen = registry.version_of(office, "firms", firm.id)
    registry.save_vehicle(
        office, firm.id, {"plate": "晋E12345", "color": "", "kind": "", "permit_no": ""}
    )
    form = {"name": "顺达客运公司", "uscc": USCC, "category": "passenger", "labels": []}
    registry.edit_firm(office, firm.id, form, registry.version_of(office, "firms", firm.id))
    assert isinstance(registry.edit_firm(office, firm.id, form, seen), Firm)


def test_a_change_of_status_says_why_and_by_whom(office: Actor) -> None:
    firm = add_firm(office)
    registry.change_firm_status(office, firm.id, "closed", "厂房已拆")
    newest = registry.list_changes(office, "firms", firm.id)[0]
    assert newest.changes == {"status": ["open", "closed"]}
    assert (newest.reason, newest.changed_by) == ("厂房已拆", office.person_id)
    assert list_events(f"firm:{firm.id}")[0].action == "firm.status_changed"
    assert refusal_of(registry.change_firm_status, office, firm.id, "gone", "x") == (
        "request.bad_parameter"
    )


def test_a_plate_belongs_to_one_firm_and_its_way_is_on_record(office: Actor) -> None:
    firm, other = add_firm(office), add_firm(office, OTHER, name="宏远货运")
    values = {"plate": "晋E-12345", "color": "yellow", "kind": "货车", "permit_no": "X"}
    registry.save_vehicle(office, firm.id, values)
    assert refusal_of(registry.save_vehicle, office, other.id, values) == "vehicle.duplicate"
    (vehicle,) = registry.list_vehicles(office, firm)
    registry.save_vehicle(office, firm.id, values | {"color": "blue"}, vehicle.id)
    assert refusal_of(registry.remove_vehicle, office, other.id, vehicle.id) == "vehicle.not_found"
    registry.remove_vehicle(office, firm.id, vehicle.id, "已报废")
    assert registry.list_vehicles(office, firm) == []
    assert history(office, "firms", firm.id)[:3] == [
        {"vehicle:晋E12345": ["蓝牌，货车，X", None]},
        {"vehicle:晋E12345": ["黄牌，货车，X", "蓝牌，货车，X"]},
        {"vehicle:晋E12345": [None, "黄牌，货车，X"]},
    ]


def test_a_recusal_reaches_the_draw_and_ends_with_a_reason(office: Actor) -> None:
    firm, officer = add_firm(office), add_officer(office)
    registry.add_recusal(office, officer.id, firm.id, "配偶任职")
    assert refusal_of(registry.add_recusal, office, officer.id, firm.id, "x") == "recusal.exists"
    home = find_department("tr")
    assert home is not None
    (drawn,) = registry.list_eligible_officers(office, [home.id], date(2026, 3, 4))
    assert drawn.recused_firm_ids == [firm.id]
    (view,) = registry.list_recusals(office, registry.get_officer(office, officer.id))
    assert view.record is not None and view.record.reason == "配偶任职"
    assert [one.id for one in registry.list_recused_officers(office, firm)] == [officer.id]
    registry.end_recusal(office, officer.id, firm.id, "配偶已离职")
    assert registry.get_officer(office, officer.id).recused_firm_ids == []
    assert refusal_of(registry.end_recusal, office, officer.id, firm.id, "x") == (
        "recusal.not_found"
    )
    reasons = [one.reason for one in registry.list_changes(office, "officers", officer.id)]
    assert reasons == ["配偶已离职", "配偶任职", ""]


def test_certificate_and_account_belong_to_one_officer(office: Actor) -> None:
    add_officer(office, person_id=office.person_id)
    assert refusal_of(add_officer, office) == "officer.cert_taken"
    with pytest.raises(Fault) as refused:
        add_officer(office, "ZF000002", person_id=office.person_id)
    assert refused.value.code == "officer.account_taken"


def test_officers_are_found_by_initials_certificate_label_and_what_they_lack(
    office: Actor,
) -> None:
    today = date(2026, 3, 4)
    add_officer(office, name="欧阳明", area="城关镇")
    add_officer(office, "ZF000002", name="李二", cert_expires_on=date(2026, 3, 3), labels=[])
    add_officer(office, "ZF000003", name="张三", cert_expires_on=date(2030, 1, 1))

    def names(**wanted: object) -> set[str]:
        filter_ = registry.OfficerFilter(**wanted)  # type: ignore[arg-type]
        page = registry.list_officers(office, wanted=filter_, on=today)
        return {one.name for one in page.rows}

    assert names(q="oym") == names(area="城关镇") == names(q="zf000001") == {"欧阳明"}
    assert names(certificate="expired") == names(lacks="label") == {"李二"}
    assert names(certificate="expiring") == {"欧阳明"}
    assert names(labels=["passenger"]) == {"欧阳明", "张三"}
    gaps = registry.count_officer_gaps(office, today)
    assert (gaps.total, gaps.expired, gaps.expiring, gaps.lacking["label"]) == (3, 1, 1, 1)
    assert names(recused=True) == names(state="inactive") == set()


def test_only_tags_of_the_library_are_set_and_a_used_one_is_retired_not_deleted(
    office: Actor,
) -> None:
    with pytest.raises(Fault) as refused:
        add_firm(office, labels=["T-1"])
    assert refused.value.code == "tag.unknown"
    values = {"code": "T-1", "name": "两客一危", "group_name": "", "origin": "province"}
    tag = registry.add_tag(office, "firms", values)
    assert refusal_of(registry.add_tag, office, "firms", values | {"code": "T-9"}) == (
        "tag.duplicate"
    )
    firm = add_firm(office, labels=["T-1"])
    assert refusal_of(registry.delete_tag, office, tag.id) == "tag.in_use"
    registry.retire_tag(office, tag.id)
    with pytest.raises(Fault):
        add_firm(office, OTHER, labels=["T-1"])
    form = {"name": "改名", "uscc": USCC, "category": "passenger", "labels": ["T-1"]}
    seen = registry.version_of(office, "firms", firm.id)
    assert isinstance(registry.edit_firm(office, firm.id, form, seen), Firm)


def test_the_library_begins_with_the_trades_the_draw_asks_for(office: Actor) -> None:
    registry.seed_tags(office)
    registry.seed_tags(office)
    tags = {one.code: one for one in registry.list_tags(office, "officers")}
    assert set(tags) == set(registry.CATEGORIES)
    assert refusal_of(registry.delete_tag, office, tags["taxi"].id) == "tag.in_use"
    library = registry.label_library(office, "officers")
    assert (library.codes["道路客运"], library.codes["taxi"]) == ("passenger", "taxi")
    assert library.find_refused(["taxi", "登记"], []) == ("tag.unknown", {"name": "登记"})


TAGS = "适用,编号,名称,分组,来源\n检查对象,S1,两客一危,安全,省级\n执法检查人员,S2,危货,,\n"


def import_tags(text: str, actor: Actor) -> RegisterImport:
    return import_file("tags", "tags.csv", text.encode(), actor)


def test_the_provinces_library_is_imported_once_and_changes_names(office: Actor) -> None:
    assert import_tags(TAGS, office).created == 2
    again = import_tags(TAGS.replace("安全", "风险"), office)
    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    (tag,) = registry.list_tags(office, "firms")
    assert (tag.code, tag.group_name, tag.origin) == ("S1", "风险", "province")
    registry.retire_tag(office, tag.id)
    assert import_tags(TAGS, office).warnings == []
    assert registry.get_tag(office, tag.id).retired_at is not None


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        ("编号", "号码", "号码", "plan.unknown_column"),
        ("检查对象,S1", "车辆,S1", "适用", "cell.unknown_word"),
        ("S1", "S 1", "编号", "cell.bad_tag_code"),
        ("S2,危货", "S2,", "名称", "plan.blank"),
        ("危货,,\n", "危货,,\n执法检查人员,S3,危货,,\n", "名称", "tag.duplicate"),
        ("危货,,\n", "危货,,\n执法检查人员,S2,别的,,\n", "编号", "plan.duplicate"),
    ],
)
def test_a_library_that_cannot_be_used_is_refused_whole(
    office: Actor, old: str, new: str, column: str, reason: str
) -> None:
    with pytest.raises(Fault) as refused:
        import_tags(TAGS.replace(old, new, 1), office)
    details = refused.value.details
    assert (details["column"], details["reason"]) == (column, reason)
    assert registry.list_tags(office, "firms") == []


def test_the_provinces_tag_never_becomes_a_local_one(office: Actor) -> None:
    import_tags(TAGS, office)
    with pytest.raises(Fault) as refused:
        import_tags(TAGS.replace("省级", "本地"), office)
    assert refused.value.details["reason"] == "tag.of_province"

"""The registers' forms, as somebody in the office fills them in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.demo.county import DEMO
from tests.integration.registry.county import PASSWORD, build_county, import_firms, import_officers

USCC = "91140522MA0K00013Y"
FIRM = {
    "name": "阳城县新达货运有限公司",
    "uscc": "9114 0522 MA0K 0001 3Y",
    "category": "freight",
    "more_categories": ["hazmat", "freight"],
    "tier": "elevated",
    "tier_as_of": "2026-03-01",
    "industry_tier": "",
    "licence_no": "晋运字 17 号",
    "vehicle_count": "12",
    "lat": "35.4862",
    "lng": "112.4189",
    "contact_phone": "0000-5559999",
}


@pytest.fixture
def client(sqlite_app: Flask) -> Iterator[FlaskClient]:
    """``office`` and ``field`` may sign in; the demo's firms and one officer are there."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        county = build_county()
        home = find_department("tr")
        assert home is not None
        for account, role in (("office", Role.OFFICE_STAFF), ("field", Role.INSPECTOR)):
            add_person(get_jurisdiction(county), home, account, account, PASSWORD, [role])
        import_firms((DEMO / "firms.csv").read_bytes())
        import_officers("姓名,单位,执法证号\n甲乙,县交通局,ZF000001\n".encode())
    client = sqlite_app.test_client()
    sign_in(client, "office")
    return client


def sign_in(client: FlaskClient, account: str) -> None:
    client.post("/sign-in", data={"account": account, "password": PASSWORD})


def send(client: FlaskClient, path: str, data: dict[str, object]) -> tuple[int, str]:
    answer = client.post(path, data=data, follow_redirects=True)
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


def test_a_firm_is_entered_with_all_its_trades_and_an_odd_licence_is_only_marked(
    client: FlaskClient,
) -> None:
    status, text = send(client, "/registry/firms/new", FIRM)
    assert status == 200 and USCC in text and "格式少见" in text
    assert "危险货物运输" in text and "35.48620, 112.41890" in text and "截至 2026-03-01" in text
    assert "登记入库" in text and "office" in text
    assert FIRM["name"] in client.get("/registry/firms?q=xdhy&category=hazmat").text


def test_what_cannot_be_is_named_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient,
) -> None:
    for column, typed, told in (
        ("uscc", "91140522MA0K00013X", "校验位不符"),
        ("uscc", "140522000000001", "请在下一栏写明"),
        ("lat", "112.4", "3 与 54 之间"),
        ("lng", "", "经度、纬度要一并填写"),
        ("vehicle_count", "十二", "请填写整数"),
        ("tier_as_of", "2026-02-30", "请填写真实日期"),
        ("tier_as_of", "2099-01-01", "分类日期不能晚于今天"),
        ("name", " ", "请填写此项"),
    ):
        status, text = send(client, "/registry/firms/new", FIRM | {column: typed})
        assert status == 422 and told in text, column
        assert 'value="0000-5559999"' in text and "晋运字 17 号" in text
    assert "新达货运有限公司" not in client.get("/registry/firms?q=新达").text


def test_a_code_that_is_taken_names_who_has_it(client: FlaskClient) -> None:
    status, text = send(client, "/registry/firms/new", FIRM | {"uscc": "91140599MA9Q113715"})
    assert status == 409 and "顺源客运" in text and "firm.uscc_taken" in text
    assert 'value="0000-5559999"' in text


def test_an_old_number_goes_with_its_reason(client: FlaskClient) -> None:
    old = {"uscc": "140522000000001", "no_uscc_reason": "个体户尚未换照"}
    status, text = send(client, "/registry/firms/new", FIRM | old)
    assert status == 200 and "旧注册号" in text and "个体户尚未换照" in text


def test_the_second_editor_sees_both_and_keeps_what_was_typed(client: FlaskClient) -> None:
    send(client, "/registry/firms/new", FIRM)
    (path,) = re.findall(r"/registry/firms/\d+", client.get("/registry/firms?q=新达").text)[:1]
    form = client.get(f"{path}/edit").text
    (seen,) = re.findall(r'name="seen"[^>]*value="(\d+)"', form)
    first = FIRM | {"seen": seen, "contact_phone": "0000-1111111", "address": "新街 1 号"}
    first |= {"tier_as_of": "2026-03-02"}
    assert "已保存" in send(client, f"{path}/edit", first)[1]
    second = FIRM | {"seen": seen, "address": "后街 7 号"}
    status, text = send(client, f"{path}/edit", second)
    assert status == 409 and "register.changed_meanwhile" in text
    assert "您也改了此栏" in text and 'value="后街 7 号"' in text
    for new in ("0000-1111111", "2026-03-02"):  # not touched by the second: the new value
        assert f'value="{new}"' in text
    (seen,) = re.findall(r'name="seen"[^>]*value="(\d+)"', text)
    third = first | {"seen": seen, "address": "后街 7 号"}
    status, text = send(client, f"{path}/edit", third)
    assert status == 200 and "后街 7 号" in text and "0000-1111111" in text


def test_status_and_vehicles_change_on_the_firms_page(client: FlaskClient) -> None:
    status, text = send(client, "/registry/firms/1/status", {"status": "closed", "reason": " "})
    assert status == 422 and "请填写此项" in text
    status, text = send(client, "/registry/firms/1/status", {"status": "closed", "reason": "拆迁"})
    assert status == 200 and "不参加抽取：已停业" in text and "原因：拆迁" in text
    status, text = send(client, "/registry/firms/1/vehicles", {"plate": "晋EI1234", "kind": "货车"})
    assert status == 422 and "车牌号“晋EI1234”不正确" in text and 'value="货车"' in text
    send(client, "/registry/firms/1/vehicles", {"plate": "晋E 12345", "color": "yellow"})
    status, text = send(client, "/registry/firms/2/vehicles", {"plate": "晋E12345", "color": ""})
    assert status == 409 and "vehicle.duplicate" in text
    assert "晋E12345" in client.get("/registry/firms/1").text
    status, text = send(client, "/registry/firms/1/vehicles/1/remove", {"reason": "已报废"})
    assert "车辆已移出" in text and "车辆 晋E12345" in text and "原因：已报废" in text


def test_an_officer_is_entered_recused_and_released(client: FlaskClient) -> None:
    new = {"name": "丙丁", "department_id": "1", "cert_no": "zf-000002", "is_active": "y"}
    new |= {"person_id": ""}
    status, text = send(client, "/registry/officers/new", new | {"cert_expires_on": "2026-04-01"})
    assert status == 200 and "ZF000002" in text and "执法证还有 28 天到期" in text
    found = client.get("/registry/officers/2?firm=xxxx").text
    assert "云岭旅客运输" not in found
    found = client.get("/registry/officers/2?firm=yllk").text
    (firm,) = re.findall(r'name="firm_id" value="(\d+)"', found)
    path = "/registry/officers/2/recusals"
    status, text = send(client, f"{path}?firm=yllk", {"firm_id": firm, "reason": ""})
    assert status == 422 and "云岭旅客运输" in text
    status, text = send(client, path, {"firm_id": firm, "reason": "其兄为股东"})
    assert status == 200 and "其兄为股东" in text
    assert "丙丁" in client.get(f"/registry/firms/{firm}").text
    assert "丙丁" in client.get("/registry/officers?recused=1").text
    status, text = send(client, f"{path}/{firm}/end", {"reason": ""})
    assert status == 422 and "请填写此项" in text
    status, text = send(client, f"{path}/{firm}/end", {"reason": "股权已转让"})
    assert status == 200 and "没有回避对象" in text and "股权已转让" in text


def test_an_officers_form_refuses_a_number_that_is_taken(client: FlaskClient) -> None:
    new = {"name": "戊", "department_id": "1", "cert_no": "ZF000001", "area": "城关镇"}
    new |= {"person_id": ""}
    status, text = send(client, "/registry/officers/new", new)
    assert status == 409 and "officer.cert_taken" in text and 'value="城关镇"' in text
    status, text = send(client, "/registry/officers/1/edit", new | {"cert_no": "Z"})
    assert status == 422 and 'value="城关镇"' in text


def test_the_library_is_kept_on_its_page(client: FlaskClient) -> None:
    tag = {"name": "两客一危", "code": "SJ-1", "group_name": "安全", "origin": "province"}
    status, text = send(client, "/registry/tags/firms", tag)
    assert status == 200 and "SJ-1" in text and "省级" in text
    assert send(client, "/registry/tags/firms", tag)[0] == 409
    assert send(client, "/registry/tags/none", tag)[0] == 404
    send(client, "/registry/firms/new", FIRM | {"labels": ["SJ-1"]})
    tags = client.get("/registry/tags?for=firms").text
    (number,) = re.findall(r"/registry/tags/(\d+)/edit", tags)
    assert f"/registry/tags/{number}/delete" not in tags
    assert send(client, f"/registry/tags/{number}/delete", {})[0] == 409
    assert "标签已停用" in send(client, f"/registry/tags/{number}/retire", {})[1]
    assert 'value="SJ-1"' not in client.get("/registry/firms/new").text
    assert client.get("/registry/firms?label=SJ-1").text.count("新达货运有限公司") == 1
    assert client.get("/registry/firms?group=%E5%AE%89%E5%85%A8").text.count("新达货运") == 1


def test_the_panel_leads_to_the_firms_that_lack_something(client: FlaskClient) -> None:
    text = client.get("/registry/firms").text
    assert "lacks=tier" in text
    shown = client.get("/registry/firms?lacks=tier&status=open").text
    assert "共 7 条" in shown and "平安里搬家服务部" in shown
    assert "未标注" in client.get("/registry/officers").text


def test_the_field_reads_and_changes_nothing(client: FlaskClient) -> None:
    client.post("/sign-out")
    sign_in(client, "field")
    text = client.get("/registry/firms/1").text
    assert "变更记录" in text and "变更状态" not in text
    assert client.get("/registry/officers/1").status_code == 200
    assert client.get("/registry/tags?for=officers").status_code == 200
    for path in ("firms/1/edit", "firms/new", "officers/1/edit", "officers/new"):
        assert client.get(f"/registry/{path}").status_code == 403
    assert send(client, "/registry/firms/1/status", {"status": "closed"})[0] == 403

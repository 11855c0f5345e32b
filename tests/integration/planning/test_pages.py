"""The plans' pages: look first, then import; what was understood beside what was written."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from tests.conftest import Beginning
from tests.integration.registry.county import DATA, LISTED, build_county, enter_listed

PASSWORD = "a long password"
COUNTY = (DATA / "plans" / "yangcheng-county-2024-joint.csv").read_bytes()


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def client(sqlite_app: Flask) -> Iterator[FlaskClient]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        county = enter_listed(sqlite_app)
        home = find_department("tr")
        assert home is not None
        for account, role in (("office", Role.OFFICE_STAFF), ("field", Role.INSPECTOR)):
            add_person(get_jurisdiction(county), home, account, account, PASSWORD, [role])
    return sqlite_app.test_client()


def sign_in(client: FlaskClient, account: str) -> None:
    answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.status_code == 302


def preview(client: FlaskClient, data: bytes = COUNTY, year: str = "2026") -> TestResponse:
    upload = (io.BytesIO(data), "plan 2024.csv")
    return client.post("/plans/preview", data={"file": upload, "year": year})


def hidden_fields(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))


def test_preview_shows_each_row_and_stores_nothing(client: FlaskClient) -> None:
    sign_in(client, "office")
    shown = preview(client)
    assert shown.status_code == 200
    assert "确认导入 63 项任务" in shown.text
    assert "全市商场(超市)(≥300m²)" in shown.text
    assert "全市商场(超市)(≥300m &lt;sup&gt;2&lt;/sup&gt; )" in shown.text
    assert "未注明频次" in shown.text
    assert "还没有年度计划" in client.get("/plans").text


def test_confirmed_preview_is_imported_and_shown(client: FlaskClient) -> None:
    sign_in(client, "office")
    fields = hidden_fields(preview(client).text)
    done = client.post("/plans", data=fields, follow_redirects=True)
    assert "已导入 63 项任务，其中本局参与 4 项" in done.text
    assert "2026 年度全县部门联合随机抽查工作计划" in done.text
    assert "plan 2024.csv" in client.get("/plans").text
    again = client.post("/plans", data=fields, follow_redirects=True)
    assert "此前已导入" in again.text
    assert "再次导入不会有任何改动" in preview(client).text


def test_own_tasks_are_filtered_out_of_the_countys(client: FlaskClient) -> None:
    sign_in(client, "office")
    done = client.post("/plans", data=hidden_fields(preview(client).text))
    path = done.headers["Location"]
    own = client.get(f"{path}?ownership=own").text
    assert "对机动车检验检测机构的联合抽查" in own and "旅行社" not in own
    assert "旅行社" in client.get(f"{path}?ownership=city").text
    assert "危险货物" in client.get(f"{path}?category=hazmat").text
    assert "没有符合条件的任务" in client.get(f"{path}?q=火箭").text


@pytest.mark.parametrize(
    ("data", "year", "word"),
    [
        (COUNTY.replace("30% 1次/年".encode(), "三成".encode(), 1), "", "第 2 行“抽查比例及频次”"),
        (b"\x00\x01", "", "plan.encoding"),
        (b"", "", "plan.empty"),
        (b"x" * 300_000, "", "文件超过 256 KB"),
        (COUNTY, "1999", "有 1 处需要修改"),
        (COUNTY, "soon", "有 1 处需要修改"),
    ],
)
def test_file_that_cannot_be_used_is_refused_on_the_page(
    client: FlaskClient, data: bytes, year: str, word: str
) -> None:
    sign_in(client, "office")
    refused = preview(client, data, year)
    assert refused.status_code == 422
    assert word in refused.text
    assert "还没有年度计划" in client.get("/plans").text


def test_confirmation_is_read_again_and_not_believed(client: FlaskClient) -> None:
    sign_in(client, "office")
    for content in ("", "no base64!", base64.b64encode(b"a,b\n1,2\n").decode()):
        refused = client.post("/plans", data={"content": content, "file_name": "x", "year": "2026"})
        assert refused.status_code == 422
    assert "还没有年度计划" in client.get("/plans").text


def test_inspectors_read_plans_and_import_none(client: FlaskClient) -> None:
    sign_in(client, "field")
    assert "导入计划表" not in client.get("/plans").text
    assert preview(client).status_code == 403


def test_plan_of_another_county_is_not_found(client: FlaskClient, sqlite_app: Flask) -> None:
    sign_in(client, "office")
    path = client.post("/plans", data=hidden_fields(preview(client).text)).headers["Location"]
    with sqlite_app.app_context():
        other = build_county("140597", "邻县")
        home = find_department("tr")
        assert home is not None
        add_person(get_jurisdiction(other), home, "far", "far", PASSWORD, [Role.OFFICE_STAFF])
    client.post("/sign-out")
    sign_in(client, "far")
    assert client.get(path).status_code == 404

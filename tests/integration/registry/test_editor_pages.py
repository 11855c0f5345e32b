"""The pages of the item list and of the editor, for the office, the field and the public."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.db import scope_to
from server.registry.editing.forms import shown_rule, typed_rule
from server.registry.editing.phone_words import TABLES, PhoneWords
from server.registry.service import find_checklist, import_checklists
from tests.conftest import Beginning
from tests.integration.registry.county import LISTED, enter_listed
from tests.integration.registry.test_items import LINES, province

PASSWORD = "a long password"
COUNTY: dict[str, int] = {}
ENTRY = {
    "code": "PAX-90",
    "position": "2",
    "text": "驾驶室未放置妨碍安全驾驶的物品",
    "methods": ["实地核查"],
    "law0": "道路运输条例",
    "article0": "第三十条",
    "confidence0": "B",
    "type": "judge",
    "severity": "一般",
    "is_required": "y",
}
GUIDE = {"steps": "一、核对许可证", "materials": "许可证", "points": "班线"}


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def client(sqlite_app: Flask) -> Iterator[FlaskClient]:
    """Nobody signed in yet; accounts ``office``, ``second`` and ``field``."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        COUNTY["id"] = enter_listed(sqlite_app)
        home = find_department("tr")
        assert home is not None
        for account, role in (
            ("office", Role.OFFICE_STAFF),
            ("second", Role.ADMIN),
            ("field", Role.INSPECTOR),
        ):
            add_person(get_jurisdiction(COUNTY["id"]), home, account, account, PASSWORD, [role])
    return sqlite_app.test_client()


def sign_in(client: FlaskClient, account: str) -> None:
    answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def own_item(client: FlaskClient) -> str:
    """The id of the item of ``passenger``, as the list links it."""
    found = re.search(r'/registry/items/(\d+)">道路旅客运输<', page(client, "/registry/items"))
    assert found is not None
    return found[1]


def import_province(client: FlaskClient) -> None:
    data = {"file": (io.BytesIO(province(*LINES)), "省级清单.csv")}
    answer = client.post("/registry/items/province/import", data=data)
    assert answer.status_code == 302, answer.text


def test_an_entry_is_written_previewed_and_published(client: FlaskClient) -> None:
    sign_in(client, "office")
    client.post("/registry/checklists/drafts/passenger/start")
    here = "/registry/checklists/drafts/passenger"
    assert "草稿与现行版本一致" in page(client, here)
    entry = {**ENTRY, "item_id": own_item(client)}
    assert client.post(f"{here}/entries/new", data=entry).status_code == 302
    shown = page(client, here)
    assert "PAX-90" in shown and "增加" in shown
    phone = page(client, f"{here}/phone?words=en")
    assert "Take photo" in phone or PhoneWords("en")("item.photo") in phone
    data = {"reason": "补一项", "over": hidden(shown, "over")}
    answer = client.post(f"{here}/publish", data=data)
    assert answer.headers["Location"].endswith("passenger@2")
    assert "补一项" in page(client, "/registry/checklists/passenger@2")
    compared = page(client, "/registry/checklists/versions/passenger@2/compare")
    assert "PAX-90" in compared and "增加" in compared
    assert "这不是现行版本" in page(client, "/registry/checklists/passenger@1")


def test_refused_entry_says_at_which_field_and_keeps_everything(client: FlaskClient) -> None:
    sign_in(client, "office")
    client.post("/registry/checklists/drafts/passenger/start")
    path = "/registry/checklists/drafts/passenger/entries/new"
    for change, field, told in (
        ({"item_id": ""}, "item_id", "须对应抽查事项清单中在用的事项"),
        ({"rule": ">=2"}, "rule", "合格标准与答案类型不符"),
        ({"law0": ""}, "law0", "不能为空"),
    ):
        entry = {**ENTRY, "item_id": own_item(client), **change}
        answer = client.post(path, data=entry)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text and told in answer.text
        assert ENTRY["text"] in answer.text


def test_refused_entry_tells_all_its_faults_at_once(client: FlaskClient) -> None:
    sign_in(client, "office")
    client.post("/registry/checklists/drafts/passenger/start")
    path = "/registry/checklists/drafts/passenger/entries/new"
    whole = {**ENTRY, "item_id": own_item(client)}
    for change, fields in (
        ({"text": "", "code": "第一项", "rule": ">=2"}, ("code", "text", "rule")),
        ({"item_id": "", "law0": "", "code": "PAX-01"}, ("code", "item_id", "law0")),
        ({"code": "第一项", "type": "number", "rule": "2 到 3"}, ("code", "rule")),
    ):
        answer = client.post(path, data={**whole, **change})
        assert answer.status_code == 422
        told = re.findall(r'id="(\w+)-error"', answer.text)
        assert sorted(told) == sorted(fields), change
        assert all(f'href="#{field}"' in answer.text for field in fields), change


def test_second_writer_of_an_entry_sees_both_and_decides(client: FlaskClient) -> None:
    sign_in(client, "office")
    client.post("/registry/checklists/drafts/passenger/start")
    draft = page(client, "/registry/checklists/drafts/passenger")
    found = re.search(r"drafts/passenger/entries/(\d+)\"", draft)
    assert found is not None
    path = f"/registry/checklists/drafts/passenger/entries/{found[1]}"
    entry = {**ENTRY, "code": "PAX-01", "item_id": own_item(client)}
    seen = hidden(page(client, path), "seen")
    assert client.post(path, data={**entry, "text": "甲的", "seen": seen}).status_code == 302
    sign_in(client, "second")
    answer = client.post(path, data={**entry, "text": "乙的", "seen": seen})
    assert answer.status_code == 409
    assert "甲的" in answer.text and "乙的" in answer.text and "office" in answer.text
    again = {**entry, "text": "乙的", "seen": hidden(answer.text, "seen")}
    assert client.post(path, data=again).status_code == 302
    assert "乙的" in page(client, "/registry/checklists/drafts/passenger")


def test_words_typed_into_an_entry_somebody_removed_are_kept(client: FlaskClient) -> None:
    sign_in(client, "office")
    here = "/registry/checklists/drafts/passenger"
    client.post(f"{here}/start")
    found = re.search(r"drafts/passenger/entries/(\d+)\"", page(client, here))
    assert found is not None
    path = f"{here}/entries/{found[1]}"
    seen = hidden(page(client, path), "seen")
    client.post(f"{path}/remove", data={"seen": seen})
    entry = {**ENTRY, "code": "PAX-01", "item_id": own_item(client), "seen": seen}
    answer = client.post(path, data=entry)
    assert answer.status_code == 409
    assert ENTRY["text"] in answer.text and f'action="{here}/entries/new"' in answer.text
    client.post(f"{here}/discard")  # the whole draft gone: the words go on in a new one
    again = client.post(f"{here}/entries/999", data=entry)
    assert again.status_code == 409
    assert ENTRY["text"] in again.text and "草稿中现有的内容" in again.text


def test_item_is_changed_withdrawn_and_its_guide_falls_behind(client: FlaskClient) -> None:
    sign_in(client, "office")
    path = f"/registry/items/{own_item(client)}"
    guide = page(client, f"{path}/guide")
    told = {**GUIDE, "seen": hidden(guide, "seen"), "item_version": hidden(guide, "item_version")}
    assert client.post(f"{path}/guide", data=told).status_code == 302
    form = {"name": "道路旅客运输", "kind": "key", "seen": "1", "reason": ""}
    answer = client.post(f"{path}/edit", data=form)
    assert answer.status_code == 422 and 'id="reason-error"' in answer.text
    lines = "修订\r\n" + "长" * 197  # 200 characters as people count them
    assert client.post(f"{path}/edit", data={**form, "reason": lines}).status_code == 302
    assert "修订\n长" in page(client, path)
    assert "落后于清单" in page(client, path)
    stale = client.post(f"{path}/edit", data={**form, "name": "客运", "reason": "再改"})
    assert stale.status_code == 409 and 'value="客运"' in stale.text
    assert client.post(f"{path}/withdraw", data={"reason": "取消"}).status_code == 302
    assert "该事项已停用" in page(client, path)
    assert "已停用" in page(client, "/registry/checklists/passenger@1")


def test_provincial_list_is_claimed_and_the_list_published_for_everybody(
    client: FlaskClient,
) -> None:
    assert "尚未公示" in page(client, "/public/items")
    sign_in(client, "office")
    refused = client.post("/registry/items/publish")
    assert refused.status_code == 422 and "item.incomplete" in refused.text
    import_province(client)
    assert "本级有同名事项" in page(client, "/registry/items/province")
    client.post("/registry/items/province/claim", data={"all": "1"})
    assert "未认领" not in page(client, "/registry/items/province?state=claimed").split("<table")[1]
    for one in re.findall(r"/registry/items/(\d+)\"", page(client, "/registry/items")):
        if "六要素不全" in page(client, f"/registry/items/{one}"):
            client.post(f"/registry/items/{one}/withdraw", data={"reason": "并入"})
    assert client.post("/registry/items/publish").status_code == 302
    visitor = client.application.test_client()
    shown = page(visitor, "/public/items")
    assert "公路养护工程" in shown and "第 1 期" in shown and "主导航" not in shown
    visitor.set_cookie("suicha_locale", "en")
    assert "Random inspection item list" in page(visitor, "/public/items")
    assert visitor.get("/public/items?edition=9").status_code == 404
    assert visitor.get("/public/items?county=000000").status_code == 404


def test_bad_provincial_file_is_refused_with_its_cell(client: FlaskClient) -> None:
    sign_in(client, "office")
    data = {"file": (io.BytesIO(province("P001,甲,特别,,,,,,")), "a.csv")}
    answer = client.post("/registry/items/province/import", data=data)
    assert answer.status_code == 422
    assert "第 2 行" in answer.text and "事项类型" in answer.text
    for content in (b"PK\x03\x04broken", b"", b"\x00\x01"):
        data = {"file": (io.BytesIO(content), "a.xlsx")}
        answer = client.post("/registry/items/province/import", data=data)
        assert answer.status_code == 422, content


def test_field_reads_and_writes_nothing(client: FlaskClient) -> None:
    sign_in(client, "field")
    for path in ("items", "items/province", "checklists/passenger@1"):
        shown = page(client, f"/registry/{path}")
        assert "新增事项" not in shown and "导入省级清单" not in shown and "另立新版本" not in shown
    assert client.post("/registry/items/publish").status_code == 403
    assert client.post("/registry/checklists/drafts/passenger/start").status_code == 403
    assert client.get("/registry/checklists/drafts/new").status_code == 403


def test_exported_file_is_the_one_that_imports_as_unchanged(client: FlaskClient) -> None:
    sign_in(client, "field")
    answer = client.get("/registry/checklists/versions/export")
    assert answer.status_code == 200
    assert 'filename="checklists.yaml"' in answer.headers["Content-Disposition"]
    with client.application.app_context():
        scope_to(COUNTY["id"])
        assert import_checklists(answer.data).imported == 0
        found = find_checklist("passenger")
        assert found is not None and found.version == 1


@pytest.mark.parametrize(("locale", "file"), [("zh_CN", "zh.ts"), ("en", "en.ts")])
def test_preview_reads_every_word_of_the_phone(locale: str, file: str) -> None:
    source = (TABLES / file).read_text("utf-8")
    words = PhoneWords(locale)
    keys = re.findall(r"^  '([\w.]+)':", source, re.M)
    assert len(keys) > 400
    assert all(words._words[key] for key in keys)
    assert words("item.photo_needed", n=2).count("2") == 1


def test_preview_shows_each_entry_as_the_phone_does(client: FlaskClient) -> None:
    sign_in(client, "field")
    shown = page(client, "/registry/checklists/versions/passenger@1/phone")
    t = PhoneWords("zh_CN")
    assert shown.count('class="phone-entry"') == 15
    places = [shown.index(f'"phone-code">PAX-{n:02d}<') for n in range(1, 16)]
    assert places == sorted(places)
    first = shown.split('class="phone-entry"')[1]
    order = ["严重", "书面检查", t("item.pass"), t("item.fail"), t("item.na"), t("item.photo"),
             t("item.note"), t("item.basis"), "道路运输条例第十条"]  # fmt: skip
    assert [first.index(word) for word in order] == sorted(first.index(word) for word in order)
    third = shown.split('class="phone-entry"')[3]
    assert t("rule.none_failed") in third and t("item.pair_all", failed="不符数") in third


def test_pass_rule_is_read_with_the_signs_people_write() -> None:
    for typed, kept in (("≥2", ">=2"), ("不符数=0", "不符数==0"), ("≤ 今天", "<= 今天"),
                        (">=2", ">=2"), ("不符数==0", "不符数==0")):  # fmt: skip
        assert typed_rule(typed) == kept
        assert typed_rule(shown_rule(kept)) == kept

"""The other commands: what they answer a program, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import ROOT, Run

PLANS = ROOT / "data" / "plans"
QINGHE = str(PLANS / "qinghe-transport-2024.csv")


def test_plan_is_imported_once(run_ready: Run) -> None:
    first = run_ready("plans", "import", QINGHE, "--json").document
    assert (first["imported"], first["unchanged"], first["own"]) == (2, False, 2)
    again = run_ready("plans", "import", QINGHE, "--json")
    assert (again.code, again.document["imported"], again.document["unchanged"]) == (0, 0, True)


def test_dry_run_shows_each_row_and_imports_nothing(run_ready: Run) -> None:
    shown = run_ready("plans", "import", QINGHE, "--dry-run")
    assert "清河县在建公路工程" in shown.out and "highway_works" in shown.out
    assert run_ready("plans", "import", QINGHE, "--json").document["imported"] == 2


def test_malformed_plan_is_refused_with_its_place(run_ready: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text((PLANS / "qinghe-transport-2024.csv").read_text().replace("5%", "五成"))
    refused = run_ready("plans", "import", str(broken))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("plan.malformed: 第 3 行“抽查比例”")
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("plans", "import", "nowhere.csv"), ("nonsense",), ("users", "nonsense"), ("plans", "import")],
)
def test_wrong_call_is_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("request.bad_parameter: ") and refused.err.count("\n") == 1


def test_bundled_checklists_and_registers_are_known_already(run_ready: Run) -> None:
    lists = run_ready("checklists", "import", "data/checklists.yaml", "--json").document
    assert (lists["imported"], lists["unchanged"], lists["items"]) == (0, 14, 160)
    firms = run_ready("registers", "import", "firms", "data/demo/firms.csv", "--json").document
    assert (firms["imported"], firms["unchanged"]) == (0, 60)


def test_dry_run_of_a_register_tells_what_would_change_and_writes_nothing(
    run_ready: Run, tmp_path: Path
) -> None:
    changed = tmp_path / "firms.csv"
    text = (ROOT / "data" / "demo" / "firms.csv").read_text(encoding="utf-8")
    changed.write_text(text.replace("较高风险", "高风险", 1), encoding="utf-8")
    for _ in range(2):
        told = run_ready("registers", "import", "firms", str(changed), "--dry-run", "--json")
        assert (told.document["updated"], told.document["dry_run"]) == (1, True)


def test_calendar_notice_makes_a_year_known(run_ready: Run, tmp_path: Path) -> None:
    notice = tmp_path / "2027.csv"
    notice.write_text(
        "date,kind,name\n2026-12-27,makeup,元旦\n2027-01-01,holiday,元旦\n"
        "2027-10-01,holiday,国庆节\n"
    )
    found = run_ready("calendar", "import", str(notice), "--json")
    assert found.document == {"imported": 3, "years": [2027]}
    due = run_ready("deadline", "2026-12-04", "--days", "21", "--json").document
    assert (due["due"], due["provisional"]) == ("2027-01-04", False)


def test_calendar_file_with_a_wrong_day_is_refused_with_its_row(
    run_ready: Run, tmp_path: Path
) -> None:
    notice = tmp_path / "2027.csv"
    notice.write_text("date,kind,name\n2027-10-01,holiday,国庆节\n2027-02-30,holiday,春节\n")
    refused = run_ready("calendar", "import", str(notice))
    assert refused.code == 2
    assert refused.err.startswith("plan.malformed: 第 3 行“date”")


def test_account_is_made_and_given_other_roles(run_ready: Run) -> None:
    made = run_ready(
        "users", "add", "ceshi", "--name", "测试", "--department", "县交通局", "--role",
        "inspector", "--password-stdin", "--json", given="long enough\n",
    )  # fmt: skip
    assert made.document == {"account": "ceshi", "roles": ["inspector"]}
    run_ready("users", "roles", "ceshi", "auditor", "team_lead")
    users = {one["account"]: one for one in run_ready("users", "list", "--json").document["users"]}
    assert users["ceshi"]["roles"] == ["auditor", "team_lead"]


@pytest.mark.parametrize(
    ("given", "account", "code"),
    [
        ("short\n", "ceshi", "account.password_weak"),
        ("long enough\n", "jiancha1", "account.exists"),
    ],
)
def test_account_that_cannot_be_made_is_refused(
    run_ready: Run, given: str, account: str, code: str
) -> None:
    refused = run_ready(
        "users", "add", account, "--name", "甲", "--department", "tr", "--role", "inspector",
        "--password-stdin", given=given,
    )  # fmt: skip
    assert refused.code == 2
    assert refused.err.startswith(f"{code}: ")


def test_unknown_account_and_device_are_refused(run_ready: Run) -> None:
    refused = run_ready("users", "password", "nobody", "--password-stdin", given="long enough\n")
    assert (refused.code, refused.err.split(":")[0]) == (2, "account.unknown")
    refused = run_ready("devices", "revoke", "dev_none")
    assert (refused.code, refused.err.split(":")[0]) == (2, "device.unknown")
    assert run_ready("devices", "list", "--json").document == {"devices": []}


def test_exported_draw_verifies_and_a_changed_one_does_not(run_ready: Run, tmp_path: Path) -> None:
    draw = run_ready("draw", "list", "--json").document["draws"][0]
    assert draw["state"] == "drawn"
    exported = run_ready("draw", "export", draw["id"])
    path = tmp_path / "draw.json"
    path.write_text(exported.out)
    equal = run_ready("draw", "verify", str(path), "--json")
    assert (equal.code, equal.document) == (0, {"equal": True, "differences": []})

    record = json.loads(exported.out)
    record["firms"][0], record["firms"][1] = record["firms"][1], record["firms"][0]
    path.write_text(json.dumps(record))
    changed = run_ready("draw", "verify", str(path), "--json")
    assert changed.code == 1
    assert changed.document["equal"] is False and len(changed.document["differences"]) > 1
    told = run_ready("draw", "verify", str(path))
    assert told.out.startswith("抽中的第 1 户：记录为 ") and told.out.count("\n") == 1


def test_verify_needs_no_installation(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "draw.json"
    path.write_text("{}")
    assert run("draw", "verify", str(path)).code == 1
    path.write_text("[1]")
    refused = run("draw", "verify", str(path))
    assert (refused.code, refused.err.split(":")[0]) == (2, "request.not_json")
    assert not (tmp_path / "home").exists()


def test_unknown_draw_is_not_found(run_ready: Run) -> None:
    assert run_ready("draw", "export", "CQ-none").err.startswith("draw.not_found: ")


def test_ledger_of_a_fresh_demo_adds_up(run_ready: Run) -> None:
    done = run_ready("ledger", "verify", "--json")
    assert (done.code, done.document["equal"], done.document["problems"]) == (0, True, [])
    assert done.document["checked"]["ledger"] > 0
    assert run_ready("ledger", "verify").out.startswith("台账一致：")


def test_db_upgrade_of_a_new_schema_changes_nothing(run_ready: Run) -> None:
    found = run_ready("db", "upgrade", "--json").document
    assert found["before"] == found["after"]


def test_wipe_and_release_and_import_refuse_what_they_do_not_know(
    run_ready: Run, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"no zip")
    for arguments, code in (
        (("wipe", "dev_none"), "device.unknown"),
        (("release", "dev_none"), "device.unknown"),
        (("import", str(nothing)), "unsent.not_a_file"),
    ):
        refused = run_ready("devices", *arguments)
        assert (refused.code, refused.err.split(":")[0]) == (2, code)


def test_platform_draw_is_imported_once_and_says_that_it_cannot_be_recomputed(
    run_ready: Run, tmp_path: Path
) -> None:
    path = tmp_path / "platform.csv"
    rows = [
        f"PT-1,2026-02-02 09:00,{firm},交通运输局,{officer}\n"
        for firm in ("泽源县顺源客运有限公司,91140599MA9Q113715", "新企业,91140599MA9Q12745C")
        for officer in ("林知远,14059900001", "周晚晴,14059900002")
    ]
    head = "回执号,抽取时间,企业名称,信用代码,部门,执法人员,执法证号\n"
    path.write_text(head + "".join(rows), encoding="gb18030")
    named = ("--platform", "示例省平台", "--json")
    numbers = [one["task"] for one in run_ready("draw", "list", "--json").document["draws"]]
    free = next(one for one in ("内2026002", "内2026003") if one not in numbers)
    call = ("draw", "import", str(path), "--task", free, *named)
    assert run_ready(*call, "--dry-run").document["imported"] == 0
    done = run_ready(*call)
    assert (done.code, done.document["imported"]) == (0, 2), done.err
    again = run_ready(*call)
    assert (again.code, again.document["unchanged"]) == (0, True)
    (draw,) = [
        one
        for one in run_ready("draw", "list", "--json").document["draws"]
        if one["origin"] == "official"
    ]
    path = tmp_path / "record.json"
    path.write_text(run_ready("draw", "export", draw["id"]).out)
    told = run_ready("draw", "verify", str(path))
    assert told.code == 1 and "官方平台" in told.err
    assert run_ready("ledger", "verify").code == 0

"""``suicha county create``: from an empty machine to a county with its own data."""

from __future__ import annotations

from tests.integration.cli.conftest import Run, run_here

FOUND = ("county", "create", "--name", "丰禾县", "--department", "交通运输局", "--admin", "guanli")
PLAN = "data/plans/yangcheng-transport-2024-internal.csv"


def test_empty_machine_becomes_a_county_that_takes_its_own_data(run: Run) -> None:
    made = run(*FOUND, "--checklists", "--json").document
    assert (made["created"], made["administrators"]) == (True, ["guanli"])
    assert (made["aliases"], made["checklists_imported"]) == (
        ["丰禾县交通运输局", "县交通运输局"],
        14,
    )
    office = ("users", "add", "bangong", "--name", "办公室", "--department", "县交通运输局")
    added = run(*office, "--role", "office_staff", "--password-stdin", given="a long password\n")
    assert added.code == 0, added.err
    for kind, file in (("tags", "tags"), ("firms", "firms"), ("items", "own-items")):
        taken = run("registers", "import", kind, f"data/demo/{file}.csv", "--json")
        assert taken.code == 0, taken.err
    assert run("plans", "import", PLAN, "--json").document["imported"] > 0
    assert run("setup", "--json").document["demo_loaded"] is False


def test_second_run_says_what_is_there_and_changes_nothing(run: Run) -> None:
    first = run(*FOUND)
    assert "密码：" in first.out and "guanli" in first.out
    again = run(*FOUND)
    assert again.code == 0
    assert again.out.splitlines()[0] == (
        "已有：丰禾县（交通运输局），部门 1 个，账号 1 个，未作改动。"
    )
    assert "密码" not in again.out


def test_another_county_and_the_demo_are_refused_where_there_is_one(run: Run) -> None:
    run(*FOUND)
    other = run("county", "create", "--name", "别县", "--department", "交通局", "--admin", "guan")
    assert (other.code, other.out) == (2, "")
    assert other.err.startswith("county.exists: ") and "丰禾县" in other.err
    assert run("demo", "load").err.startswith("request.conflict: ")


def test_no_county_is_made_where_the_demo_is(run_ready: Run) -> None:
    asked = ("--name", "泽源县", "--department", "交通运输局", "--admin", "guan")
    refused = run_ready("county", "create", *asked)
    assert refused.err.startswith("county.exists: ")


def test_what_cannot_be_an_account_or_a_code_leaves_nothing(run: Run) -> None:
    assert run(*FOUND[:-1], "guan li").err.startswith("account.bad_name: ")
    assert run(*FOUND, "--code", "14").err.startswith("county.bad_code: ")
    assert run("users", "list").err.startswith("setup.required: ")


def test_county_is_made_on_postgresql(make_database_url: object, tmp_path: object) -> None:
    url = make_database_url("postgresql")  # type: ignore[operator]
    home = tmp_path / "pg"  # type: ignore[operator]
    made = run_here(home, *FOUND, "--json", SUICHA_DATABASE_URL=url)
    assert made.code == 0, made.err
    again = run_here(home, *FOUND, "--json", SUICHA_DATABASE_URL=url).document
    assert (again["created"], again["accounts"], again["password"]) == (False, 1, None)

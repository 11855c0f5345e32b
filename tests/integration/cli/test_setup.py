"""``suicha setup``: everything an empty machine needs, once; ``suicha run`` serves it."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.integration.cli.conftest import ROOT, Run, run_here


def test_second_setup_changes_nothing_and_prints_the_accounts_again(run_ready: Run) -> None:
    again = run_ready("setup", "--json")
    assert again.code == 0
    found = again.document
    assert (found["demo_loaded"], found["new_push_keys"]) == (False, False)
    assert found["calendar_years_added"] == 0
    assert found["schema"]["before"] == found["schema"]["after"]
    shown = run_ready("setup")
    assert "jiancha1" in shown.out
    assert found["demo"]["accounts"][0]["password"] in shown.out


def test_secrets_are_readable_by_their_owner_only(ready_home: Path) -> None:
    secrets = ready_home / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()}
    assert names == dict.fromkeys(
        (
            "secret_key",
            "demo_password",
            "vapid_private.pem",
            "vapid_public.pem",
            "custody_ed25519.pem",
        ),
        0o600,
    )


def test_each_installation_has_a_password_of_its_own(ready_home: Path, run: Run) -> None:
    mine = (ready_home / "secrets" / "demo_password").read_text()
    theirs = run("setup", "--json").document["demo"]["accounts"][0]["password"]
    assert mine.strip() != theirs


def test_demo_accounts_have_every_role_and_one_password(run_ready: Run) -> None:
    found = run_ready("demo", "load", "--json").document
    assert found["loaded"] is False
    assert {role for one in found["accounts"] for role in one["roles"]} == {
        "inspector", "team_lead", "office_staff", "deputy_head", "unit_head", "auditor", "admin",
    }  # fmt: skip
    assert len({one["password"] for one in found["accounts"]}) == 1
    assert set(found["accounts"][0]) == {"account", "password", "roles", "name", "department"}


def test_lost_demo_password_is_replaced_by_a_working_one(run_ready: Run, tmp_path: Path) -> None:
    path = tmp_path / "ready" / "secrets" / "demo_password"
    old = path.read_text()
    path.unlink()
    new = run_ready("demo", "load", "--json").document["accounts"][0]["password"]
    assert new != old.strip()
    assert path.read_text().strip() == new


def test_demo_without_plans_waits_for_the_first_import(run: Run) -> None:
    run("setup", "--no-demo")
    assert run("demo", "load", "--without-plans", "--json").document["loaded"] is True
    assert run("draw", "list", "--json").document == {"draws": []}
    plan = "data/plans/yangcheng-county-2024-joint.csv"
    assert run("plans", "import", plan, "--json").document["imported"] == 63


def test_two_inspectors_of_the_demo_share_a_drawn_visit(ready_home: Path) -> None:
    connection = sqlite3.connect(ready_home / "suicha.sqlite3")
    query = """SELECT count(*) FROM (
        SELECT t.inspection_id FROM team_members t
        JOIN officers o ON o.id = t.officer_id JOIN people p ON p.id = o.person_id
        WHERE p.account IN ('jiancha1', 'jiancha2') GROUP BY 1 HAVING count(*) = 2)"""
    assert connection.execute(query).fetchone()[0] >= 1
    connection.close()


def test_demo_has_published_results_a_correction_and_a_problem_to_be_put_right(
    ready_home: Path, run_ready: Run
) -> None:
    with closing(sqlite3.connect(ready_home / "suicha.sqlite3")) as connection:

        def told(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        assert told("SELECT state, count(*) FROM sheets WHERE entered_at NOT NULL GROUP BY 1") == [
            ("entered", 1),
            ("published", 2),
        ]
        assert told("SELECT max(version), count(*) FROM sheet_versions") == [(2, 4)]
        assert told("SELECT number FROM summary_parts") == [(1,)]  # of the joint task
        assert told("SELECT action, version FROM correction_steps") == [("approve", 2)]
        ((state, due, today),) = told("SELECT state, due_on, date('now') FROM follow_ups")
        assert state == "decided" and str(due) > str(today)
        assert told("SELECT count(*) FROM publications") == [(3,)]
        assert told("SELECT count(*) FROM delivery_signatures") == [(2,)]
    assert run_ready("ledger", "verify", "--json").document["equal"] is True


def test_installation_without_the_demo_has_no_accounts(run: Run) -> None:
    found = run("setup", "--no-demo", "--json").document
    assert found["demo"] is None
    assert "suicha county create" in run("setup", "--no-demo").out
    refused = run("users", "list")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("setup.required: ")


def test_command_before_setup_says_what_to_do_and_makes_no_database(
    run: Run, tmp_path: Path
) -> None:
    refused = run("draw", "list")
    assert refused.code == 2
    assert "suicha setup" in refused.err
    assert not (tmp_path / "home" / "suicha.sqlite3").exists()


def test_unknown_setting_stops_with_one_line(run: Run) -> None:
    refused = run("setup", SUICHA_COLOUR="blue")
    assert refused.code == 2
    assert refused.err.startswith("setting.bad_value: ") and "SUICHA_COLOUR" in refused.err


def test_setup_works_on_postgresql(make_database_url: object, tmp_path: Path) -> None:
    url = make_database_url("postgresql")  # type: ignore[operator]
    done = run_here(tmp_path / "pg", "setup", "--json", SUICHA_DATABASE_URL=url)
    assert done.code == 0, done.err
    assert done.document["demo_loaded"] is True
    again = run_here(
        tmp_path / "pg", "deadline", "2024-09-05", "--days", "20", SUICHA_DATABASE_URL=url
    )
    assert again.out == "2024-10-10\n"


@pytest.fixture
def served(ready_home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "run", "--port", str(port)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SUICHA_HOME": str(ready_home), "LANG": "C.UTF-8",
             "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_run_serves_and_stops_when_told(served: tuple[subprocess.Popen[str], str]) -> None:
    process, url = served
    assert process.stdout is not None
    assert process.stdout.readline() == f"Suicha serves at {url} (Ctrl+C stops it)\n"
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                assert answer.status == 200
            break
        except OSError:
            time.sleep(0.1)
    else:
        pytest.fail("no answer")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    beside = 1  # keeps the worker that does jobs
    assert len(children) == beside + min(2, len(os.sched_getaffinity(0)))
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0


def test_one_processor_gets_one_process(tmp_path: Path) -> None:
    """A second would only pass the processor back and forth (docs/decisions/0010)."""
    asked = (
        "import os; from server.config import load_config; "
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(load_config().workers)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"], "SUICHA_HOME": str(tmp_path)},
    )  # fmt: skip
    assert told.stdout == "1\n"


def test_taken_port_is_one_clear_line(ready_home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run_here(ready_home, "run", "--port", str(taken.getsockname()[1]))
    assert refused.code == 2
    assert refused.err.startswith("server.busy: ") and refused.err.count("\n") == 1

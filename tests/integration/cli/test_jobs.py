"""``suicha jobs``: the jobs at the terminal."""

from __future__ import annotations

from tests.integration.cli.conftest import Run


def test_job_is_made_due_from_the_terminal_and_an_unknown_one_is_refused(run: Run) -> None:
    run("setup", "--no-demo", "--json")
    listed = run("jobs", "list", "--json").document
    assert (listed["scheduler"], listed["workers"]) == (False, 0)
    assert {one["state"] for one in listed["jobs"]} == {"new"}
    assert run("jobs", "retry", "backup.check", "--json").document == {
        "job": "backup.check",
        "due": True,
    }
    listed = run("jobs", "list", "--json").document
    due = {one["name"]: one["next"] for one in listed["jobs"]}
    assert due["backup.check"] and not due["audit.root"]
    assert "没有任务进程在运行" in run("jobs", "list").out
    refused = run("jobs", "retry", "backup")
    assert refused.code == 2 and refused.err.startswith("request.not_found: ")


def test_a_queue_of_no_known_kind_stops_the_start(run: Run) -> None:
    refused = run("jobs", "list", SUICHA_JOBS_URL="amqp://localhost")
    assert refused.code == 2
    assert refused.err.startswith("setting.bad_value: SUICHA_JOBS_URL: ")

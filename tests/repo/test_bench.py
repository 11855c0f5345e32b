"""`make bench` runs from end to end; its figures are nobody's business here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

TINY = {"records": 16, "rounds": 1, "batch": 4, "phones": 4, "items": 8, "photos": 2}
STORED = {"few": 40, "many": 60}


@pytest.mark.soak  # half a minute each: a server and a county of its own
def test_bench_measures_the_whole_road_and_prints_one_document() -> None:
    options = [f"--{name}={value}" for name, value in (TINY | STORED).items()]
    run = subprocess.run(
        [sys.executable, "-m", "bench", *options, "--databases=sqlite", "--only=server"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["machine"]["cores"] and [one["database"] for one in told["runs"]] == ["sqlite"]
    figures, shares = told["runs"][0]["figures"], told["runs"][0]["shares"]
    assert set(figures) == {
        "floor_rows_per_second", "http_floor_rows_per_second", "push_empty", "push_full", "pull",
        "delta_few", "delta_many", "photos",
    }  # fmt: skip
    assert set(shares) == {
        "floor_percent", "http_floor_percent", "push_rate", "push_latency", "delta_latency",
    }  # fmt: skip
    for name in ("push_empty", "push_full"):
        assert figures[name]["records"] == 16 and set(figures[name]["held_ms"]) >= {"median", "p95"}
    assert figures["pull"]["rows"] >= 16 and figures["delta_many"]["rows"] >= 20
    assert figures["photos"]["photos"] == 2 and figures["photos"]["server_mib"]["before"] > 0


@pytest.mark.soak
def test_bench_measures_an_import_in_a_process_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--databases=sqlite", "--only=imports",
         "--import-rows=40", "--markdown"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    lines = [line for line in run.stdout.splitlines() if line.startswith("| sqlite, ")]
    assert [line.split("|")[2].strip() for line in lines] == ["40", "40"]
    assert all("rows/s" in line and "MiB" in line for line in lines)


@pytest.mark.soak
def test_bench_pushes_each_message_once() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--databases=sqlite", "--only=push", "--messages=30"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["pushes"]
    assert told["messages"] == 30 and told["per_second"] > 0


@pytest.mark.soak
def test_bench_draws_in_a_small_county_and_both_verifications_say_equal() -> None:
    options = ["--only=draw", "--databases=sqlite", "--firms=40", "--officers=24", "--drawn=4"]
    run = subprocess.run(
        [sys.executable, "-m", "bench", *options],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)["draws"][0]
    assert told["drawn"] >= 4 and told["teams"] == 2 * told["drawn"]
    assert set(told["seconds"]) == {"freeze", "draw", "verify_python", "verify_node"}


@pytest.mark.soak  # half a minute each: a server and a county of its own
def test_bench_searches_a_register_in_five_ways() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=registers", "--register-firms=40",
         "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["registers"]
    assert set(told["page_ms"]) == {
        "words", "initials", "credit_code", "licence", "plate", "all", "front",
    }  # fmt: skip


@pytest.mark.soak
def test_bench_opens_the_leads_day() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=day", "--visits=3", "--day-photos=5",
         "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["days"]
    assert set(told["page_ms"]) == {"day", "to_review", "findings", "summary"}


@pytest.mark.soak
def test_bench_opens_the_board() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=board", "--open-visits=60", "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["boards"]
    assert set(told["page_ms"]) >= {"first_page", "deep_page", "by_officer", "pictures", "screen"}


@pytest.mark.soak
def test_bench_makes_the_monthly_report() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=report", "--reported=400", "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["reports"]
    assert told["drawn"] == told["inspections"] == 400


@pytest.mark.soak
def test_bench_looks_for_results_in_twelve_ways() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=public", "--results=20000", "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["public"]
    assert len(told["page_ms"]) == 13 and set(told["page_ms"]) >= {
        "first_page", "deep_page", "firm_name", "credit_code", "task", "month", "result", "all",
    }  # fmt: skip


@pytest.mark.soak
def test_bench_makes_the_file_of_a_visit() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=archive", "--archived=3"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)["archive"]
    assert set(told["seconds"]) == {"pdf", "zip"} and told["kilobytes"]["zip"] > 1000


@pytest.mark.soak
def test_bench_makes_thumbnails_over_http() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=thumbnails", "--thumbnails=3", "--workers=1"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)["thumbnails"]
    assert told["photos"] == 3
    assert told["made"]["a_second"] > 0 and told["kept"]["kilobytes_each"] > 0


@pytest.mark.soak
def test_bench_recounts_the_terms_of_five_years() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=recount", "--years-visits=400",
         "--databases=sqlite"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["recounts"]
    deeds = told["deeds"]
    assert set(deeds) == {"advance_first", "advance_again", "advance_next_day", "notice"}
    assert deeds["advance_first"]["written"] > 0 == deeds["advance_again"]["written"]


@pytest.mark.soak
def test_bench_opens_the_statistics_of_five_years() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only=statistics", "--years-visits=400",
         "--databases=sqlite", "--workers=1"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (told,) = json.loads(run.stdout)["statistics"]
    assert {"indicators", "by_item", "warnings", "warning", "firm"} <= set(told["page_ms"])

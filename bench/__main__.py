"""`python -m bench`: prints one JSON document on stdout; what it is doing goes to stderr."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.archive import measure_archive
from bench.board import build_board, measure_board
from bench.day import fill_day, measure_day
from bench.draw import DrawLoad, measure_draw
from bench.field_phone import Load, measure_phone
from bench.firms import build_register
from bench.imports import measure_imports
from bench.installation import environment, running_server, upgrade_database
from bench.machine import machine_facts
from bench.phone import Refused
from bench.postgres import running_postgres
from bench.public import measure_public
from bench.push import measure_push
from bench.recount import measure_recount
from bench.registers import measure_search
from bench.reports import build_reported, measure_reports
from bench.results import build_results
from bench.road import Road, measure_road
from bench.seed import seed
from bench.statistics import measure_statistics
from bench.table import dump_table
from bench.thumbnails import measure_thumbnails
from bench.years import build_years
from server.config import default_workers


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--databases", default="sqlite,postgresql", help="which, in this order; comma separated"
    )
    parser.add_argument("--database-url", help="an EMPTY PostgreSQL database instead of our own")
    parser.add_argument("--phones", type=int, default=8)
    parser.add_argument("--records", type=int, default=2_000, help="pushed in each round, pulled")
    parser.add_argument("--rounds", type=int, default=5, help="pushes; the median counts")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--few", type=int, default=20_000, help="rows stored for the small delta")
    parser.add_argument("--many", type=int, default=100_000, help="rows stored for the large one")
    parser.add_argument("--items", type=int, default=250, help="answers in one inspection")
    parser.add_argument("--photos", type=int, default=50)
    parser.add_argument("--workers", type=int, default=default_workers())
    parser.add_argument("--threads", type=int, default=8)
    parts = (
        "server", "draw", "imports", "registers", "public", "archive", "thumbnails", "day", "board",
        "report", "recount", "statistics", "phone", "push",
    )  # fmt: skip
    parser.add_argument("--only", choices=parts, help="one of the parts")
    parser.add_argument("--open-visits", type=int, default=20_000, help="on the deadline board")
    parser.add_argument("--reported", type=int, default=200_000, help="in the monthly report")
    parser.add_argument("--years-visits", type=int, default=200_000, help="of five years")
    parser.add_argument("--messages", type=int, default=5_000, help="pushed in one run")
    parser.add_argument("--visits", type=int, default=200, help="on the lead's day")
    parser.add_argument("--day-photos", type=int, default=2_000, help="of these visits together")
    parser.add_argument("--archived", type=int, default=60, help="photos in the file of a visit")
    parser.add_argument("--thumbnails", type=int, default=60, help="photos to make small")
    parser.add_argument("--import-rows", type=int, default=20_000, help="of one register's file")
    parser.add_argument("--firms", type=int, default=DrawLoad.firms, help="to draw from")
    parser.add_argument("--officers", type=int, default=DrawLoad.officers)
    parser.add_argument("--drawn", type=int, default=DrawLoad.drawn, help="by the ratio alone")
    parser.add_argument("--register-firms", type=int, default=200_000, help="searched in")
    parser.add_argument("--results", type=int, default=200_000, help="published, looked for")
    parser.add_argument("--inspections", type=int, default=Load.inspections, help="on the phone")
    parser.add_argument("--open", type=int, default=Load.open, help="of these not yet entered")
    parser.add_argument("--queued", type=int, default=Load.photos, help="photos on the phone")
    parser.add_argument("--starts", type=int, default=Load.runs, help="of the app; median counts")
    parser.add_argument("--slowdown", type=int, default=Load.slowdown, help="of the processor")
    parser.add_argument("--markdown", action="store_true", help="a table instead of JSON")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


@contextmanager
def database(kind: str, url: str | None) -> Iterator[str | None]:
    """The URL to measure, None for the default SQLite file."""
    own = running_postgres() if kind == "postgresql" and url is None else nullcontext(url)
    with own as chosen:
        yield chosen if kind == "postgresql" else None


@contextmanager
def placed(
    kind: str, options: argparse.Namespace, wanted: str | None
) -> Iterator[tuple[dict[str, str], Path, str | None]]:
    """An installation's environment, home and database, gone with the block; nothing is in it."""
    with (
        tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder,
        database(kind, wanted) as url,
    ):
        home = Path(folder)
        yield environment(home, url, options.workers, options.threads), home, url


@contextmanager
def installed(kind: str, options: argparse.Namespace, what: str) -> Iterator[dict[str, str]]:
    """The same with its tables, its environment alone; ``what`` is made in it next."""
    with placed(kind, options, options.database_url) as (env, _home, _url):
        say(f"{kind}: making {what}")
        upgrade_database(env)
        yield env


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with placed(kind, options, options.database_url) as (env, home, url):
        road = Road(
            phones=options.phones,
            records=options.records,
            rounds=options.rounds,
            batch=options.batch,
            few=options.few,
            many=options.many,
            photos=options.photos,
            threads=options.threads,
        )
        say(f"{kind}: making a county with the inspections to be measured")
        upgrade_database(env)
        inspections = -(-road.slots // options.items)
        seeded = seed(env, inspections=inspections, items=options.items)
        with running_server(env) as (port, pid):
            figures = measure_road(road, seeded, port, pid, home, url, say)
        return {"database": kind, "workers": options.workers, "threads": options.threads} | figures


def measure_draw_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    load = DrawLoad(options.firms, options.officers, options.drawn)
    with placed(kind, options, None) as (env, home, _url):
        upgrade_database(env)
        return {"database": kind} | measure_draw(env, load, home, say)


def measure_registers(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"a register of {options.register_firms} firms") as env:
        build_register(env, options.register_firms)
        with running_server(env) as (port, _pid):
            found = measure_search(port, options.register_firms, say)
        return {"database": kind, "firms": options.register_firms, "page_ms": found}


def measure_results(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"{options.results} published results") as env:
        build_results(env, options.results)
        with running_server(env) as (port, _pid):
            found = measure_public(port, options.results, say)
        return {"database": kind, "results": options.results, "page_ms": found}


def measure_day_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    visits, photos = options.visits, options.day_photos
    with installed(kind, options, f"a day of {visits} visits with {photos} photos") as env:
        seeded = seed(env, inspections=visits, items=20)
        fill_day(env, seeded.items, photos)
        with running_server(env) as (port, pid):
            found, spent = measure_day(port, pid, visits, say)
        told = {"database": kind, "visits": visits, "photos": photos}
        return told | {"page_ms": found, "server_cpu_ms": spent}


def measure_board_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"{options.open_visits} open visits") as env:
        build_board(env, options.open_visits)
        with running_server(env) as (port, _pid):
            found = measure_board(port, options.open_visits, say)
        return {"database": kind, "visits": options.open_visits, "page_ms": found}


def measure_push_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"{options.messages} people with a browser each") as env:
        return {"database": kind, **measure_push(env, options.messages, say)}


def measure_reports_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"{options.reported} inspections with their results") as env:
        build_reported(env, options.reported)
        return {"database": kind, "inspections": options.reported} | measure_reports(env, say)


def measure_recount_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"five years of {options.years_visits} visits") as env:
        build_years(env, options.years_visits)
        told = {"database": kind, "visits": options.years_visits}
        return told | {"deeds": measure_recount(env, say)}


def measure_statistics_on(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with installed(kind, options, f"five years of {options.years_visits} visits") as env:
        build_years(env, options.years_visits)
        with running_server(env) as (port, _pid):
            found = measure_statistics(port, options.years_visits, say)
        return {"database": kind, "visits": options.years_visits, "page_ms": found}


def main() -> int:
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        machine = machine_facts(Path(folder)) | {"load_before": os.getloadavg()[0]}
    document: dict[str, Any] = {
        "bench": 10,
        "machine": machine,
        "asked": {name: value for name, value in vars(options).items() if name != "database_url"},
        "runs": [],
        "draws": [],
        "phone": None,
        "imports": [],
        "registers": [],
        "public": [],
        "archive": None,
        "days": [],
        "boards": [],
        "reports": [],
        "recounts": [],
        "statistics": [],
        "pushes": [],
        "thumbnails": None,
    }
    databases = options.databases.split(",")
    if options.only in (None, "draw"):
        document["draws"] = [measure_draw_on(one, options) for one in databases]
    if options.only in (None, "server"):
        document["runs"] = [measure(kind, options) for kind in databases]
    if options.only in (None, "imports"):
        for kind in databases:
            with database(kind, options.database_url) as url:
                document["imports"] += measure_imports(kind, url, options.import_rows, say)
    if options.only in (None, "registers"):
        document["registers"] = [measure_registers(kind, options) for kind in databases]
    if options.only in (None, "public"):
        document["public"] = [measure_results(kind, options) for kind in databases]
    if options.only in (None, "archive"):
        document["archive"] = measure_archive(options.archived, say)
    if options.only in (None, "day"):
        document["days"] = [measure_day_on(one, options) for one in databases]
    if options.only in (None, "board"):
        document["boards"] = [measure_board_on(one, options) for one in databases]
    if options.only in (None, "report"):
        document["reports"] = [measure_reports_on(one, options) for one in databases]
    if options.only in (None, "recount"):
        document["recounts"] = [measure_recount_on(one, options) for one in databases]
    if options.only in (None, "statistics"):
        document["statistics"] = [measure_statistics_on(one, options) for one in databases]
    if options.only in (None, "push"):
        document["pushes"] = [measure_push_on(one, options) for one in databases]
    if options.only in (None, "thumbnails"):
        document["thumbnails"] = measure_thumbnails(
            options.thumbnails, options.workers, options.threads, say
        )
    if options.only in (None, "phone"):
        load = Load(
            inspections=options.inspections,
            open=options.open,
            photos=options.queued,
            runs=options.starts,
            slowdown=options.slowdown,
        )
        document["phone"] = measure_phone(load, say)
    machine["load_after"] = os.getloadavg()[0]
    if options.markdown:
        print(dump_table(document))
    else:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
        print()
    return 0


if __name__ == "__main__":
    # Told to stop, it still stops its server and removes its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (Refused, RuntimeError) as failure:
        say(f"failed: {failure}")
        sys.exit(1)

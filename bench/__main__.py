"""`python -m bench`: prints one JSON document on stdout; what it is doing goes to stderr."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.installation import environment, running_server, upgrade_database
from bench.machine import machine_facts
from bench.measures import DELTA_ROWS, Slot, measure_delta, measure_pull, measure_push
from bench.phone import Phone, Refused
from bench.seed import Seeded, seed


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database-url", help="an EMPTY PostgreSQL database; default: SQLite")
    parser.add_argument("--phones", type=int, default=8)
    parser.add_argument("--records", type=int, default=2_000, help="pushed and pulled")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--total", type=int, default=20_000, help="answers stored for the delta")
    parser.add_argument("--items", type=int, default=100, help="answers in one inspection")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    return parser.parse_args()


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def measure(options: argparse.Namespace, seeded: Seeded, port: int) -> dict[str, Any]:
    slots = [Slot(space, seeded.sheet, item) for space in seeded.spaces for item in seeded.items][
        : options.total + DELTA_ROWS
    ]
    first, rest = slots[: options.records], slots[options.records : options.total]
    new = slots[options.total :]
    phones = [
        Phone("127.0.0.1", port, *seeded.accounts[i % len(seeded.accounts)], f"dev_bench{i}")
        for i in range(options.phones)
    ]
    reader = Phone("127.0.0.1", port, *seeded.accounts[0], "dev_reader")
    try:
        say(f"pushing {len(first)} records from {len(phones)} phones")
        push = measure_push(phones, first, options.batch)
        say("pulling them")
        pull, _ = measure_pull(reader, sorted({slot.space for slot in first}))
        say(f"pushing {len(rest)} more")
        more = measure_push(phones, rest, options.batch)
        say("pulling everything, then what is new")
        full, cursors = measure_pull(reader, seeded.spaces)
        measure_push(phones[:1], new, options.batch)
        delta = measure_delta(reader, cursors, full["rows"])
        if delta["rows"] < DELTA_ROWS:
            raise Refused(f"delta: {delta['rows']} rows instead of {DELTA_ROWS}")
    finally:
        for phone in (*phones, reader):
            phone.close()
    return {"push": push, "pull": pull, "push_more": more, "pull_all": full, "delta": delta}


def main() -> int:
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        home = Path(folder)
        env = environment(home, options.database_url, options.workers, options.threads)
        say("making a county with the inspections to be measured")
        upgrade_database(env)
        inspections = -(-(options.total + DELTA_ROWS) // options.items)
        seeded = seed(env, inspections=inspections, items=options.items)
        with running_server(env) as port:
            figures = measure(options, seeded, port)
        document = {
            "bench": 1,
            "machine": machine_facts(home),
            "server": {
                "database": (options.database_url or "sqlite").split(":")[0].split("+")[0],
                "workers": options.workers,
                "threads": options.threads,
            },
            "figures": figures,
        }
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

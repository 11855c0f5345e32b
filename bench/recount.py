"""What the clock does to five years of visits: the hourly advance of all terms, the same when the
next day has begun, a notice that moves due dates. Each in a process of its own, for its memory:
``python -m bench.recount DEED``."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bench.imports import peak_mib
from bench.installation import ROOT

DEEDS = ("advance_first", "advance_again", "advance_next_day", "notice")


def measure_recount(env: Mapping[str, str], say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds, how many were written, and the process's memory, by deed."""
    found = {}
    for deed in DEEDS:
        say(f"recount: {deed.replace('_', ' ')}")
        run = subprocess.run(
            [sys.executable, "-m", "bench.recount", deed],
            env=dict(env), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        found[deed] = json.loads(run.stdout)
    return found


def _do(deed: str) -> dict[str, Any]:
    from server.app import create_app
    from server.db import db
    from server.deadlines.service import advance
    from server.runtime import now

    app = create_app()
    with app.app_context():
        before, start, cpu = peak_mib(), time.perf_counter(), time.process_time()
        match deed:
            case "advance_first" | "advance_again":
                written = advance()
            case "advance_next_day":
                written = advance(now() + timedelta(days=1))
            case _:
                written = _notice()
        told = {
            "written": written,
            "seconds": round(time.perf_counter() - start, 2),
            "processor": round(time.process_time() - cpu, 2),
            "peak_mib": {"before": before, "after": peak_mib()},
        }
        db.session.remove()
        db.engine.dispose()
    return told


def _notice() -> int:
    """A Monday soon is a day off: nearly every open due date moves."""
    from domain.calendar import DayKind
    from domain.calendar_notices import NoticeDay
    from server.deadlines.notices import import_notice
    from server.deadlines.recounting import list_stored_moves
    from server.runtime import today

    day = today() + timedelta(days=14 - today().weekday())
    notice = import_notice(None, [NoticeDay(day, DayKind.HOLIDAY, "测量")], "测量", "")
    return len(list_stored_moves(notice.id))


if __name__ == "__main__":
    json.dump(_do(sys.argv[1]), sys.stdout)

"""The process that does jobs: huey's consumer, with a scheduler of ours in place of its own."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from huey.consumer import Consumer, Scheduler

from server.config import Config
from server.jobs.bell import open_bell
from server.jobs.duties import Duty, list_duties
from server.jobs.running import TERM, Worker

log = logging.getLogger("suicha.jobs")

# A long verification must not keep reminders waiting.
THREADS: Final = 2
# What serves people starts first.
WAIT_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """``term`` of a lease, and how often the scheduler looks."""

    term: timedelta = TERM
    look_seconds: float = 2.0


def work(
    config: Config,
    may_go_on: Callable[[], bool] = lambda: True,
    *,
    wait: bool = False,
    duties: Mapping[str, Duty] | None = None,
    pace: Pace = Pace(),
) -> None:
    """Does jobs until a signal or ``may_go_on`` ends it. SIGTERM lets a job come to its end for a
    while; what is not at its end then is handed back and run again by somebody else."""
    if wait and not _wait(may_go_on):
        return
    import server.models  # noqa: F401  (a mapper may name a table no blueprint has loaded)
    from server.app import create_app

    name = f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"
    worker = Worker(name, create_app(config), duties or list_duties(), pace.term)
    bell = open_bell(config)
    ring = bell.task(name="run")(worker.run)

    class Beat(Scheduler):  # type: ignore[misc]
        """In the place of huey's scheduler: no task of its own ever waits for a time."""

        def loop(self, now: Any = None) -> None:
            try:
                worker.beat(ring)
            except Exception:  # the database is away for a moment
                log.exception("the scheduler could not look")
            if not may_go_on():
                self.stop_flag.set()
            self.stop_flag.wait(pace.look_seconds)

    class Working(Consumer):  # type: ignore[misc]
        scheduler_class = Beat

    consumer = Working(
        bell,
        workers=THREADS,
        periodic=False,
        max_delay=pace.look_seconds,
        graceful_signal="TERM",
        shutdown_timeout=PATIENCE_SECONDS,
    )
    # huey would start the whole command again: of `suicha run` that is a second server
    consumer._signal_actions.pop(signal.SIGHUP, None)
    try:
        consumer.run()
    finally:
        worker.leave()


def _wait(may_go_on: Callable[[], bool]) -> bool:
    begin_at = time.monotonic() + WAIT_SECONDS
    while may_go_on() and time.monotonic() < begin_at:
        time.sleep(0.2)
    return may_go_on()

"""One soak: phones, a bad network, a server that is killed; then the network heals, the queues
drain, and everything is counted."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.harness import Server
from tests.soak.book import Book
from tests.soak.copies import Copies, release_waiting
from tests.soak.count import Count, take_count
from tests.soak.county import ROLES, build_crews
from tests.soak.line import PATIENT_SECONDS
from tests.soak.officer import Officer
from tests.soak.proxy import FlakyProxy

MAX_DRAIN_ROUNDS = 400
MAX_CLONES = 2
PAUSE_SECONDS = (0.0, 0.12)


@dataclass(frozen=True)
class Plan:
    """``seconds`` of bad network; the draining afterwards takes as long as it takes, in rounds.
    ``kill_every``: seconds between two kills of the server, from and to."""

    phones: int = 8
    seconds: float = 180.0
    seed: int = 1
    visits: int = 6
    restores: bool = False
    kill_every: tuple[float, float] = (4.0, 14.0)


@dataclass(frozen=True)
class Outcome:
    """``faults`` as the proxy counted them."""

    plan: Plan
    count: Count
    faults: dict[str, int]
    kills: int
    restores: int
    seconds: float


def run_soak(database_url: str, home: Path, plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Raises ``Breach`` when a phone sees a promise broken on the way; differences of the final
    count are in the answer. The database must be migrated and empty."""
    started = time.monotonic()
    book = Book({} if plan.restores else None)
    crews = build_crews(database_url, home, plan.phones, plan.visits)
    server = Server(home, database_url, workers=None)
    proxy = FlakyProxy(server.port, plan.seed)
    officers = [
        Officer(crews[n // len(ROLES)], ROLES[n % len(ROLES)], proxy.port, book, f"{plan.seed} {n}")
        for n in range(plan.phones)
    ]
    server.start()
    run = _Run(server, proxy, officers, book, plan, say)
    try:
        run.work()
        proxy.heal()
        run.drain()
        count = take_count(server, run.officers, book)
    finally:
        server.kill()
        proxy.close()
    seconds = time.monotonic() - started
    return Outcome(plan, count, dict(proxy.counts), run.kills, run.restores, round(seconds, 1))


class _Run:
    def __init__(
        self, server: Server, proxy: FlakyProxy, officers: list[Officer], book: Book, plan: Plan,
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.server, self.proxy, self.officers = server, proxy, officers
        self.book, self.plan, self.say = book, plan, say
        self.kills = self.restores = 0
        self._chance = random.Random(f"{plan.seed} kills")
        self._failures: list[BaseException] = []
        self._ends = time.monotonic() + plan.seconds
        self._threads: list[threading.Thread] = []

    def work(self) -> None:
        """Until the time is over or a phone saw a broken promise."""
        for officer in list(self.officers):
            self._start(officer)
        copies = Copies(self.server) if self.plan.restores else None
        begun = time.monotonic()
        while time.monotonic() < self._ends and not self._failures:
            self._wait(self._chance.uniform(*self.plan.kill_every))
            done = (time.monotonic() - begun) / self.plan.seconds
            if done >= 1 or self._failures:
                break
            self._break_server(copies, done)
            if done > 0.3 and len(self.officers) < self.plan.phones + MAX_CLONES:
                self._clone()
        for thread in self._threads:
            thread.join(120)
        if self._failures:
            raise self._failures[0]
        self.say(f"{len(self.book.ops)} operations made, {self.kills} kills; draining")

    def _wait(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self._ends - time.monotonic())))

    def _break_server(self, copies: Copies | None, done: float) -> None:
        """SIGKILL and a new start; once a copy is taken, once it comes back."""
        self.server.kill()
        self.kills += 1
        if copies is not None and done > 0.3 and not copies.is_taken:
            self.book.marks = copies.take()
        elif copies is not None and done > 0.6 and not self.restores:
            copies.put_back()
            self.restores += 1
        self.server.start()

    def _clone(self) -> None:
        officer = self._chance.choice([one for one in self.officers if one.role != "lead"])
        with officer.busy:
            twin = officer.clone(self.proxy.port)
        self.officers.append(twin)
        self._start(twin)

    def _start(self, officer: Officer) -> None:
        thread = threading.Thread(target=self._live, args=(officer,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _live(self, officer: Officer) -> None:
        try:
            officer.do_photograph()
            while time.monotonic() < self._ends and not self._failures:
                with officer.busy:
                    officer.step()
                time.sleep(officer.chance.uniform(*PAUSE_SECONDS))
        except BaseException as failure:
            self._failures.append(failure)

    def drain(self) -> None:
        """Rounds over a good network until every queue is empty, and one more for what others
        drained meanwhile. The second pass is after the lead gave up waiting for lost numbers."""
        for officer in self.officers:
            officer.line.deadline = PATIENT_SECONDS
        for is_last in (False, True):
            for _ in range(MAX_DRAIN_ROUNDS):
                for officer in self.officers:
                    officer.round()
                if all(officer.is_quiet() for officer in self.officers):
                    break
            if not is_last:
                release_waiting(self.server)
        for officer in self.officers:
            officer.round()

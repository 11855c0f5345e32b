"""The real server of a run: application, database, signed-in people, and ways to break it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

import sync.apply
from domain.errors import Fault
from server.accounts.service import revoke_device
from server.db import db, unit_of_work
from server.fieldsync import service
from server.inspections.models import TeamMember
from sync.operation import Operation
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import enter, fill, submit
from tests.integration.fieldsync.phone import Phone as SetupPhone
from tests.model.breach import Crash
from tests.model.store import Store
from tests.statements import before_each

PEOPLE = ("wang", "li", "zhao")
START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


class House:
    """``stages`` are databases to begin with and ``begun`` what the phones hold then: ``fresh``;
    ``accepted``, where the tr sheet is filled, submitted and accepted; ``entered``, where it has
    been locked since the phones were last online (F34). ``doomed`` are operations in which the
    code will raise once."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.store: Store
        self.doomed: set[str] = set()
        self._statements_left: int | None = None
        self.is_touched = True  # somebody spoke to the server since the witness looked
        self._clients: dict[str, tuple[FlaskClient, str]] = {}
        self.stages: dict[str, object] = {}
        self.begun: dict[str, Any] = {}  # what the phones hold at the beginning of a stage
        self.field: Field

    def close(self) -> None:
        """Lets go of every connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def prepare(self, store: Store) -> None:
        """Builds the county, signs everybody in, and keeps both beginnings."""
        self.store = store
        with self.app.app_context():
            self.field = build_field()
            before_each(db.engine, self._maybe_crash)
            event.listen(db.engine, "commit", self._maybe_crash)
        phones = {
            name: SetupPhone(self.app, self.field, name, f"dev_setup_{name}") for name in PEOPLE
        }
        self._clients = {name: (one.client, one.csrf) for name, one in phones.items()}
        self._writer = phones["wang"]
        self.stages["fresh"] = store.save()

    def fill_and_accept(self) -> None:
        """An officer whose phone is none of the three does the whole visit."""
        fill(self._writer)
        submit(self._writer)
        assert {one["status"] for one in self._writer.results()} == {"applied"}
        assert self.review("accept") == "applied"

    def lock(self) -> None:
        """And enters the sheet."""
        self._writer.pull()
        assert self._writer.result(enter(self._writer))["status"] == "applied"

    def reset(self, stage: str) -> None:
        """Begins anew."""
        self.is_touched = True
        self.clock.at = START
        self.doomed, self._statements_left = set(), None
        self.store.load(self.stages[stage])

    def send(self, name: str, path: str, body: bytes) -> tuple[int, bytes]:
        """One HTTP request of a signed-in person. Raises ``Crash`` if one was ordered."""
        self.is_touched = True
        self.clock.advance(seconds=1)
        client, csrf = self._clients[name]
        answer = client.post(
            f"/api/v1{path}",
            data=body,
            content_type="application/json",
            headers={"X-CSRF-Token": csrf},
        )
        return answer.status_code, answer.data

    @contextmanager
    def crashing_at(self, statement: int) -> Iterator[None]:
        """The process dies before the n-th statement or commit from here, if it comes to it."""
        self._statements_left = statement
        try:
            yield
        finally:
            self._statements_left = None

    def _maybe_crash(self, *_: object) -> None:
        if self._statements_left is None:
            return
        self._statements_left -= 1
        if self._statements_left < 0:
            self._statements_left = None
            raise Crash

    def review(self, action: str, sheet: str = "tr") -> str:
        """The lead accepts or returns a sheet on a page; the outcome's name."""
        self.is_touched = True
        with self.app.app_context():
            fields = {"reason": "请补充"} if action == "return" else {}
            try:
                told = service.perform_office_op(
                    self.field.actor("lead"),
                    space=self.field.space,
                    kind=f"sheet.{action}",
                    entity=f"sheet:{sheet}",
                    fields=fields,
                )
            except Fault as refused:
                return refused.code
            return type(told).__name__.lower()

    def assign(self, name: str, is_on_team: bool) -> None:
        """Takes an officer off the team, or puts them back."""
        self.is_touched = True
        with self.app.app_context(), unit_of_work() as work:
            chosen = TeamMember.officer_id == self.field.officers[name]
            for member in work.scalars(select(TeamMember).where(chosen)):
                member.removed_at = None if is_on_team else self.clock()

    def revoke(self, device: str) -> bool:
        """Revokes a phone; False for one the server has never seen."""
        self.is_touched = True
        with self.app.app_context():
            try:
                revoke_device(device)
            except Fault:
                return False
        return True

    def restore(self, copy: object) -> str:
        """The database of an earlier hour comes back, and with it a new epoch."""
        self.is_touched = True
        self.store.load(copy)
        with self.app.app_context():
            return service.start_epoch()

    def release_waiting(self) -> None:
        """The lead gives up waiting for numbers no phone will offer any more."""
        self.is_touched = True
        with self.app.app_context():
            for device in {receipt.device for receipt in service.list_early()}:
                service.release_early(device)

    def verify(self) -> list[str]:
        """Differences between ledger and rows."""
        with self.app.app_context():
            return service.verify_ledger()


@contextmanager
def defects(house: House) -> Iterator[None]:
    """Lets ``house.doomed`` operations raise inside the judging code, each once; the incidents
    they leave in the log are of our own making."""
    log = logging.getLogger("suicha.sync")

    def set_answer(operation: Operation, *rest: Any) -> Any:
        if operation.op in house.doomed:
            house.doomed.discard(operation.op)
            raise RuntimeError("a defect inside one operation")
        return real(operation, *rest)

    real, was_disabled = vars(sync.apply)["set_answer"], log.disabled
    log.disabled = True
    try:
        with mock.patch.object(sync.apply, "set_answer", set_answer):
            yield
    finally:
        log.disabled = was_disabled


def build_house(
    make_app: Callable[[str, Path, Clock], Flask], url: str, home: Path, store: Callable[..., Store]
) -> House:
    """``store`` is called with the function that closes all connections."""
    clock = Clock(START)
    house = House(make_app(url, home, clock), clock)
    house.prepare(store(house.close))
    return house

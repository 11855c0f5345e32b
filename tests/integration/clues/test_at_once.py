"""Two at the same clues at the same moment, on PostgreSQL: SQLite lets one write at a time."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from domain.clues import ClueState, Deed, StepKind
from domain.errors import Fault
from server.clues import service
from server.clues.models import Clue
from server.db import db, scope_to, unit_of_work
from tests.integration.builders import Field
from tests.integration.clues.conftest import Tell
from tests.integration.phrases.test_at_once import wait_for


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_clues_merged_into_each_other_at_once_are_merged_once(
    app: Flask, field: Field, tell: Tell
) -> None:
    """Each deed has its own clue when it comes to the other's."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        office, numbers = field.actor("office"), (tell().number, tell().number)
        first, second = [one.id for one in db.session.scalars(select(Clue).order_by(Clue.id))]
        told: list[str] = []

        def merge(clue_id: int, into: str) -> None:
            with app.app_context():
                scope_to(field.jurisdiction_id)
                try:
                    service.handle(office, clue_id, Deed(StepKind.MERGE, into=into), 1)
                    told.append("merged")
                except Fault as refused:
                    told.append(refused.code)
                except Exception as error:
                    told.append(str(error))
                finally:
                    db.session.remove()

        deeds = [
            threading.Thread(target=merge, args=(second, numbers[0])),
            threading.Thread(target=merge, args=(first, numbers[1])),
        ]
        with unit_of_work() as work:  # holds the second until both wait
            work.scalars(select(Clue).where(Clue.id == second).with_for_update()).one()
            for n, deed in enumerate(deeds, 1):
                deed.start()
                wait_for(n)
        for deed in deeds:
            deed.join(30)
        assert told == ["merged", "clue.merge_target"]
        db.session.expire_all()
        assert db.session.get_one(Clue, first).state == ClueState.RECEIVED

"""回访: drawn among the firms with problems, with a seed from outside, and recorded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.errors import Fault
from domain.revisits import RevisitOutcome, draw_revisits
from server.db import unit_of_work
from server.followup import revisiting
from server.runtime import today
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems

Make = Callable[[str], Phone]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_a_firm_with_problems_is_drawn_once_and_its_revisit_recorded_once(
    app: Flask, field: Field, phone: Make
) -> None:
    with app.app_context():
        office = field.actor("office")
        pool = revisiting.pool_of(office, *YEAR)
        with pytest.raises(Fault) as refused:
            revisiting.draw(office, *YEAR, "25163441", "乔如是", pool.sha256)
        assert refused.value.code == "revisit.pool_empty"
    enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        with pytest.raises(Fault) as refused:
            revisiting.draw(office, *YEAR, "25163441", "乔如是", pool.sha256)
        assert refused.value.code == "revisit.pool_changed"
        pool = revisiting.pool_of(office, *YEAR)
        assert (len(pool.firms), pool.count, pool.firms[0].problems) == (1, 1, 2)
        made = revisiting.draw(office, *YEAR, "2 5 1 6 3 4 4 1", "乔如是", pool.sha256)
        (revisit,) = made.revisits
        ids = [pool.firms[0].uscc]
        assert draw_revisits(ids, 1, made.seed, made.pool_sha256) == [(ids[0], revisit.ticket)]
        assert (revisit.inspection_id, (revisit.due_on - today()).days) == (
            field.inspection_id, 90,
        )  # fmt: skip
        assert revisiting.pool_of(office, *YEAR).firms == []
        revisiting.record(office, revisit.id, RevisitOutcome.CORRECTED, "已全部改正", today())
        with pytest.raises(Fault) as refused:
            revisiting.record(office, revisit.id, RevisitOutcome.PARTLY, "改了一半", today())
        assert refused.value.code == "revisit.recorded"
        for statement in ("UPDATE revisit_draws SET seed = '1'", "DELETE FROM revisit_draws"):
            with pytest.raises(DBAPIError), unit_of_work() as work:
                work.execute(text(statement))


def test_lead_and_partner_do_not_draw(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        for who in ("lead", "zhao", "auditor"):
            pool = revisiting.pool_of(field.actor("office"), *YEAR)
            with pytest.raises(Fault) as refused:
                revisiting.draw(field.actor(who), *YEAR, "25163441", "乔如是", pool.sha256)
            assert refused.value.code == "access.denied"

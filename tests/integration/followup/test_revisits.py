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
from server.followup import comparing, revisiting
from server.followup.comparing import ItemNow
from server.runtime import today
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems

Make = Callable[[str], Phone]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.both
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
        ids = {one.item_code: one.id for one in revisiting.list_problems(revisit)}
        with pytest.raises(Fault) as refused:
            comparing.conclude(office, revisit.id, "已全部改正", today())
        assert refused.value.code == "revisit.items_missing"
        now = {ids["PAX-02"]: ItemNow(1, ""), ids["PAX-03"]: ItemNow(8, "台账仍缺页")}
        assert comparing.enter_items(office, revisit.id, now) == 2
        assert [
            (row.item.first_result, row.item.now_result)
            for row in comparing.compare(office, revisit).rows
            if row.item
        ] == [(8, 1), (5, 8)]
        done = comparing.conclude(office, revisit.id, "一项未改", today())
        assert done.outcome == RevisitOutcome.PARTLY
        for again in (
            lambda: comparing.conclude(office, revisit.id, "都改了", today()),
            lambda: comparing.enter_items(office, revisit.id, now),
        ):
            with pytest.raises(Fault) as refused:
                again()
            assert refused.value.code == "revisit.recorded"
        for statement in (
            "UPDATE revisit_draws SET seed = '1'", "DELETE FROM revisit_draws",
            "UPDATE revisit_items SET now_result = 1", "DELETE FROM revisit_items",
        ):  # fmt: skip
            with pytest.raises(DBAPIError), unit_of_work() as work:
                work.execute(text(statement))


def test_each_item_is_entered_once_by_its_own_department_whole_or_not_at_all(
    app: Flask, field: Field, phone: Make
) -> None:
    enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        pool = revisiting.pool_of(office, *YEAR)
        (revisit,) = revisiting.draw(office, *YEAR, "25163441", "乔如是", pool.sha256).revisits
        first, second = (one.id for one in revisiting.list_problems(revisit))

        def code_of(who: str, items: dict[int, ItemNow]) -> str:
            with pytest.raises(Fault) as refused:
                comparing.enter_items(field.actor(who), revisit.id, items)
            return refused.value.code

        both = {first: ItemNow(1, ""), second: ItemNow(8, " ")}
        assert code_of("office", both) == "revisit.needs_note"
        assert code_of("office", {}) == "revisit.no_items"
        assert code_of("office", {first: ItemNow(1, ""), 999: ItemNow(1, "")}) == (
            "follow_up.not_found"
        )
        assert code_of("lead", {first: ItemNow(1, "")}) == "access.denied"
        assert comparing.compare(office, revisit).missing == ("交通运输局",)
        assert all(row.item is None for row in comparing.compare(office, revisit).rows)
        comparing.enter_items(office, revisit.id, {first: ItemNow(1, "")})
        assert code_of("office", {first: ItemNow(8, "又坏了")}) == "revisit.item_entered"
        assert comparing.compare(office, revisit).outcome is None


def test_lead_and_partner_do_not_draw(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        for who in ("lead", "zhao", "auditor"):
            pool = revisiting.pool_of(field.actor("office"), *YEAR)
            with pytest.raises(Fault) as refused:
                revisiting.draw(field.actor(who), *YEAR, "25163441", "乔如是", pool.sha256)
            assert refused.value.code == "access.denied"

"""A firm that cannot be inspected is withdrawn, on record; the next of its tier takes its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask, current_app

from domain.draw_files import verify_record
from domain.draw_tickets import ticket
from domain.errors import Fault
from server.db import db, scope_to, unit_of_work
from server.deadlines.service import list_board
from server.documents.service import make_draw_document, make_notice
from server.draws import change_service as changes
from server.draws.change_models import DrawChange
from server.draws.models import Draw
from server.draws.public_reading import view_public_draw
from server.fieldsync.service import verify_ledger
from server.inspections import service as inspections
from server.inspections.door import door_token, look_up
from server.inspections.models import Inspection
from server.inspections.overview import list_sheet_overviews
from server.inspections.publishing import active_team
from server.registry.models import Firm, Officer
from tests.integration.builders import PASSWORD
from tests.integration.draws.changed import (
    AT_HOME,
    FRESH,
    WITNESS,
    account_of,
    build_drawn,
    member,
    phone_of,
    pulled,
    visits,
)
from tests.integration.draws.world import PLANNED_ON, World, make_uscc

TIER = "normal"


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield build_drawn()


def of_tier(tier: str = TIER) -> Inspection:
    """A visit to a firm drawn in this tier."""
    record = visits()[0].draw.record or {}
    drawn = next(one["id"] for one in record["firms"] if one["tier"] == tier)
    return next(one for one in visits() if one.firm.uscc == drawn)


def ask(world: World, visit: Inspection, *, substitute: bool = True) -> DrawChange:
    return changes.request_withdrawal(
        world.clerk, visit.id, "deregistered", "公示系统显示已于2月10日注销", substitute
    )


def approve(world: World, change: DrawChange, who: str = "head") -> DrawChange:
    return changes.approve_withdrawal(world.actor(who), change.id, PASSWORD, AT_HOME, "同意")


def next_in_order(draw: Draw, tier: str = TIER) -> list[str]:
    """Counted by hand: credit codes of the tier that were not drawn, lowest ticket first."""
    record = draw.record or {}
    drawn = {one["id"] for one in record["firms"]}
    left = [
        one["id"]
        for one in record["pool"]["firms"]
        if (one["tier"] or "normal") == tier and one["id"] not in drawn
    ]
    return sorted(left, key=lambda one: ticket(record["seed"], record["draw_id"], "firm", one))


def test_next_firm_of_the_tier_is_visited_in_its_place(world: World) -> None:
    visit = of_tier()
    expected = next_in_order(visit.draw)[0]
    total = len(visits())
    done = approve(world, ask(world, visit))
    assert done.substitute is not None and done.substitute.firm.uscc == expected
    substitute = done.substitute
    assert substitute.draw_id == visit.draw_id and substitute.planned_on == PLANNED_ON
    assert substitute.number == f"联2026001-{total + 1:02d}"
    by_department = [one.department_id for one in active_team(substitute)]
    assert sorted(by_department) == sorted([world.home] * 2 + [world.other] * 2)
    assert sum(one.is_lead for one in active_team(substitute)) == 2
    record = changes.export_change(world.clerk, done.public_id)
    assert record is not None and verify_record(json.loads(json.dumps(record))) == []
    assert verify_ledger() == []


def test_withdrawn_visit_counts_nowhere_and_stays_readable(world: World) -> None:
    visit = of_tier()
    before = len(list_sheet_overviews(world.clerk))
    approve(world, ask(world, visit, substitute=False))
    assert len(list_sheet_overviews(world.clerk)) == before - 2
    assert visit.id not in {one.sheet.inspection_id for one in list_board(world.clerk)}
    assert visit.id not in {one.id for one in inspections.list_of_day(world.clerk, PLANNED_ON)}
    still = inspections.get_inspection(world.clerk, visit.id)
    assert still.withdrawn_at is not None and not inspections.can_plan(world.clerk, still)
    listed = inspections.list_inspections(world.clerk, state="withdrawn").rows
    assert [one.id for one in listed] == [visit.id]
    assert visit.id not in {one.id for one in inspections.list_inspections(world.clerk).rows}
    with pytest.raises(Fault) as unknown:
        look_up(door_token(visit.id))  # nobody is sent there any more
    assert unknown.value.code == "request.not_found"
    with pytest.raises(Fault) as refused:
        inspections.set_planned_on(world.clerk, visit.id, PLANNED_ON)
    assert refused.value.code == "inspection.withdrawn"


def test_phones_lose_the_visit_and_late_work_is_kept(sqlite_app: Flask, world: World) -> None:
    visit = of_tier()
    who = account_of(world, member(world, visit).officer_id)
    phone = phone_of(sqlite_app, world, who, visit)
    phone.pull()
    offline = phone.set("REP-01", {"value": "pass"})
    done = approve(world, ask(world, visit))
    told = pulled(phone)
    assert {"space": visit.space, "why": "reassigned"} in told["left"]
    late = phone.result(offline)
    assert late["status"] == "forbidden" and late["proposal"]
    assert done.substitute is not None
    other = account_of(world, member(world, done.substitute).officer_id)
    assert done.substitute.space in phone_of(sqlite_app, world, other).pull()["scope"]
    assert verify_ledger() == []


def test_anything_recorded_on_site_forbids_it(sqlite_app: Flask, world: World) -> None:
    visit = of_tier()
    change = ask(world, visit)
    who = account_of(world, member(world, visit).officer_id)
    phone = phone_of(sqlite_app, world, who, visit)
    assert phone.result(phone.set("REP-01", {"value": "pass"}))["status"] == "applied"
    for deed in (lambda: approve(world, change), lambda: ask(world, of_tier())):
        with pytest.raises(Fault) as refused:
            deed()
        assert refused.value.code == "change.recorded"
        assert "4" in str(refused.value) and "7" in str(refused.value)
    assert inspections.get_inspection(world.clerk, visit.id).withdrawn_at is None


def test_closed_firms_are_passed_over_and_named(world: World) -> None:
    visit = of_tier()
    first, second = next_in_order(visit.draw)[:2]
    with unit_of_work() as work:
        closed = work.query(Firm).filter_by(uscc=first).one()
        closed.is_active, closed.status = False, "closed"
    done = approve(world, ask(world, visit))
    assert done.substitute is not None and done.substitute.firm.uscc == second
    assert (done.record or {})["passed_over"] == [{"firm": first, "why": "closed"}]


def test_tier_without_another_firm_says_so(world: World) -> None:
    visit = of_tier("high")  # the whole tier was drawn
    done = approve(world, ask(world, visit))
    assert done.substitute is None and (done.record or {})["why_none"] == "none_left"
    record = changes.export_change(world.clerk, done.public_id)
    assert record is not None and verify_record(record) == []


def test_officer_who_may_no_longer_go_is_not_matched(world: World) -> None:
    with unit_of_work() as work:
        gone = work.get_one(Officer, world.officers["tr1"])
        gone.cert_expires_on = date(2026, 3, 3)
    done = approve(world, ask(world, of_tier()))
    assert done.substitute is not None
    assert world.officers["tr1"] not in {one.officer_id for one in done.substitute.team}
    assert (done.record or {})["unavailable"] == [f"officer-{world.officers['tr1']}"]


def test_later_changes_build_on_earlier_ones_and_all_verify(world: World) -> None:
    order = next_in_order(of_tier().draw)
    leaves = member(world, of_tier("high"))
    swap = changes.request_replacement(
        world.actor("lead"), of_tier("high").id, leaves.officer_id, "sick_leave", "病假"
    )
    changes.approve_replacement(world.actor("head"), swap.id, FRESH, WITNESS, PASSWORD, AT_HOME)
    first = approve(world, ask(world, of_tier()))
    assert first.substitute is not None
    second = approve(world, ask(world, first.substitute))
    assert second.substitute is not None
    assert [first.substitute.firm.uscc, second.substitute.firm.uscc] == order[:2]
    kinds = [one["kind"] for one in (second.record or {})["before"]]
    assert kinds == ["replacement", "withdrawal"]
    for one in (swap, first, second):
        record = changes.export_change(world.clerk, one.public_id)
        assert record is not None and verify_record(record) == []
    follower = first.substitute.firm.name
    public = changes.list_public_changes(of_tier().draw)
    assert [one["substitute"] for one in public] == [None, *order[:2]]
    shown = view_public_draw(of_tier().draw.public_id).changes
    assert [one["change_id"] for one in shown] == [one["change_id"] for one in public]
    assert shown[1]["substitute_name"] == follower
    page = current_app.test_client().get(f"/public/draws/{of_tier().draw.public_id}").text
    told = page.partition('id="changes"')[2]
    assert f"由 {shown[1]['substitute_name']} 接替" in told
    assert "公示系统显示" not in page  # words of a request are the office's own


def test_who_asks_does_not_decide(world: World) -> None:
    change = ask(world, of_tier())
    for who in ("office", "lead", "mr_head"):
        with pytest.raises(Fault) as refused:
            approve(world, change, who)
        assert refused.value.code in ("change.own_request", "access.denied")
    with pytest.raises(Fault) as refused:
        changes.request_withdrawal(world.actor("lead"), of_tier().id, "moved_out", "已迁", True)
    assert refused.value.code == "access.denied"


def test_two_withdrawals_at_once_take_two_firms(app: Flask) -> None:
    with app.app_context():
        world = build_drawn(firms=20)
        record = visits()[0].draw.record or {}
        tiers = [one["tier"] for one in record["firms"]]
        twice = next(tier for tier in tiers if tiers.count(tier) > 1 and tier != "high")
        drawn = [one["id"] for one in record["firms"] if one["tier"] == twice][:2]
        asked = [ask(world, one).id for one in visits() if one.firm.uscc in drawn]
        order = next_in_order(visits()[0].draw, twice)
        actor = world.actor("head")
        db.session.remove()
        barrier = Barrier(2)

        def press(change_id: int) -> None:
            with app.app_context():
                scope_to(world.county)
                barrier.wait()
                changes.approve_withdrawal(actor, change_id, PASSWORD, AT_HOME)
                db.session.remove()

        threads = [Thread(target=press, args=(one,)) for one in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        came = {
            one.substitute.firm.uscc
            for one in db.session.query(DrawChange)
            if one.substitute is not None
        }
        assert came == set(order[:2])
        for one in db.session.query(DrawChange):
            found = changes.export_change(world.clerk, one.public_id)
            assert found is not None and verify_record(found) == []


def test_each_approval_decides_its_own_kind_only(world: World) -> None:
    first, second = visits()[:2]
    gone = ask(world, first)
    officer = member(world, second).officer_id
    ill = changes.request_replacement(world.clerk, second.id, officer, "sick_leave", "病假")
    head = world.actor("head")
    with pytest.raises(Fault) as refused:
        changes.approve_withdrawal(head, ill.id, PASSWORD, AT_HOME)
    assert refused.value.code == "change.not_found"
    with pytest.raises(Fault) as refused:
        changes.approve_replacement(head, gone.id, FRESH, WITNESS, PASSWORD, AT_HOME)
    assert refused.value.code == "change.not_found"
    assert [gone.state, ill.state] == ["requested", "requested"]


def test_firms_with_a_new_credit_code_are_found_under_the_drawn_one(world: World) -> None:
    """A code is mended after the draw: of the firm that is withdrawn, of the one that follows."""
    visit = of_tier()
    drawn, expected = visit.firm.uscc, next_in_order(visit.draw)[0]
    follower = db.session.query(Firm).filter_by(uscc=expected).one()
    with unit_of_work():
        for number, firm in enumerate((visit.firm, follower)):
            firm.former_usccs, firm.uscc = [firm.uscc], make_uscc(900 + number)
    other = next(one for one in visits() if one.id != visit.id)
    officer = member(world, other).officer_id
    changes.request_replacement(world.clerk, other.id, officer, "sick_leave", "病假")
    done = approve(world, ask(world, visit))
    assert done.substitute is not None and done.substitute.firm_id == follower.id
    record = changes.export_change(world.clerk, done.public_id)
    assert record is not None and record["firm"] == drawn and verify_record(record) == []
    shown = view_public_draw(visit.draw.public_id)
    assert visit.firm.name in {one.name for one in shown.firms.rows}


def test_nobody_serves_the_notice_of_a_withdrawn_visit(world: World) -> None:
    visit = of_tier()
    office = world.actor("office")
    made = make_draw_document(office, visit.draw_id, "notices", AT_HOME)
    approve(world, ask(world, visit, substitute=False))
    with pytest.raises(Fault) as refused:
        make_notice(office, visit.id, AT_HOME)
    assert refused.value.code == "inspection.withdrawn"
    left = make_draw_document(office, visit.draw_id, "notices", AT_HOME)
    assert len(left.papers) == len(made.papers) - 1

"""A draw is made again only with a reason, before anybody began, and by two people; the first one
stays with all it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.access import Role
from domain.errors import Fault
from server.accounts.models import Department, Jurisdiction, Person
from server.accounts.passwords import hash_password
from server.accounts.service import add_person
from server.db import db, scope_to, unit_of_work
from server.draws import ceremony
from server.draws import change_service as changes
from server.draws import service as draws
from server.draws.frame import frame_of
from server.draws.models import Draw, Redraw
from server.draws.task_list import list_task_rows
from server.fieldsync.service import list_proposals, verify_ledger
from server.inspections import service as inspections
from server.inspections.models import Inspection, TeamMember
from server.notifications.models import SideEffect
from server.planning.models import PlanTask
from tests.apps import Clock
from tests.integration.builders import Field
from tests.integration.draws.test_ceremony import refused, seated
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world
from tests.integration.fieldsync.phone import PASSWORD, Phone
from tests.statements import before_each

HEADS = ("head", "head2")


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield with_heads(build_world())


def with_heads(world: World) -> World:
    """Two heads of the bureau, and passwords for them and for the officers."""
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, world.county)
        home = work.get_one(Department, world.home)
        for account in HEADS:
            person = add_person(county, home, account, account, PASSWORD, [Role.UNIT_HEAD])
            world.people[account] = person.id
        for person in work.scalars(select(Person)):
            person.password_hash = hash_password(PASSWORD)
    return world


def draw(world: World, seed: str = SEED) -> Draw:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    return draws.run_draw(world.clerk, frozen.id, seed, SOURCE, PLANNED_ON)


def approve(world: World, redraw_id: int, who: str = "head", password: str = PASSWORD) -> Draw:
    return draws.approve_redraw(
        world.actor(who), redraw_id, password=password, reason="同意", address=""
    )


def phone_of(app: Flask, world: World, inspection: Inspection) -> Phone:
    """The phone of the team's first officer, who has pulled the visit."""
    officer = inspection.team[0].officer
    account = next(key for key, one in world.officers.items() if one == officer.id)
    field = Field(inspection_id=inspection.id, people=dict(world.people))
    return Phone(app, field, account)


def test_approved_redraw_keeps_the_first_draw_beside_the_second(world: World) -> None:
    first = draw(world)
    record, digest = dict(first.record or {}), first.pool_sha256
    asked = draws.request_redraw(world.clerk, first.id, "参会部门通知有误")
    assert first.state == "drawn", "nothing changes before the head has decided"
    approve(world, asked.id)
    (row,) = [r for r in list_task_rows(world.clerk, 2026) if r.task.id == world.joint_task]
    assert row.state == "waiting", "the task is free again"
    second = draw(world, "6 5 4 3 2 1 6 5")
    assert (first.state, second.state) == ("superseded", "drawn")
    assert second.replaces_id == first.id and second.public_id != first.public_id
    assert (first.record, first.pool_sha256, first.seed) == (record, digest, "35162441")
    assert draws.verify_stored(world.clerk, first.id) == []
    told = frame_of(first)
    assert told["replaced_by"] == second.public_id
    assert frame_of(second)["replaces"] == first.public_id
    assert told["redraw"]["reason"] == "参会部门通知有误"
    assert (told["redraw"]["requested_by"], told["redraw"]["approved_by"]) == ("办公室员", "head")
    listed = {one.public_id for one in draws.list_draws(world.clerk, world.joint_task)}
    assert listed == {first.public_id, second.public_id}
    numbers = list(db.session.scalars(select(Inspection.number)))
    assert len(numbers) == len(set(numbers))
    assert verify_ledger() == []


def test_visit_withdrawn_before_the_redraw_keeps_its_own_instant(
    world: World, clock: Clock
) -> None:
    first = draw(world)
    gone = inspections.list_of_draw(first.id)[0]
    asked = changes.request_withdrawal(world.clerk, gone.id, "deregistered", "已注销", False)
    changes.approve_withdrawal(world.actor("head"), asked.id, PASSWORD, "", "同意")
    at = gone.withdrawn_at
    clock.advance(minutes=5)
    approve(world, draws.request_redraw(world.clerk, first.id, "骰子不合规").id)
    times = [one.withdrawn_at for one in inspections.list_of_draw(first.id)]
    assert at is not None and times[0] == at
    assert all(one is not None and one > at for one in times[1:])


def test_redraw_closes_what_was_asked_of_the_first_draw_and_tells_who_asked(
    world: World,
) -> None:
    first = draw(world)
    one, other, third = inspections.list_of_draw(first.id)[:3]
    gone = changes.request_withdrawal(world.clerk, one.id, "deregistered", "已注销", True)
    officer = other.team[0].officer_id
    sick = changes.request_replacement(world.actor("lead"), other.id, officer, "sick_leave", "住院")
    dropped = changes.request_replacement(
        world.actor("lead"), third.id, third.team[0].officer_id, "sick_leave", "住院"
    )
    changes.drop_change(world.actor("lead"), dropped.id)
    assert changes.count_waiting(world.actor("head")) == 2
    approve(world, draws.request_redraw(world.clerk, first.id, "骰子不合规").id)
    for closed in (gone, sick):
        assert closed.state == "refused" and first.public_id in closed.decision
        assert "重抽" in closed.decision and closed.decided_at is not None
    assert dropped.state == "dropped", "what was decided before stays as it was"
    assert changes.count_waiting(world.actor("head")) == 0
    told = select(SideEffect.person_id).where(SideEffect.kind == "change.refused")
    assert set(db.session.scalars(told)) == {world.people["office"], world.people["lead"]}
    late = ("deregistered", "已注销", True)
    ask = changes.request_withdrawal
    assert refused(ask, world.clerk, one.id, *late) == "inspection.withdrawn"


def test_redraw_takes_a_few_statements_however_many_visits_there_are(app: Flask) -> None:
    said: list[object] = []
    with app.app_context():
        made = with_heads(build_world(firms=60, home_officers=6, other_officers=4))
        first = draw(made)
        visits = len(inspections.list_of_draw(first.id))
        asked = draws.request_redraw(made.clerk, first.id, "骰子不合规").id
        before_each(db.engine, lambda *_told: said.append(None))
        approve(made, asked)
        assert visits >= 18 and len(said) < 80
        assert {one.state for one in draws.list_draws(made.clerk)} == {"superseded"}
        assert verify_ledger() == []


def test_phones_let_go_of_the_first_draws_visits(sqlite_app: Flask, world: World) -> None:
    first = draw(world)
    visit = inspections.list_of_draw(first.id)[0]
    phone = phone_of(sqlite_app, world, visit)
    db.session.remove()
    phone.pull()
    assert f"insp:{visit_id(phone)}" in phone.cursor
    scope_to(world.county)
    approve(world, draws.request_redraw(world.clerk, first_id(world), "重抽").id)
    db.session.remove()
    body = {
        "device": phone.device, "epoch": phone.epoch, "schema": 1,
        "spaces": dict(phone.cursor), "limit": 500,
    }  # fmt: skip
    answer = phone.post("/api/v1/sync/pull", body).get_json()
    assert answer["scope"] == [f"user:{phone.field.people[phone.name]}"]
    assert {"space": phone.field.space, "why": "reassigned"} in answer["left"]
    gone = {r["id"] for r in answer["pages"][answer["scope"][0]]["rows"] if r.get("gone")}
    assert f"assignment:{visit_id(phone)}" in gone
    scope_to(world.county)
    assert inspections.list_of_day(world.clerk, PLANNED_ON) == []
    assert inspections.list_inspections(world.clerk).total == 0
    assert inspections.list_sheet_overviews(world.clerk) == []
    with pytest.raises(Fault):  # the QR code on a phone that has not heard yet
        inspections.look_up(inspections.door_token(visit_id(phone)))


def visit_id(phone: Phone) -> int:
    return phone.field.inspection_id


def first_id(world: World) -> int:
    return db.session.scalars(select(Draw.id).order_by(Draw.id)).first() or 0


def test_what_was_recorded_without_a_signal_is_kept_for_the_office(
    sqlite_app: Flask, world: World
) -> None:
    first = draw(world)
    visit = inspections.list_of_draw(first.id)[0]
    phone = phone_of(sqlite_app, world, visit)
    late = phone.set("REP-01", {"value": "fail", "note": "无维修记录"})
    approve(world, draws.request_redraw(world.clerk, first.id, "重抽").id)
    db.session.remove()
    told = phone.result(late)
    assert told["status"] == "forbidden" and told["proposal"]
    scope_to(world.county)
    kept = [one for one in list_proposals(world.clerk, visit_id(phone)) if one.op == late["op"]]
    assert [one.payload["fields"] for one in kept] == [{"value": "fail", "note": "无维修记录"}]
    assert verify_ledger() == []


def test_nothing_is_drawn_again_once_an_inspection_has_begun(
    sqlite_app: Flask, world: World
) -> None:
    first = draw(world)
    asked = draws.request_redraw(world.clerk, first.id, "重抽").id
    visit = inspections.list_of_draw(first.id)[0]
    phone = phone_of(sqlite_app, world, visit)
    op = phone.set("REP-01", {"value": "pass"})
    db.session.remove()
    assert phone.result(op)["status"] == "applied"
    scope_to(world.county)
    assert refused(approve, world, asked) == "redraw.begun"
    db.session.rollback()
    stored = db.session.get_one(Draw, first_id(world))
    assert stored.state == "drawn" and db.session.get_one(Redraw, asked).decision == ""
    left = select(func.count()).select_from(TeamMember).where(TeamMember.removed_at.is_not(None))
    assert db.session.scalar(left) == 0
    draws.refuse_redraw(
        world.actor("head"), asked, password=PASSWORD, reason="已开始检查", address=""
    )
    again = refused(draws.request_redraw, world.clerk, stored.id, "再申请")
    assert again == "redraw.begun"


def test_the_head_decides_and_never_who_asked(world: World) -> None:
    first = draw(world)
    assert refused(draws.request_redraw, world.clerk, first.id, "  ") == "request.missing_field"
    asked = draws.request_redraw(world.clerk, first.id, "重抽").id
    assert refused(draws.request_redraw, world.clerk, first.id, "再来") == "redraw.open"
    assert refused(approve, world, asked, "office") == "redraw.own_request"
    assert refused(approve, world, asked, "lead") == "access.denied"
    assert refused(approve, world, asked, "head", "wrong") == "account.password_wrong"
    with unit_of_work() as work:
        work.get_one(Redraw, asked).requested_by = world.people["head"]
    assert refused(approve, world, asked, "head") == "redraw.own_request"
    approve(world, asked, "head2")
    assert refused(approve, world, asked, "head2") == "redraw.decided"


def test_refused_request_stays_and_the_draw_stands(world: World) -> None:
    first = draw(world)
    asked = draws.request_redraw(world.clerk, first.id, "结果不满意").id
    head, said = world.actor("head"), {"password": PASSWORD, "address": ""}
    empty = refused(draws.refuse_redraw, head, asked, reason=" ", **said)
    assert empty == "request.missing_field"
    draws.refuse_redraw(head, asked, reason="理由不充分", **said)
    assert db.session.get_one(Draw, first.id).state == "drawn"
    kept = db.session.get_one(Redraw, asked)
    assert (kept.decision, kept.decision_reason) == ("refused", "理由不充分")
    assert frame_of(first)["redraw"] is None


def test_pool_whose_dice_were_begun_is_given_up_by_the_head_alone(world: World) -> None:
    draw_id = seated(world)
    nothing = refused(draws.request_redraw, world.clerk, draw_id, "重抽")
    assert nothing == "redraw.not_possible"
    ceremony.add_rolls(world.clerk, draw_id, "35162441", 0)
    ceremony.close_dice(world.clerk, draw_id)
    asked = draws.request_redraw(world.clerk, draw_id, "骰子损坏").id
    assert refused(draws.run_ceremony, world.clerk, draw_id, PLANNED_ON) == "redraw.open"
    approve(world, asked)
    kept = db.session.get_one(Draw, draw_id)
    assert (kept.state, kept.reason, len(kept.ceremony["rolls"])) == ("withdrawn", "骰子损坏", 8)
    assert draws.freeze_pool(world.clerk, world.joint_task).id != draw_id


@pytest.mark.parametrize("times", [1, 2])
def test_draws_that_stand_are_never_more_than_the_plan_says(world: World, times: int) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.joint_task).times_per_year = times
    for _round in range(times + 2):
        try:
            drawn = draw(world)
        except Fault as fault:
            assert fault.code == "draw.already_drawn"
            first = db.session.get_one(Draw, first_standing(world))
            approve(world, draws.request_redraw(world.clerk, first.id, "重抽").id)
        else:
            assert drawn.state == "drawn"
        assert standing(world) <= times
    while standing(world) < times:
        draw(world)
    assert refused(draws.freeze_pool, world.clerk, world.joint_task) == "draw.already_drawn"


def standing(world: World) -> int:
    query = select(func.count()).select_from(Draw)
    query = query.where(Draw.task_id == world.joint_task, Draw.state == "drawn")
    return db.session.scalar(query) or 0


def first_standing(world: World) -> int:
    query = select(Draw.id).where(Draw.task_id == world.joint_task, Draw.state == "drawn")
    return db.session.scalars(query.order_by(Draw.id)).first() or 0


def test_draw_that_came_from_elsewhere_since_the_freeze_counts(world: World) -> None:
    """A frozen pool promises nothing: the plan's number holds for all draws of the task."""
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    with unit_of_work() as work:
        work.add(
            Draw(
                jurisdiction_id=world.county, public_id="official-1", task_id=world.joint_task,
                state="drawn", pool="{}", pool_sha256="0" * 64, frozen_at=frozen.frozen_at,
            )
        )  # fmt: skip
    run: Any = (world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    assert refused(draws.run_draw, *run) == "draw.already_drawn"


def test_two_heads_at_once_approve_once(app: Flask) -> None:
    with app.app_context():
        world = with_heads(build_world())
        asked = draws.request_redraw(world.clerk, draw(world).id, "重抽").id
        heads = [world.actor(one) for one in HEADS]
        db.session.remove()
    codes: list[str] = []
    gate = Barrier(2)

    def click(head: Any) -> None:
        with app.app_context():
            gate.wait()
            try:
                draws.approve_redraw(head, asked, password=PASSWORD, reason="", address="")
                codes.append("approved")
            except Fault as fault:
                codes.append(fault.code)
            finally:
                db.session.remove()

    clicks = [Thread(target=click, args=(head,)) for head in heads]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(codes) == ["approved", "redraw.decided"]


@pytest.mark.both
def test_requests_and_approvals_beside_a_redraw_leave_nothing_that_waits(app: Flask) -> None:
    """Whoever comes first: no two wait for each other, and nothing stays open of the first draw."""
    with app.app_context():
        world = with_heads(build_world())
        first = draw(world).id
        visits = [(one.id, one.team[0].officer_id) for one in inspections.list_of_draw(first)[:3]]
        gone = changes.request_withdrawal(world.clerk, visits[0][0], "deregistered", "已注销", True)
        asked, gone_id = draws.request_redraw(world.clerk, first, "重抽").id, gone.id
        head, head2, lead, clerk = (world.actor(one) for one in (*HEADS, "lead", "office"))
        db.session.remove()
    deeds: list[Callable[[], object]] = [
        lambda: draws.approve_redraw(head, asked, password=PASSWORD, reason="", address=""),
        lambda: changes.approve_withdrawal(head2, gone_id, PASSWORD, ""),
        lambda: changes.request_replacement(lead, *visits[1], "sick_leave", "住院"),
        lambda: changes.request_withdrawal(clerk, visits[2][0], "moved_out", "已迁出", False),
    ]
    gate, broken = Barrier(len(deeds)), []

    def click(deed: Callable[[], object]) -> None:
        with app.app_context():
            scope_to(world.county)
            gate.wait()
            try:
                deed()
            except Fault as fault:  # too late is an answer, a wait without end is none
                if fault.code not in ("inspection.withdrawn", "change.wrong_state"):
                    broken.append(fault.code)
            except Exception as error:
                broken.append(repr(error))
            finally:
                db.session.remove()

    clicks = [Thread(target=click, args=(deed,)) for deed in deeds]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(60)
    assert broken == [] and not any(one.is_alive() for one in clicks)
    with app.app_context():
        scope_to(world.county)
        assert db.session.get_one(Draw, first).state == "superseded"
        assert [one for one in changes.list_of_draw(first) if one.state == "requested"] == []
        assert verify_ledger() == []

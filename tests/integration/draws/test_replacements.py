"""An officer who cannot go is replaced by lot, on record, and the phones hear of it (R049)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask

from domain.draw_files import verify_record
from domain.errors import Fault
from server.accounts.models import Person
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.draws import change_service as changes
from server.draws.change_models import DrawChange
from server.fieldsync.service import read_sheet, verify_ledger
from server.inspections.door import door_token, look_up
from server.inspections.publishing import active_team
from server.notifications.models import SideEffect
from server.registry.models import Officer
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
from tests.integration.draws.world import World


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield build_drawn()


def ask(world: World, who: str = "lead", words: str = "本人申请回避") -> DrawChange:
    leaves = member(world, visits()[0])
    return changes.request_replacement(
        world.actor(who), visits()[0].id, leaves.officer_id, "recusal", words
    )


def approve(world: World, change: DrawChange, who: str = "head", seed: str = FRESH) -> DrawChange:
    return changes.approve_replacement(
        world.actor(who), change.id, seed, WITNESS, PASSWORD, AT_HOME, "同意"
    )


def code(refused: pytest.ExceptionInfo[Fault]) -> str:
    return refused.value.code


def test_replacement_takes_the_place_with_the_lead_and_verifies(world: World) -> None:
    change = ask(world)
    left = change.officer_id
    frozen = change.pool_sha256
    done = approve(world, change)
    visit = visits()[0]
    lead = member(world, visit)
    assert lead.officer_id == done.joined_id != left
    assert len([one for one in active_team(visit) if one.department_id == world.home]) == 2
    record = changes.export_change(world.clerk, done.public_id)
    assert record is not None and record["pool_sha256"] == frozen
    assert verify_record(json.loads(json.dumps(record))) == []
    lots = [one["ticket"] for one in record["tickets"]]
    assert lots == sorted(lots) and record["tickets"][0]["id"] == record["joins"]
    actions = {one.action for one in db.session.query(AuditEvent)}
    assert {"change.requested", "change.approved"} <= actions
    assert verify_ledger() == []


def test_every_excluded_candidate_has_its_reason(world: World) -> None:
    visit = visits()[0]
    idle = [
        officer_id
        for name, officer_id in world.officers.items()
        if name.startswith("tr") and officer_id not in {one.officer_id for one in visit.team}
    ]
    with unit_of_work() as work:
        work.get_one(Officer, idle[0]).cert_expires_on = date(2026, 3, 8)  # the day before
        work.get_one(Officer, idle[1]).recused_firm_ids = [visit.firm_id]
    change = ask(world)
    bars = {one.key: one.bar for one in changes.list_candidates(world.clerk, change)}
    assert bars[f"officer-{idle[0]}"] == "certificate"
    assert bars[f"officer-{idle[1]}"] == "recused"
    assert {bars[f"officer-{one.officer_id}"] for one in visit.team
            if one.department_id == world.home} == {"team"}  # fmt: skip
    assert bars[f"officer-{idle[2]}"] is None
    done = approve(world, change)
    assert done.joined_id == idle[2]


def test_department_without_anybody_else_cannot_ask(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        world = build_drawn(home_officers=2)
        with pytest.raises(Fault) as refused:
            ask(world)
        assert code(refused) == "change.none_eligible"
        assert db.session.query(DrawChange).count() == 0


def test_phones_hear_who_left_and_who_joined(sqlite_app: Flask, world: World) -> None:
    app = sqlite_app
    visit = visits()[0]
    space = visit.space
    leaving = account_of(world, member(world, visit).officer_id)
    staying = account_of(world, member(world, visit, is_lead=False).officer_id)
    old, colleague = phone_of(app, world, leaving, visit), phone_of(app, world, staying, visit)
    old.pull()
    colleague.pull()
    assert space in old.cursor
    before = old.set("REP-01", {"value": "pass"})
    assert old.result(before)["status"] == "applied"
    offline = old.set("REP-02", {"value": "fail", "note": "离线填写"})
    done = approve(world, ask(world))
    joined = account_of(world, done.joined_id or 0)
    new = phone_of(app, world, joined, visit)
    assert space in new.pull()["scope"]
    head = new.rows[f"{space} inspection:{visits()[0].id}"]["fields"]
    assert done.joined_id in {one["officer_id"] for one in head["team"]}
    assert done.officer_id not in {one["officer_id"] for one in head["team"]}
    told = pulled(old)
    assert told["left"] == [{"space": space, "why": "reassigned"}]
    # what was recorded before stays; what comes now ends where late work ends
    late = old.result(offline)
    assert late["status"] == "forbidden" and late["proposal"]
    answers = read_sheet(visits()[0].id, "tr").answers
    assert answers["REP-01"].fields["value"] == "pass" and "REP-02" not in answers
    colleague.pull()
    team = colleague.rows[f"{space} inspection:{visits()[0].id}"]["fields"]["team"]
    assert done.joined_id in {one["officer_id"] for one in team}
    taken_up = new.set("REP-02", {"value": "pass"})
    assert new.result(taken_up)["status"] == "applied"
    assert verify_ledger() == []


def test_firm_at_its_door_sees_who_comes_now(world: World) -> None:
    done = approve(world, ask(world))
    assert done.joined is not None and done.officer is not None
    names = {one.officer.name for one in look_up(door_token(done.inspection_id)).callers}
    assert done.joined.name in names and done.officer.name not in names


def test_everybody_concerned_is_told(world: World) -> None:
    change = ask(world)
    approve(world, change)
    told = {(one.kind, one.person_id) for one in db.session.query(SideEffect)}
    people = world.people
    assert ("change.requested", people["head"]) in told
    assert ("change.approved", people["lead"]) in told
    assert ("team.replaced", people["office"]) in told
    officers = {
        kind: db.session.get_one(Officer, one).person_id
        for kind, one in (("team.left", change.officer_id), ("team.joined", change.joined_id))
    }
    assert set(officers.items()) <= told


def test_who_asks_does_not_decide_and_only_the_unit_head_does(world: World) -> None:
    change = ask(world)
    for who, expected in (
        ("lead", "change.own_request"),
        ("office", "access.denied"),
        ("mr_head", "access.denied"),
    ):
        with pytest.raises(Fault) as refused:
            approve(world, change, who)
        assert code(refused) == expected
    with pytest.raises(Fault) as refused:
        changes.approve_replacement(
            world.actor("head"), change.id, FRESH, WITNESS, "wrong password", AT_HOME
        )
    assert code(refused) == "account.password_wrong"
    assert db.session.get_one(DrawChange, change.id).state == "requested"


def test_lead_asks_for_the_own_department_only(world: World) -> None:
    leaves = member(world, visits()[0])
    with pytest.raises(Fault) as refused:
        changes.request_replacement(
            world.actor("mr_lead"), visits()[0].id, leaves.officer_id, "sick_leave", "发热"
        )
    assert code(refused) == "access.denied"


def test_refused_and_dropped_requests_stay_on_record_and_change_nothing(world: World) -> None:
    first = ask(world)
    before = [one.officer_id for one in active_team(visits()[0])]
    with pytest.raises(Fault) as refused:
        ask(world)  # one at a time
    assert code(refused) == "change.open"
    changes.refuse_change(world.actor("head"), first.id, "可以调整日期")
    second = ask(world)
    with pytest.raises(Fault) as refused:
        changes.drop_change(world.clerk, second.id)
    assert code(refused) == "access.denied"
    changes.drop_change(world.actor("lead"), second.id)
    with pytest.raises(Fault) as refused:
        approve(world, second)
    assert code(refused) == "change.wrong_state"
    assert [one.officer_id for one in active_team(visits()[0])] == before
    states = [one.state for one in changes.list_of_inspection(visits()[0].id)]
    assert states == ["refused", "dropped"]
    assert changes.list_public_changes(visits()[0].draw) == []


def test_candidates_that_changed_since_are_not_drawn_from(world: World) -> None:
    change = ask(world)
    with unit_of_work() as work:
        idle = next(
            one
            for one in work.query(Officer).filter_by(department_id=world.home)
            if one.id not in {m.officer_id for m in visits()[0].team}
        )
        idle.is_active = False
    with pytest.raises(Fault) as refused:
        approve(world, change)
    assert code(refused) == "change.pool_changed"
    assert db.session.get_one(DrawChange, change.id).seed is None


def test_seed_that_decided_before_is_refused(world: World) -> None:
    change = ask(world)
    with pytest.raises(Fault) as refused:
        approve(world, change, seed="3,5,1,6,2,4,4,1")  # the draw's own
    assert code(refused) == "change.seed_reused"
    with pytest.raises(Fault) as refused:
        approve(world, change, seed="123")
    assert code(refused) == "draw.seed_required"


def test_submitted_sheet_keeps_its_officers(world: World) -> None:
    change = ask(world)
    with unit_of_work():
        for sheet in visits()[0].sheets:
            if sheet.department_id == world.home:
                sheet.state = "submitted"
    for deed in (lambda: approve(world, change), lambda: ask(world)):
        with pytest.raises(Fault) as refused:
            deed()
        assert code(refused) == "change.sheet_submitted"


def test_published_change_carries_keys_and_a_category_and_no_words(world: World) -> None:
    done = approve(world, ask(world, words="与法人代表系同学"))
    (told,) = changes.list_public_changes(visits()[0].draw)
    assert told["kind"] == "replacement" and told["reason"] == "recusal"
    assert told["leaves"] == f"officer-{done.officer_id}"
    assert told["joins"] == f"officer-{done.joined_id}"
    assert told["department"] == "交通运输局" and told["on"] == "2026-03-04"
    assert "同学" not in json.dumps(told, ensure_ascii=False)
    names = [one.name for one in db.session.query(Person)]
    assert not any(name in json.dumps(told, ensure_ascii=False) for name in names)


def test_two_heads_at_once_replace_once(app: Flask) -> None:
    with app.app_context():
        _two_at_once(app, build_drawn())


def _two_at_once(app: Flask, world: World) -> None:
    change = ask(world)
    change_id, actor = change.id, world.actor("head")
    db.session.remove()
    barrier, outcomes = Barrier(2), []

    def press(seed: str) -> None:
        with app.app_context():
            scope_to(world.county)
            barrier.wait()
            try:
                changes.approve_replacement(actor, change_id, seed, WITNESS, PASSWORD, AT_HOME)
                outcomes.append("approved")
            except Fault as refused:
                outcomes.append(refused.code)
            finally:
                db.session.remove()

    threads = [Thread(target=press, args=(seed,)) for seed in ("11112222", "33334444")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["approved", "change.wrong_state"]
    home = [one for one in active_team(visits()[0]) if one.department_id == world.home]
    assert len(home) == 2

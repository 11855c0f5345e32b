"""What the machine meets by chance, on purpose: late answers, gaps, forks, sets one adds to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.model import acts
from tests.model.at_rest import settle
from tests.model.breach import Breach
from tests.model.broken_phones import TakesLateAnswers
from tests.model.house import House, defects
from tests.model.phone import Phone
from tests.model.world import World

Begin = Callable[..., World]


@pytest.fixture
def begin(house: House) -> Iterator[Begin]:
    """A run whose steps the test takes itself."""
    with defects(house):
        yield lambda stage="fresh", phone=Phone: World(house, phone, stage)


@pytest.fixture
def begin_on_postgres(postgres_house: House) -> Iterator[Begin]:
    """The same on PostgreSQL."""
    with defects(postgres_house):
        yield lambda stage="fresh": World(postgres_house, Phone, stage)


def value_of(phone: Phone, entity: str = "answer:tr/PAX-01") -> object:
    row = phone.shown(entity)
    return row["fields"].get("value") if row else None


def status_of(world: World, op: str) -> str:
    world.look()
    return str(world.witness.receipts[op].status)


def _delayed(world: World, phone: Phone) -> Callable[[], bool]:
    """Asks now; what it answers hands the phone the late answer."""
    asked = phone.ask(500)
    status, raw = world.send_pull(phone, asked.body)
    return lambda: phone.hear_pull(asked, status, raw)


@pytest.mark.proves("I14", "F6")
def test_late_pull_answer_takes_nothing_back(begin: Begin) -> None:
    world = begin()
    wang, li = world.phones[:2]
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    arrive = _delayed(world, li)
    wang.set_answer("answer:tr/PAX-01", {"value": "fail"})
    world.sync(wang)
    world.sync(li)
    before = li.snapshot()
    arrive()
    assert value_of(li) == "fail" and li.snapshot() == before
    settle(world)


@pytest.mark.proves("I14", "F6")
def test_phone_that_takes_a_late_answer_shows_what_was(begin: Begin) -> None:
    world = begin(phone=TakesLateAnswers)
    wang, li = world.phones[:2]
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    arrive = _delayed(world, li)
    wang.set_answer("answer:tr/PAX-01", {"value": "fail"})
    world.sync(wang)
    world.sync(li)
    with pytest.raises(Breach, match="I14"):
        arrive()


@pytest.mark.proves("I14", "F6 F29")
def test_answer_of_an_older_history_is_none(begin: Begin) -> None:
    world = begin()
    wang, li = world.phones[:2]
    world.back_up()
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    arrive = _delayed(world, li)
    world.restore_server()
    world.sync(li)
    arrive()
    assert value_of(li) is None
    settle(world)
    assert value_of(li) == "pass"  # wang's phone still had it


@pytest.mark.proves("I12", "F1 F9")
def test_later_half_waits_for_the_half_that_was_lost(begin: Begin) -> None:
    world = begin()
    wang = world.phones[0]
    ops = [wang.set_answer("answer:tr/PAX-01", {"note": str(n)})["op"] for n in range(4)]
    acts.push(world, wang, "first lost", at=0)
    assert [status_of(world, op) for op in ops[2:]] == ["held", "held"]
    assert wang.offer_from == 1 and world.witness.state[wang.space].get("answer:tr/PAX-01") is None
    world.send_push(world.flying[0])  # the proxy delivers it after all, and nobody hears
    assert [status_of(world, op) for op in ops] == ["applied"] * 4
    settle(world)
    shown = wang.shown("answer:tr/PAX-01")
    assert shown and shown["fields"]["note"] == "3" and shown["siblings"] == []


@pytest.mark.proves("I1 I12", "F17")
def test_number_that_is_gone_is_reported_and_the_rest_goes_on(begin: Begin) -> None:
    world = begin()
    wang = world.phones[0]
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    later = wang.set_answer("answer:tr/PAX-02", {"note": "后"})["op"]
    world.evict(wang, 1)
    world.sync(wang)
    assert status_of(world, later) == "applied"
    lost = [one for one in world.witness.receipts.values() if one.kind == "device.lost"]
    assert [one.seq for one in lost] == [1]
    settle(world)


@pytest.mark.proves("I12", "F15")
def test_held_operation_of_a_phone_that_forgot_it_is_released_by_the_lead(begin: Begin) -> None:
    world = begin()
    wang = world.phones[0]
    empty = wang.snapshot()
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    held = wang.set_answer("answer:tr/PAX-02", {"note": "后"})["op"]
    acts.push(world, wang, "first lost", at=0)
    world.put_back(wang, empty)
    assert status_of(world, held) == "held"
    world.house.release_waiting()
    assert status_of(world, held) == "applied"
    settle(world)


@pytest.mark.proves("I1 I2 I9", "F15 F16")
def test_clone_renames_itself_and_both_phones_work_is_kept(begin: Begin) -> None:
    world = begin()
    wang = world.phones[0]
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    world.clone(wang)
    twin = world.phones[3]
    mine = wang.set_answer("answer:tr/PAX-02", {"note": "甲"})["op"]
    theirs = twin.set_answer("answer:tr/PAX-03", {"value": "台账齐全"})["op"]
    world.sync(wang)
    device = twin.kept.device
    world.sync(twin)
    assert twin.kept.device != device and wang.kept.device == device
    settle(world)
    assert status_of(world, mine) == status_of(world, theirs) == "applied"


def _add_everything(world: World, phone: Phone) -> list[str]:
    field = world.house.field
    for what in ("attach", "sign", "checkin"):
        acts.add_evidence(phone, field, what, 0)
    return [entry.op["op"] for entry in phone.in_order()]


@pytest.mark.proves("I2 I21", "F2 F4 F5 F9")
def test_evidence_that_comes_again_is_there_once(begin: Begin) -> None:
    world = begin()
    wang, li = world.phones[:2]
    ops = _add_everything(world, wang)
    acts.push(world, wang, "twice", at=0)
    acts.push(world, wang, "answer lost", at=0)
    world.sync(wang)
    world.send_push(world.flying[0])
    settle(world)
    assert [status_of(world, op) for op in ops] == ["applied"] * 3
    kinds = [
        row["t"] for row in li.rows_here().values() if row["t"] in ("photo", "signature", "checkin")
    ]
    assert sorted(kinds) == ["checkin", "photo", "signature"]


@pytest.mark.proves("I8", "F22")
def test_removed_photo_comes_back_only_by_one_who_knew(begin: Begin) -> None:
    world = begin()
    wang, li = world.phones[:2]
    acts.add_evidence(wang, world.house.field, "attach", 0)
    world.sync(wang)
    world.sync(li)
    acts.add_evidence(li, world.house.field, "remove", 0)
    world.sync(li)
    wang.clock_days = 400
    acts.add_evidence(wang, world.house.field, "attach", 0)  # has not seen the removal
    unseen = wang.in_order()[-1].op["op"]
    world.sync(wang)
    assert status_of(world, unseen) == "conflict"
    acts.add_evidence(wang, world.house.field, "attach", 0)
    world.sync(wang)
    assert status_of(world, wang.in_order()[-1].op["op"]) == "applied"
    settle(world)


@pytest.mark.proves("I4 I27", "F33 F34")
def test_work_made_before_leaving_the_team_or_the_lock_becomes_a_proposal(begin: Begin) -> None:
    world = begin("entered")
    wang, li = world.phones[:2]
    late = wang.set_answer("answer:tr/PAX-01", {"value": "fail"})["op"]
    world.house.assign("li", is_on_team=False)
    gone = li.set_answer("answer:tr/PAX-02", {"note": "离队前"})["op"]
    world.sync(wang)
    world.sync(li)
    assert (status_of(world, late), status_of(world, gone)) == ("rejected_locked", "forbidden")
    assert li.rows_here() == {}
    settle(world)


@pytest.mark.proves("I1 I2 I16 I20 I21", "F29")
def test_everything_since_the_backup_comes_again_after_a_restore(begin_on_postgres: Begin) -> None:
    world = begin_on_postgres()
    wang, li = world.phones[:2]
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    world.back_up()
    world.sync(wang)
    assert wang.in_order() == []  # the backup covers it
    for phone, note in ((wang, "甲"), (li, "乙")):
        phone.set_answer("answer:tr/PAX-03", {"note": note})
        world.sync(phone)
    world.restore_server()
    assert "answer:tr/PAX-03" not in world.witness.state[wang.space]
    settle(world)
    shown = li.shown("answer:tr/PAX-03")
    assert shown and len(shown["siblings"]) == 1 and value_of(li) == "pass"


def test_phone_that_missed_its_new_name_is_told_again_before_it_lets_anything_go(
    begin: Begin,
) -> None:
    world = begin()
    wang = world.phones[0]
    before = wang.snapshot()
    wang.set_answer("answer:tr/PAX-01", {"value": "pass"})
    world.sync(wang)
    world.put_back(wang, before)
    world.back_up()
    reused = wang.set_answer("answer:tr/PAX-02", {"note": "后"})["op"]
    acts.push(world, wang, "answer lost", at=0)
    device = wang.kept.device
    world.sync(wang)
    assert wang.kept.device != device and reused in wang.held_ids()
    world.restore_server()
    settle(world)
    assert status_of(world, reused) == "applied"


def test_number_that_waits_is_given_to_no_other_phone(begin: Begin) -> None:
    world = begin()
    wang = world.phones[0]
    world.clone(wang)
    twin = world.phones[3]
    for phone in (wang, twin):
        phone.set_answer("answer:tr/PAX-01", {"note": "一"})
        phone.set_answer("answer:tr/PAX-02", {"note": "二"})
    acts.push(world, wang, "first lost", at=0)
    device = twin.kept.device
    world.sync(twin)  # the witness looks for two operations under one number
    assert twin.kept.device != device
    settle(world)

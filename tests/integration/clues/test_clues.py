"""Reports of the public and what the office does with them, on both databases."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Actor
from domain.clues import (
    MAX_PER_ADDRESS,
    MAX_REFUSED,
    MAX_TRIES,
    ClueKind,
    ClueState,
    Deed,
    StepKind,
)
from domain.errors import Fault
from server.audit.models import AuditEvent
from server.clues import service
from server.clues.models import Clue, ClueAttempt, ClueStep
from server.clues.overview import Wanted, count_clues, list_clues
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.runtime import today
from tests.apps import Clock
from tests.integration.builders import Field
from tests.integration.clues.conftest import CONTACT, WHAT, Tell, photo

FORBIDDEN = {
    "DELETE FROM clues": "clues.kept",
    "UPDATE clues SET what = ''": "clues.kept",
    "UPDATE clues SET contact = ''": "clues.kept",
    "UPDATE clues SET state = 'merged'": "ck_clues_m",
    "UPDATE clues SET state = 'closed'": "ck_clues_an",
    "DELETE FROM clue_steps": "clue_steps.append_only",
    "UPDATE clue_steps SET person_id = 1": "clue_steps.append_only",
    "DELETE FROM clue_papers": "clue_papers.append_only",
    "UPDATE clue_papers SET sha256 = ''": "clue_papers.append_only",
}
FINISHED = Deed(StepKind.FINISH, reason="已立案", answer="已依法立案查处，感谢您的监督。")


def clue(number: str = "XS2026-0001") -> Clue:
    db.session.expire_all()
    return db.session.scalars(select(Clue).where(Clue.number == number)).one()


def do(actor: Actor, deed: Deed, number: str = "XS2026-0001") -> Clue:
    return service.handle(actor, clue(number).id, deed, clue(number).revision)


def assigned(field: Field, code: str) -> Deed:
    query = "SELECT department_id FROM sheets WHERE code = :code"
    found = db.session.scalar(text(query), {"code": code})
    return Deed(StepKind.ASSIGN, department_id=found)


def refusal(call: object, *args: object) -> str:
    with pytest.raises(Fault) as refused:
        call(*args)  # type: ignore[operator]
    db.session.rollback()
    return refused.value.code


def test_a_report_becomes_a_clue_with_its_photo_and_where_it_was_taken(
    app: Flask, field: Field, tell: Tell
) -> None:
    with app.app_context():
        told = tell(files=[io.BytesIO(photo())], contact=CONTACT)
        assert told.number == "XS2026-0001"
        found = clue()
        assert (found.state, found.what, found.contact) == ("received", WHAT, CONTACT)
        assert found.accept_by > today()
        (paper,) = found.papers
        assert (paper.lat_e7, paper.lng_e7) == (355000000, 1124000000)
        assert paper.taken == "2026:03:02 20:15:00"
        office = field.actor("office")
        view = service.get_evidence_view(office, found.id, paper.id, is_small=True)
        assert view.startswith(b"\xff\xd8") and b"GPS" not in view and b"2026:03" not in view
        assert told.code not in json.dumps([found.code_sha256, found.key])


def test_the_same_form_sent_twice_at_once_is_one_clue(app: Flask, tell: Tell) -> None:
    once = "A" * 22

    def send(_time: int) -> service.Received:
        with app.app_context():
            return tell(once=once, files=[io.BytesIO(photo())])

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    with app.app_context():
        assert first == second
        assert len(db.session.scalars(select(Clue)).all()) == 1
        other = tell(once=once, files=[io.BytesIO(photo())], place="桥头")
        assert other.number == "XS2026-0002" and other.code != first.code


def test_a_photo_chosen_twice_is_one_photo_of_the_report(app: Flask, tell: Tell) -> None:
    with app.app_context():
        tell(files=[io.BytesIO(one) for one in (photo(), photo(place=False), photo())])
        assert [one.taken for one in clue().papers] == ["2026:03:02 20:15:00", ""]


def test_what_is_no_picture_stores_nothing(app: Flask, tell: Tell) -> None:
    with app.app_context():
        bad = {"files": [io.BytesIO(photo()), io.BytesIO(b"MZ")]}
        assert refusal(lambda: tell(**bad)) == "document.unknown_type"
        many = {"files": [io.BytesIO(photo())] * 7}
        assert refusal(lambda: tell(**many)) == "clue.too_many_files"
        assert db.session.scalars(select(Clue)).all() == []


def test_an_address_reports_so_often_a_day_and_the_next_day_again(
    app: Flask, tell: Tell, clock: Clock
) -> None:
    with app.app_context():
        last = {"once": "B" * 22}
        for _time in range(MAX_PER_ADDRESS - 1):
            tell()
        known = tell(**last)
        assert refusal(tell) == "clue.too_many"
        assert tell(**last) == known, "what was taken is answered again"
        tell(address="192.0.2.8")
        assert all("192.0.2" not in one.key for one in db.session.scalars(select(ClueAttempt)))
        clock.advance(days=1, minutes=1)
        tell()
        assert len(db.session.scalars(select(ClueAttempt)).all()) == 1


def test_bad_files_are_not_sent_without_end(app: Flask, tell: Tell) -> None:
    with app.app_context():
        for _time in range(MAX_REFUSED):
            assert refusal(partial(tell, files=[io.BytesIO(b"MZ")])) == "document.unknown_type"
        assert refusal(tell) == "clue.too_many"
        assert tell(address="192.0.2.8").number == "XS2026-0001"


def test_the_reporter_alone_sees_where_it_stands(app: Flask, field: Field, tell: Tell) -> None:
    with app.app_context():
        told, county = tell(), field.jurisdiction_id
        seen = service.follow(county, "xs2026-0001", told.code.lower(), "192.0.2.9")
        assert (seen.state, seen.answer) == (ClueState.RECEIVED, "")
        other = tell()
        for number, code in ((told.number, other.code), ("XS2026-0009", told.code)):
            assert refusal(service.follow, county, number, code, "192.0.2.9") == "clue.wrong_code"
        office = field.actor("office")
        do(office, Deed(StepKind.ACCEPT))
        do(office, FINISHED)
        seen = service.follow(county, told.number, told.code, "192.0.2.9")
        assert (seen.state, seen.answer) == (ClueState.CLOSED, FINISHED.answer)
        do(office, Deed(StepKind.REOPEN, reason="又有新情况"))
        seen = service.follow(county, told.number, told.code, "192.0.2.9")
        assert (seen.state, seen.answer) == (ClueState.ACCEPTED, "")


def test_codes_are_not_tried_without_end(app: Flask, field: Field, tell: Tell) -> None:
    with app.app_context():
        told, county = tell(), field.jurisdiction_id
        for _time in range(MAX_TRIES):
            refusal(service.follow, county, told.number, "AAAA", "192.0.2.9")
        tried = (county, told.number, told.code)
        assert refusal(service.follow, *tried, "192.0.2.9") == "clue.too_many_tries"
        assert service.follow(*tried, "192.0.2.10").number == told.number


def test_a_merged_report_is_answered_with_the_one_it_was_merged_into(
    app: Flask, field: Field, tell: Tell
) -> None:
    with app.app_context():
        tell()
        second, office = tell(), field.actor("office")
        merge = Deed(StepKind.MERGE, into="XS2026-0001")
        assert refusal(do, office, merge) == "clue.merge_target"
        do(office, merge, "XS2026-0002")
        back = Deed(StepKind.MERGE, into="XS2026-0002")
        assert refusal(do, office, back) == "clue.merge_target"
        do(office, Deed(StepKind.ACCEPT))
        do(office, FINISHED)
        seen = service.follow(field.jurisdiction_id, second.number, second.code, "192.0.2.9")
        assert seen.is_merged and seen.answer == FINISHED.answer


@pytest.mark.both
def test_terms_run_in_working_days_from_receipt_and_from_acceptance(
    app: Flask, field: Field, tell: Tell, clock: Clock
) -> None:
    with app.app_context():
        tell()
        office = field.actor("office")
        assert clue().accept_by.isoformat() == "2026-03-13", "seven working days"
        assert count_clues(office)["overdue"] == 0
        clock.advance(days=10)
        assert count_clues(office)["overdue"] == 1
        (line,) = list_clues(office, Wanted(state="overdue")).rows
        assert line.is_overdue
        do(office, Deed(StepKind.ACCEPT))
        assert count_clues(office)["overdue"] == 0
        assert clue().finish_by is not None and clue().finish_by > today() + timedelta(days=80)


def test_whose_it_is_says_the_home_office_and_that_department_deals_with_it(
    app: Flask, field: Field, tell: Tell
) -> None:
    with app.app_context():
        tell(contact=CONTACT)
        office, partner = field.actor("office"), partner_office(field)
        assert refusal(service.get_clue, partner, clue().id) == "access.denied"
        assert list_clues(partner, Wanted()).total == 0
        do(office, Deed(StepKind.ACCEPT))
        do(office, assigned(field, "mr"))
        assert list_clues(partner, Wanted()).total == 1
        assert service.read_contact(partner, clue().id)[1] == CONTACT
        assert refusal(do, partner, assigned(field, "tr")) == "access.denied"
        do(partner, Deed(StepKind.GIVE_BACK, reason="不属本局管辖"))
        assert clue().state == "accepted"
        assert refusal(service.get_clue, partner, clue().id) == "access.denied"
        do(office, assigned(field, "mr"))
        do(partner, FINISHED)
        assert [one.action for one in clue().steps] == [
            "report", "accept", "assign", "give_back", "assign", "finish",
        ]  # fmt: skip


def test_who_reported_is_read_by_who_deals_with_it_and_each_reading_is_on_record(
    app: Flask, field: Field, tell: Tell
) -> None:
    with app.app_context():
        tell(contact=CONTACT)
        auditor, office = field.actor("auditor"), field.actor("office")
        assert service.get_clue(auditor, clue().id).what == WHAT
        assert refusal(service.read_contact, auditor, clue().id) == "access.denied"
        service.read_contact(office, clue().id)
        do(office, Deed(StepKind.ACCEPT))
        events = db.session.scalars(select(AuditEvent)).all()
        assert [one.action for one in events if one.action.startswith("clue.")] == [
            "clue.report", "clue.read_contact", "clue.accept",
        ]  # fmt: skip
        told = json.dumps([one.details for one in events], ensure_ascii=False)
        assert CONTACT not in told and WHAT not in told


def test_two_at_once_do_not_write_over_each_other(app: Flask, field: Field, tell: Tell) -> None:
    with app.app_context():
        tell()
        office, seen = field.actor("office"), clue().revision
        service.handle(office, clue().id, Deed(StepKind.NOTE, reason="已电话核实"), seen)
        late = (office, clue().id, Deed(StepKind.ACCEPT), seen)
        assert refusal(service.handle, *late) == "clue.changed_meanwhile"
        do(office, Deed(StepKind.ACCEPT))
        assert refusal(do, office, Deed(StepKind.ACCEPT)) == "clue.wrong_state"


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses_what_no_service_would_do(
    app: Flask, tell: Tell, statement: str
) -> None:
    with app.app_context():
        tell(files=[io.BytesIO(photo())], contact=CONTACT)
        with pytest.raises(DBAPIError, match=FORBIDDEN[statement]), unit_of_work() as work:
            work.execute(text(statement))
        assert len(db.session.scalars(select(ClueStep)).all()) == 1


def test_another_countys_clue_is_not_there(app: Flask, field: Field, tell: Tell) -> None:
    from tests.integration.builders import build_field

    with app.app_context():
        tell()
        found = clue().id
        other = build_field("140599", "2")
        assert refusal(service.get_clue, other.actor("office"), found) == "clue.not_found"


def test_a_picture_of_a_report_is_of_its_county(app: Flask, field: Field, tell: Tell) -> None:
    with app.app_context():
        tell(files=[io.BytesIO(photo())], kind=ClueKind.OTHER)
        sha256 = clue().papers[0].sha256
        assert fieldsync.get_document(sha256)[0] == "image/jpeg"


def partner_office(field: Field) -> Actor:
    """An office clerk of the partner department."""
    from domain.access import Role

    zhao = field.actor("zhao")
    return Actor(
        person_id=zhao.person_id,
        jurisdiction_id=zhao.jurisdiction_id,
        department_id=zhao.department_id,
        roles=frozenset({Role.OFFICE_STAFF}),
    )

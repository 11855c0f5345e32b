"""A result is told to its firm: the notice, how it was delivered, by whom, until when."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.errors import Fault
from domain.followup import Decision, Disposal
from domain.telling import Delivery, TellingState, Way
from server.db import db, scope_to, unit_of_work
from server.deadlines.events import advance_county
from server.deadlines.models import TermEventRow
from server.followup import service as followup
from server.runtime import today
from server.telling import service
from tests.apps import Clock
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.phone import Phone
from tests.integration.telling.conftest import PDF, make_link, refused

FORBIDDEN = {
    "UPDATE result_notices SET number = 'x'": "result_notices.append_only",
    "DELETE FROM result_notices": "result_notices.append_only",
    "UPDATE notice_deliveries SET receiver = 'x'": "notice_deliveries.append_only",
    "DELETE FROM notice_deliveries": "notice_deliveries.append_only",
    "DELETE FROM firm_links": "firm_links.kept",
    "UPDATE firm_links SET token = 'x'": "firm_links.kept",
    "UPDATE firm_codes SET tries = -1": "firm_codes.kept",
    "UPDATE firm_codes SET expires_at = '2099-01-01'": "firm_codes.kept",
    "DELETE FROM firm_codes": "firm_codes.kept",
}


def proof() -> service.Proof:
    return service.Proof(io.BytesIO(PDF), "送达回证.pdf")


def by_hand() -> Delivery:
    return Delivery(Way.DIRECT, today(), "王检查、李检查", "陈经理", has_proof=True)


def view(field: Field) -> service.Telling:
    db.session.expire_all()
    return service.view_telling(field.actor("office"), field.inspection_id, "tr")


def kinds(term: str = "telling") -> list[str]:
    query = select(TermEventRow.kind, TermEventRow.step).where(TermEventRow.term == term)
    found = db.session.execute(query.order_by(TermEventRow.id))
    return [f"{one.kind}{one.step or ''}" for one in found]


def deliver(field: Field, told: Delivery | None = None, reason: str = "") -> None:
    found = view(field).notice
    assert found is not None
    told = told or by_hand()
    service.record_delivery(
        field.actor("office"),
        field.inspection_id,
        "tr",
        found.id,
        told,
        proof() if told.has_proof else None,
        reason,
    )


def test_a_notice_says_result_problems_and_what_is_demanded_until_when(
    app: Flask, field: Field, wang: Phone
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        office, due = field.actor("office"), today() + timedelta(days=10)
        case = next(
            line.case
            for line in followup.list_cases(office, followup.Wanted()).rows
            if line.case.item_code == "PAX-02"
        )
        order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期补办", due, "")
        followup.decide(office, case.id, order, case.revision)
        make_link(field)
        found = view(field).notice
        assert found is not None
        facts = found.facts
        problems = {one["code"]: one for one in facts["problems"]}
        assert set(problems) == {"PAX-02", "PAX-03"}
        assert problems["PAX-02"]["due_on"] == due.isoformat()
        assert problems["PAX-02"]["finding"] == "抽查5台" and problems["PAX-03"]["disposal"] == ""
        assert [one["name"] for one in facts["officers"]] == ["王检查", "李检查"]
        assert facts["digest"] == view(field).version.digest  # type: ignore[union-attr]
        assert facts["correction"] is None and found.number.endswith("-告1-1")


def test_whoever_was_told_of_version_one_has_not_been_told_of_version_two(
    app: Flask, field: Field, wang: Phone, phone: Callable[[str], Phone], clock: Clock
) -> None:
    with app.app_context():
        make_link(field)
        assert view(field).state is TellingState.NOT_TOLD
        deliver(field)
        assert view(field).state is TellingState.TOLD
        with refused("telling.version_changed"):
            service.make_notice(field.actor("office"), field.inspection_id, "tr", 2)
    clock.advance(hours=2)
    proposal = ask(wang, "PAX-03", {"value": "台账缺页", "result": 8})
    assert decide(phone("head"), proposal).status_code == 200
    corrected_at = clock.at
    clock.advance(days=1)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        advance_county(field.jurisdiction_id)
        anew = select(TermEventRow.at).where(
            TermEventRow.term == "telling", TermEventRow.kind == "reopened"
        )
        assert kinds() == ["set", "warned10", "met", "reopened", "warned10"]
        assert db.session.scalars(anew).one() == corrected_at
        assert view(field).state is TellingState.NOT_TOLD and view(field).notice is None
        make_link(field)
        told = view(field).notice
        assert told is not None and (told.version, told.serial) == (2, 2)
        lines = told.facts["correction"]["lines"]
        assert any(one["item"].startswith("PAX-03") and one["new"] == "台账缺页" for one in lines)
        assert told.facts["correction"]["reason"] == "现场复核"


def test_a_delivery_is_recorded_once_voided_with_a_reason_and_never_altered(
    app: Flask, field: Field, told: tuple[str, str]
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        office, where = field.actor("office"), (field.inspection_id, "tr")
        deliver(field)
        with refused("telling.needs_reason"):
            deliver(field)
        notice = view(field).notice
        assert notice is not None
        with refused("telling.needs_reason"):
            service.void_delivery(office, *where, notice.id, " ")
        service.void_delivery(office, *where, notice.id, "送错了单位")
        assert view(field).state is TellingState.NOT_TOLD
        with refused("telling.not_delivered"):
            service.void_delivery(office, *where, notice.id, "再作废一次")
        posted = Delivery(Way.POST, today(), "办公室", post_no="EM100000000CN")
        deliver(field, posted, "改为邮寄")
        assert view(field).delivery.way == "post"  # type: ignore[union-attr]
        assert [one.is_void for one in view(field).deliveries] == [False, True, False]
        # Nobody looked in between: each stands there by itself.
        assert [one for one in kinds() if one[:6] != "warned"] == ["set", "met", "reopened", "met"]


def test_a_delivery_without_its_proof_is_refused_and_nothing_kept(
    app: Flask, field: Field, told: tuple[str, str]
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for change, code in (
            ({"receiver": ""}, "telling.needs_receiver"),
            ({"has_proof": False}, "telling.needs_proof"),
            ({"way": Way.ELECTRONIC}, "telling.electronic_by_firm"),
        ):
            with refused(code):
                deliver(field, replace(by_hand(), **change))  # type: ignore[arg-type]
        assert view(field).deliveries == []


def test_each_department_tells_its_own(app: Flask, field: Field, told: tuple[str, str]) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for name, code in (("wang", "tr"), ("office", "mr"), ("auditor", "tr"), ("zhao", "mr")):
            with refused("access.denied"):
                service.issue_code(field.actor(name), field.inspection_id, code)
        with refused("access.denied"):
            service.view_telling(field.actor("office"), field.inspection_id, "mr")
        assert (
            service.view_telling(field.actor("auditor"), field.inspection_id, "mr").version is None
        )


@pytest.mark.both
def test_what_is_not_told_in_time_is_overdue_and_a_correction_begins_anew(
    app: Flask, field: Field, told: tuple[str, str], clock: Clock
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        office = field.actor("office")
        assert view(field).due.isoformat() == "2026-03-13"  # type: ignore[union-attr]
        clock.advance(days=9)
        assert service.count_tellings(office)["overdue"] == 0
        clock.advance(days=1)
        assert service.count_tellings(office)["overdue"] == 1
        advance_county(field.jurisdiction_id)
        told_of = ["set", "warned10", "warned5", "warned3", "warned1", "warned", "overdue"]
        assert kinds() == told_of
        late = service.list_tellings(office, service.Wanted(state="overdue")).rows
        assert [one.firm for one in late] == ["示例客运有限公司"]
        deliver(field)
        counts = service.count_tellings(office)
        assert (counts["overdue"], counts["not_told"]) == (0, 0)
        assert len(service.list_tellings(office, service.Wanted(state="told")).rows) == 1


def test_the_database_refuses_what_no_service_would_do(
    app: Flask, field: Field, told: tuple[str, str]
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        deliver(field)
        for statement, message in FORBIDDEN.items():
            with (
                pytest.raises(DBAPIError, match=message.replace(".", r"\.")),
                unit_of_work() as work,
            ):
                work.execute(text(statement))
        service.revoke_link(field.actor("office"), field.inspection_id, "tr", "发错")
        with pytest.raises(DBAPIError, match=r"firm_links\.kept"), unit_of_work() as work:
            work.execute(text("UPDATE firm_links SET revoked_at = NULL"))


def test_of_two_who_record_at_once_the_second_is_told(
    app: Flask, field: Field, told: tuple[str, str]
) -> None:
    def record(_number: int) -> str:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            try:
                deliver(field)
            except Fault as refused:
                return refused.code
            return "recorded"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(record, range(2))) == ["recorded", "telling.needs_reason"]

"""The firm behind its link: what it sees and says, and who does not get in."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from domain.followup import Decision, Disposal
from domain.telling import MAX_TRIES
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.followup import service as followup
from server.followup.models import FollowUp
from server.runtime import now, today
from server.telling import opening, service
from server.telling.carried import Carried
from server.telling.models import FirmActRow, FirmCode, FirmLink, FirmVisit
from server.visitors import MEASURE
from tests.apps import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import attach, fill, make_jpeg, sign, submit
from tests.integration.fieldsync.day import enter as enter_sheet
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.sending import send_photo
from tests.integration.telling.conftest import Desk, enter, make_link, refused, wrong

Link = tuple[str, str]
REFUSED = "firm.code_refused"
FIRM_NAME = "示例客运有限公司"
# For what does not touch the database's nature.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def try_code(app: Flask, token: str, code: str, address: str = "192.0.2.1") -> str:
    """The page a browser gets for a code; empty where it came in."""
    answer = app.test_client().post(
        f"/firm/{token}", data={"code": code}, environ_overrides={"REMOTE_ADDR": address}
    )
    return "" if answer.status_code == 302 else answer.text


def jpeg(name: str = "改正后.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(make_jpeg()), name


def carried(page: str) -> dict[str, str]:
    """What the door sends along."""
    return dict(re.findall(r'name="kept_(\w+)" value="([^"]*)"', page))


def case_of(app: Flask, field: Field, item: str = "PAX-02") -> FollowUp:
    scope_to(field.jurisdiction_id)
    db.session.expire_all()
    return db.session.scalars(select(FollowUp).where(FollowUp.item_code == item)).one()


def test_the_link_alone_says_nothing_not_even_that_it_is_one(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    visitor = app.test_client()
    known, unknown = visitor.get(f"/firm/{token}"), visitor.get(f"/firm/{'x' * 32}")
    assert known.status_code == unknown.status_code == 200
    assert FIRM_NAME not in known.text and field.space not in known.text

    def bare(text: str, of: str) -> str:
        signed_this_second = re.compile(r'(name="csrf_token" value=")[^"]+')
        return signed_this_second.sub(r"\1", text.replace(of, ""))

    assert bare(known.text, token) == bare(unknown.text, "x" * 32)
    refusals = {
        bare(try_code(app, token, wrong(code), "192.0.2.1"), token),
        bare(try_code(app, "x" * 32, wrong(code), "192.0.2.2"), "x" * 32),
        bare(try_code(app, token, "12", "192.0.2.3"), token),
    }
    assert len(refusals) == 1
    assert all(REFUSED in one for one in refusals)
    for part in ("/tr/notice.pdf", f"/photos/{'0' * 64}/view"):
        inside = visitor.get(f"/firm/{token}{part}")
        assert inside.status_code == 401 and FIRM_NAME not in inside.text


def test_a_code_opens_once_for_an_hour_and_only_its_own_visit(
    app: Flask, field: Field, told: Link, clock: Clock
) -> None:
    token, code = told
    firm = enter(app, token, f"{code[:4]} {code[4:]}")
    page = firm.get(f"/firm/{token}")
    assert FIRM_NAME in page.text and "抽查5台" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    cookie = firm.get_cookie("suicha_firm", path=f"/firm/{token}")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
    assert REFUSED in try_code(app, token, code), "a code that was used is tried again"
    assert firm.get("/inspections").status_code == 302, "it is no officer's session"
    clock.advance(minutes=61)
    assert FIRM_NAME not in firm.get(f"/firm/{token}").text


@SQLITE
def test_a_cookie_carried_to_another_visits_link_opens_nothing(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    with app.app_context():
        theirs = build_field("140581", "2")
        with unit_of_work() as work:
            work.add(
                FirmLink(
                    jurisdiction_id=theirs.jurisdiction_id,
                    inspection_id=theirs.inspection_id,
                    token="y" * 32,
                    made_by=theirs.people["office"],
                    made_at=now(),
                )
            )
    firm = enter(app, token, code)
    cookie = firm.get_cookie("suicha_firm", path=f"/firm/{token}")
    assert cookie is not None
    firm.set_cookie("suicha_firm", cookie.value, path=f"/firm/{'y' * 32}")
    assert FIRM_NAME not in firm.get(f"/firm/{'y' * 32}").text
    assert FIRM_NAME in firm.get(f"/firm/{token}").text


@SQLITE
def test_a_revoked_link_ends_who_is_inside_and_its_code_opens_no_other(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    firm = enter(app, token, code)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        service.revoke_link(field.actor("office"), field.inspection_id, "tr", "换一个链接")
        other, _code = make_link(field)
    assert other != token
    assert FIRM_NAME not in firm.get(f"/firm/{token}").text, "a revoked link goes on"
    assert REFUSED in try_code(app, other, code), "the first link's code opens the second"


@pytest.mark.both
def test_a_code_is_locked_after_a_few_wrong_ones(app: Flask, field: Field, told: Link) -> None:
    token, code = told
    for number in range(MAX_TRIES):
        assert REFUSED in try_code(app, token, wrong(code), f"198.51.100.{number}")
    assert REFUSED in try_code(app, token, code, "203.0.113.9"), "the right one still opens it"
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert db.session.scalars(select(FirmCode.tries)).all() == [MAX_TRIES]
        fresh = service.issue_code(field.actor("office"), field.inspection_id, "tr")
    assert try_code(app, token, fresh, "203.0.113.10") == ""


def test_many_guesses_at_once_have_no_more_tries_than_one_after_the_other(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    with ThreadPoolExecutor(4) as pool:
        told_all = list(
            pool.map(lambda n: try_code(app, token, wrong(code), f"198.51.100.{n}"), range(9))
        )
    assert all(REFUSED in one for one in told_all)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert db.session.scalars(select(FirmCode.tries)).all() == [MAX_TRIES]


def test_of_two_with_the_right_code_at_once_one_comes_in(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda n: try_code(app, token, code, f"192.0.2.{n}"), range(2)))
    assert sorted(one == "" for one in found) == [False, True]
    assert REFUSED in "".join(found), "the other fails instead of being refused"
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert len(db.session.scalars(select(FirmVisit)).all()) == 1


@SQLITE
def test_a_code_that_was_used_while_it_was_compared_opens_nothing(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    with app.app_context():
        taken = opening._take_try(token, "192.0.2.1")  # the slow comparison comes next
        assert taken is not None
        assert try_code(app, token, code, "192.0.2.2") == ""
        with unit_of_work():
            assert not opening._use(taken[0])


@SQLITE
@pytest.mark.parametrize("end", ["expired", "replaced", "revoked"])
def test_a_code_whose_time_is_over_opens_nothing(
    app: Flask, field: Field, told: Link, clock: Clock, end: str
) -> None:
    token, code = told
    with app.app_context():
        scope_to(field.jurisdiction_id)
        office = field.actor("office")
        if end == "expired":
            clock.advance(days=7)
        elif end == "replaced":
            service.issue_code(office, field.inspection_id, "tr")
        else:
            service.revoke_link(office, field.inspection_id, "tr", "寄错地址")
    assert REFUSED in try_code(app, token, code)


@SQLITE
def test_an_address_that_fails_too_often_waits_whatever_link_it_tries(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    limit = 8 * 10  # failures of one address, as for sign-ins (server.accounts.throttle)
    with app.app_context(), unit_of_work():
        from server.accounts.throttle import count_failure_of_address

        for _ in range(limit):
            count_failure_of_address("192.0.2.7")
    assert REFUSED in try_code(app, token, code, "192.0.2.7")
    assert try_code(app, token, code, "192.0.2.8") == "", "a try that waited was spent"


def test_the_firm_confirms_and_that_is_electronic_delivery(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    firm = enter(app, token, code)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        notice = service.view_telling(field.actor("office"), field.inspection_id, "tr").notice
        assert notice is not None
        read = {"notice_id": str(notice.id), "signer": "陈经理"}
    unasked = firm.post(f"/firm/{token}/tr/read", data=read)
    assert unasked.status_code == 422 and "read-agreed-tr-error" in unasked.text
    assert "陈经理" in unasked.text
    for _ in range(2):
        assert firm.post(f"/firm/{token}/tr/read", data=read | {"agreed": "y"}).status_code == 302
    with app.app_context():
        scope_to(field.jurisdiction_id)
        view = service.view_telling(field.actor("office"), field.inspection_id, "tr")
        assert view.state == "told" and view.delivery is not None
        assert (view.delivery.way, view.delivery.recorded_by) == ("electronic", None)
        assert len(view.deliveries) == 1
        deeds = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "firm.read"))
        assert [(one.person_id, one.details["actor"]) for one in deeds] == [(None, "firm")]


@SQLITE
def test_a_view_is_kept_answered_and_the_answer_shown(
    app: Flask, field: Field, told: Link, desk: Desk
) -> None:
    token, code = told
    firm, office = enter(app, token, code), desk("office")
    nothing = firm.post(f"/firm/{token}/tr/view", data={"text": " ", "signer": "陈经理"})
    assert nothing.status_code == 422 and "view-text-tr-error" in nothing.text
    view = {
        "text": "台账在总公司，<b>当日已补</b>",
        "signer": "陈经理",
        "document": jpeg("台账.jpg"),
    }
    assert firm.post(f"/firm/{token}/tr/view", data=view).status_code == 302
    page = f"/telling/{field.inspection_id}/tr"
    shown = office.get(page).text
    assert "&lt;b&gt;当日已补" in shown and "台账.jpg" in shown
    with app.app_context():
        scope_to(field.jurisdiction_id)
        act = db.session.scalars(select(FirmActRow).where(FirmActRow.kind == "view")).one()
        act_id = act.id
    with office.get(f"{page}/files/act/{act_id}") as kept:
        assert kept.data == make_jpeg() and "sandbox" in kept.headers["Content-Security-Policy"]
    assert "有陈述申辩待答复" in office.get("/telling?state=view_stated").text
    empty = office.post(f"{page}/acts/{act_id}", data={"text": "", "accept": "1"})
    assert empty.status_code == 422 and "telling.needs_answer" in empty.text
    said = {"text": "经复核，予以采纳，已启动更正。", "accept": "1"}
    assert office.post(f"{page}/acts/{act_id}", data=said).status_code == 302
    again = office.post(f"{page}/acts/{act_id}", data=said)
    assert again.status_code == 409 and "telling.act_answered" in again.text
    assert "已启动更正" in firm.get(f"/firm/{token}").text


@SQLITE
def test_proof_the_firm_hands_in_closes_nothing_until_the_office_takes_it(
    app: Flask, field: Field, told: Link, desk: Desk
) -> None:
    token, code = told
    firm, office = enter(app, token, code), desk("office")
    with app.app_context():
        case = case_of(app, field)
        order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期补办", today(), "")
        followup.decide(field.actor("office"), case.id, order, case.revision)
        case_id = case.id
    address = f"/firm/{token}/tr/proof/{case_id}"
    bare = firm.post(address, data={"note": "已换新"})
    assert (
        bare.status_code == 422 and f"proof-{case_id}-error" in bare.text and "已换新" in bare.text
    )
    program = firm.post(address, data={"document": (io.BytesIO(b"MZ\x90 no picture"), "a.pdf")})
    assert program.status_code == 422
    sent = firm.post(address, data={"document": jpeg(), "note": "已换新"})
    assert sent.status_code == 302
    with app.app_context():
        case = case_of(app, field)
        assert case.state == "decided" and followup.is_paper_missing(case)
        act_id = db.session.scalars(select(FirmActRow.id).where(FirmActRow.kind == "proof")).one()
    page = f"/telling/{field.inspection_id}/tr/acts/{act_id}"
    assert office.post(page, data={"text": "", "refuse": "1"}).status_code == 422
    assert office.post(page, data={"text": "", "accept": "1"}).status_code == 302
    with app.app_context():
        case = case_of(app, field)
        step = case.steps[-1]
        assert case.state == "decided" and not followup.is_paper_missing(case)
        assert (step.action, step.details["from_firm"], step.document_name) == (
            "attach", act_id, "改正后.jpg",
        )  # fmt: skip
    assert "企业提交" in office.get(f"/follow-up/{case_id}").text
    assert "已核收" in firm.get(f"/firm/{token}").text


def test_a_firm_reaches_no_case_and_no_sheet_but_its_own(
    app: Flask, field: Field, told: Link
) -> None:
    token, code = told
    firm = enter(app, token, code)
    page = firm.get(f"/firm/{token}").text
    assert "市场监督管理局" in page and "MR-01" not in page
    for path, data in (
        (f"/firm/{token}/mr/view", {"text": "甲", "signer": "乙"}),
        (f"/firm/{token}/tr/proof/999", {"document": jpeg()}),
        (f"/firm/{token}/tr/read", {"notice_id": "999", "signer": "乙", "agreed": "y"}),
    ):
        answer = firm.post(path, data=data)
        assert answer.status_code == 404, path
    assert firm.get(f"/firm/{token}/photos/{'0' * 64}/view").status_code == 404
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert {one.kind for one in db.session.scalars(select(FirmActRow))} == {"open"}


@SQLITE
def test_the_firm_sees_the_photos_of_its_own_record_and_no_other(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    wang, other = phone("wang"), make_jpeg(colour="red")
    fill(wang)
    picture = make_jpeg(640, 480)
    op = attach(wang, "PAX-01", picture)
    sign(wang, "officer", "wang", officer_id=field.officers["wang"])
    wang.results()
    assert send_photo(wang, op, picture).status_code == 204
    submit(wang)
    wang.results()
    phone("lead").result(phone("lead").make("sheet.accept", "sheet:tr"))
    wang.pull()
    assert wang.result(enter_sheet(wang))["status"] == "applied"
    with app.app_context():
        token, code = make_link(field)
    firm = enter(app, token, code)
    page = firm.get(f"/firm/{token}").text
    sha256 = hashlib.sha256(picture).hexdigest()
    assert f"/firm/{token}/photos/{sha256}/thumb" in page and "陈经理的签名" in page
    assert "li的签名" not in page, "an officer's signature is none of the firm's"
    for size in ("thumb", "view"):
        with firm.get(f"/firm/{token}/photos/{sha256}/{size}") as shown:
            assert shown.status_code == 200 and shown.mimetype == "image/jpeg"
            assert shown.headers["Cache-Control"] == "no-store"
    # Bytes the county has, which no version of this firm's record names.
    view = {"text": "见附件", "signer": "陈经理", "document": (io.BytesIO(other), "a.jpg")}
    assert firm.post(f"/firm/{token}/tr/view", data=view).status_code == 302
    stranger = hashlib.sha256(other).hexdigest()
    assert firm.get(f"/firm/{token}/photos/{stranger}/view").status_code == 404
    assert app.test_client().get(f"/firm/{token}/photos/{sha256}/view").status_code == 401


@SQLITE
def test_another_countys_office_reaches_nothing(app: Flask, field: Field, told: Link) -> None:
    with app.app_context():
        other = build_field("140581", "2")
        scope_to(other.jurisdiction_id)
        with refused("inspection.not_found"):
            service.issue_code(other.actor("office"), field.inspection_id, "tr")


@SQLITE
def test_what_was_typed_when_the_hour_ended_is_there_after_a_new_code(
    app: Flask, field: Field, told: Link, clock: Clock
) -> None:
    token, code = told
    firm = enter(app, token, code)
    clock.advance(minutes=61)
    typed = {"text": "台账在总公司，次日送到", "signer": "陈经理"}
    late = firm.post(f"/firm/{token}/tr/view", data=typed | {"document": jpeg("台账.jpg")})
    assert late.status_code == 401 and typed["text"] in late.text and FIRM_NAME not in late.text
    sent = carried(late.text)
    assert "已收到：台账.jpg" in late.text and sent["document"].endswith("台账.jpg")
    with app.app_context():
        scope_to(field.jurisdiction_id)
        fresh = service.issue_code(field.actor("office"), field.inspection_id, "tr")
    kept = {f"kept_{name}": value for name, value in sent.items()}
    wrong_one = firm.post(f"/firm/{token}", data=kept | typed | {"code": wrong(fresh)})
    assert carried(wrong_one.text) == sent, "a wrong code loses nothing"
    kept |= {"code": fresh, "kept_text": typed["text"]}
    back = firm.post(f"/firm/{token}", data=kept)
    assert back.status_code == 200 and typed["text"] in back.text and "陈经理" in back.text
    assert f'name="document_kept" value="{sent["document"]}" checked' in back.text
    typed["document_kept"] = sent["document"]
    assert firm.post(f"/firm/{token}/tr/view", data=typed).status_code == 302
    assert "台账.jpg" in firm.get(f"/firm/{token}").text


@SQLITE
def test_a_refused_form_of_the_firm_keeps_its_file_for_that_link_alone(
    app: Flask, field: Field, told: Link, desk: Desk
) -> None:
    token, code = told
    firm, view = enter(app, token, code), f"/firm/{token}/tr/view"
    bare = firm.post(view, data={"text": "", "signer": "陈经理", "document": jpeg("台账.jpg")})
    held = re.search(r'name="document_kept" value="([^"]+)" checked', bare.text)
    assert bare.status_code == 422 and held is not None and "陈经理" in bare.text
    with app.app_context():
        scope_to(field.jurisdiction_id)
        link = db.session.scalars(select(FirmLink)).one()
        other = FirmLink(id=link.id + 1, jurisdiction_id=link.jurisdiction_id)
        with app.test_request_context():
            for keeper in (other, link):
                form = Carried("tr", voucher=held[1]).build_form(keeper)
                assert bool(form.kept) is (keeper is link)
        case_id = case_of(app, field).id
        followup.decide(
            field.actor("office"), case_id,
            Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期补办", today(), ""), 1,
        )  # fmt: skip
    office = desk("office").post(
        f"/telling/{field.inspection_id}/tr/notices/1/deliver", data={"document_kept": held[1]}
    )
    assert "已收到：" not in office.text
    most = app.extensions["suicha"].config.sign_in_attempts
    for number in range(2, most + 2):  # another file each time: a link is no store for them
        image = io.BytesIO(make_jpeg(64 + number)), "图.jpg"
        again = firm.post(view, data={"text": "", "document": image}).text
        assert ("已收到：" in again) is (number <= most)
    proof = firm.post(
        f"/firm/{token}/tr/proof/{case_id}", data={"note": "换", "document_kept": held[1]}
    )
    assert proof.status_code == 302
    shown = firm.get(f"/firm/{token}").text
    assert "台账.jpg" in shown


@SQLITE
def test_an_address_that_takes_too_much_waits_at_the_link_too(
    app: Flask, field: Field, told: Link
) -> None:
    with app.app_context():
        app.extensions["suicha_measures"].take("127.0.0.1", MEASURE, now())
    assert app.test_client().get(f"/firm/{told[0]}").status_code == 429


@SQLITE
def test_who_leaves_is_out(app: Flask, field: Field, told: Link) -> None:
    token, code = told
    firm = enter(app, token, code)
    cookie = firm.get_cookie("suicha_firm", path=f"/firm/{token}")
    assert cookie is not None
    assert firm.post(f"/firm/{token}/leave").status_code == 302
    firm.set_cookie("suicha_firm", cookie.value, path=f"/firm/{token}")
    assert FIRM_NAME not in firm.get(f"/firm/{token}").text


@SQLITE
def test_a_form_from_elsewhere_is_refused(app: Flask, field: Field, told: Link) -> None:
    token, code = told
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post(f"/firm/{token}", data={"code": code})
    assert answer.status_code == 400
    app.config["WTF_CSRF_ENABLED"] = False
    assert try_code(app, token, code) == "", "a forged form spent the code"

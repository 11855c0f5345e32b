"""Names, notes and cells that are markup: shown as they were written, run by nobody. And the same
file sent by several people at once."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable

from flask import Flask

from server.db import db, scope_to, unit_of_work
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field
from tests.integration.draws.world import make_uscc
from tests.integration.fieldsync.day import sign, submit
from tests.integration.fieldsync.phone import Phone
from tests.integration.registry.county import import_firms

EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{7*7}}"
SHORT = EVIL[:64]
PAGES = (
    "/", "/account", "/board", "/day", "/day?day=2026-03-04", "/inspections", "/inspections?q={x}",
    "/inspections/{i}", "/inspections/{i}/tr/enter", "/tasks", "/tasks?ownership=&q={x}",
    "/tasks/1",
    "/draws", "/draws/1", "/plans", "/plans/1", "/registry/firms", "/registry/firms/1",
    "/registry/firms?q={x}", "/registry/officers", "/registry/checklists",
    "/registry/checklists/tr-list@1", "/nowhere{x}", "/sign-in?next={x}",
)  # fmt: skip


def fill_with_markup(app: Flask, field: Field, phone: Callable[[str], Phone]) -> None:
    wang, lead, stranger = phone("wang"), phone("lead"), phone("stranger")
    for name in ("wang", "li"):
        fields = {"sheet": "tr", "officer_id": field.officers[name], "place": None}
        wang.make("checkin.add", f"checkin:{uuid.uuid4()}", fields)
    wang.set("PAX-01", {"value": "fail", "note": EVIL})
    wang.set("PAX-02", {"value": {"checked": 5, "failed": 0}, "note": EVIL})
    wang.set("PAX-03", {"value": EVIL})
    sign(wang, "officer", SHORT, officer_id=field.officers["wang"])
    sign(wang, "firm", SHORT, post=SHORT, statement=EVIL, reason=EVIL)
    submit(wang)
    assert {one["status"] for one in wang.results()} == {"applied"}
    assert (
        lead.result(lead.make("sheet.return", "sheet:tr", {"reason": EVIL}))["status"] == "applied"
    )
    assert stranger.result(stranger.set("PAX-01", {"note": EVIL}))["status"] == "forbidden"
    with app.app_context(), unit_of_work():
        scope_to(None)
        for firm in db.session.scalars(db.select(Firm)):
            firm.name, firm.address, firm.contact_name = SHORT, EVIL, SHORT
        for task in db.session.scalars(db.select(PlanTask)):
            task.name, task.cells = EVIL, {EVIL: EVIL}
        for officer in db.session.scalars(db.select(Officer)):
            officer.name, officer.labels = SHORT, [EVIL]


@ON_SQLITE
def test_markup_is_text_on_every_page(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    fill_with_markup(app, field, phone)
    app.config["WTF_CSRF_ENABLED"] = False
    shown = 0
    for account in ("office", "lead", "auditor", "wang", "stranger"):
        client = app.test_client()
        client.post(
            "/sign-in",
            data={"account": account, "password": PASSWORD},
            headers={"User-Agent": EVIL},
        )
        for path in PAGES:
            answer = client.get(path.format(x=EVIL.replace("{{7*7}}", ""), i=field.inspection_id))
            page = answer.get_data(as_text=True)
            assert answer.status_code < 500, (account, path)
            for harm in ("<script>alert", "<img src=x", 'style="', ">49<", "javascript:"):
                assert harm not in page, (account, path, harm)
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            shown += "&lt;script&gt;alert" in page
        file = (io.BytesIO(f"序号{EVIL}".encode()), f"{EVIL}.csv")
        answer = client.post(
            "/plans/preview", data={"file": file}, content_type="multipart/form-data"
        )
        assert "<script>alert" not in answer.get_data(as_text=True)
    assert shown > 20, "the pages were not empty"


def test_one_register_sent_by_four_at_once_is_taken_once(app: Flask, field: Field) -> None:
    rows = "".join(f"{make_uscc(n)},示例{n},passenger\n" for n in range(100))
    data = f"统一社会信用代码,名称,类别\n{rows}".encode()
    with app.app_context():
        actor = field.actor("office")
        db.session.remove()
    barrier, made, failed = threading.Barrier(4), [], []

    def send() -> None:
        with app.app_context():
            scope_to(actor.jurisdiction_id)
            barrier.wait()
            try:
                made.append(import_firms(data, actor).created)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (sorted(made), failed) == ([0, 0, 0, 100], [])

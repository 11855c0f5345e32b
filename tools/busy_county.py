"""The demo county in the middle of a working week: visits in every state of a sheet, evidence with
photos, a late edit. For the screenshots and for the tests that look at every page.

All of it is recorded the way phones and pages record it: operations pushed to the server, photos
uploaded in pieces, reviews and entries by the use cases. Only the clock is wound by hand.
"""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image, ImageDraw
from werkzeug.test import TestResponse

from domain.access import Actor
from domain.check_items import CheckItem
from server.app import create_app
from server.config import Config
from server.db import db, scope_to
from server.deadlines.calendar import load_calendar, seed_calendar
from server.demo.service import demo_password, find_demo, load_demo
from server.demo.visits import passing_answer
from server.runtime import SITE_ZONE

NOW = datetime(2026, 4, 29, 16, 40, tzinfo=SITE_ZONE)  # a Wednesday
TASK, JOINT, FROZEN, WITHDRAWN = "freight", "hazmat", "repair", "taxi"
SEEDS = ("6 1 3 5 2 2 4 6", "4 4 1 6 3 5 2 1")
WITNESS = "现场掷骰子，督查室乔如是见证"
STROKES = [[[20, 70, 0], [60, 30, 40], [90, 80, 80], [140, 40, 120], [200, 60, 160]]]
LEADS = {"tr": "zuzhang", "mr": "shichang2"}


class Clock:
    """Answers ``at``; wound by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.at


class County:
    """An application over a home of its own, with the demo county and a clock."""

    def __init__(self, home: Path, *, has_plans: bool = True) -> None:
        from server.fieldsync.service import ensure_epoch
        from server.schema import upgrade_schema

        for name in ("blobs", "secrets"):
            (home / name).mkdir(parents=True, exist_ok=True)
        config = Config(
            home=home,
            database_url=f"sqlite:///{home / 'suicha.sqlite3'}",
            secret_key=uuid.uuid4().hex,
            blob_dir=home / "blobs",
        )
        self.clock = Clock(NOW if not has_plans else NOW - timedelta(days=37))
        self.app: Flask = create_app(config, clock=self.clock)
        with self.app.app_context():
            upgrade_schema(db.engine)
            seed_calendar()
            ensure_epoch()
            load_demo(with_plans=has_plans)
            self.password = demo_password()
            db.session.remove()

    def close(self) -> None:
        """Lets go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    @contextmanager
    def desk(self) -> Iterator[None]:
        """An application context that sees the county's rows."""
        with self.app.app_context():
            scope_to(None)
            county = find_demo()
            assert county is not None
            scope_to(county.id)
            yield
            db.session.remove()

    def actor(self, account: str) -> Actor:
        """As the access rules see the person; at the desk."""
        from server.accounts.service import list_people
        from server.accounts.sessions import actor_of

        return actor_of(next(one for one in list_people() if one.account == account))

    def account_of(self, name: str) -> str:
        """The account of the person with this name; at the desk."""
        from server.accounts.service import list_people

        return next(one.account for one in list_people() if one.name == name)


class Phone:
    """An inspector's phone as the server sees it."""

    def __init__(self, county: County, account: str) -> None:
        self.county, self.client = county, county.app.test_client()
        self.device = f"dev_{account}_{uuid.uuid4().hex[:8]}"
        body = {"account": account, "password": county.password}
        device = {"id": self.device, "name": "Redmi Note 11"}
        answer = self.client.post("/api/v1/session", json={**body, "device": device})
        assert answer.status_code == 200, answer.get_json()
        told = answer.get_json()
        self.headers, self.epoch = {"X-CSRF-Token": told["csrf"]}, told["epoch"]
        self.credential = told["push_credential"]
        self.ops: list[dict[str, Any]] = []
        self.sent = 0

    def make(self, space: str, kind: str, entity: str, fields: Any = None, **more: Any) -> str:
        """Puts an operation in the queue; answers its id."""
        op = {
            "op": str(uuid.uuid4()),
            "seq": len(self.ops) + 1,
            "kind": kind,
            "v": 1,
            "space": space,
            "entity": entity,
            "fields": fields or {},
            "base": dict.fromkeys(fields or {}),
            "at": self.county.clock().isoformat(timespec="milliseconds"),
            **more,
        }
        self.ops.append(op)
        return str(op["op"])

    def push(self, **heartbeat: Any) -> list[dict[str, Any]]:
        """Sends what has not been sent, and what the phone says of itself."""
        answer = self.offer(**heartbeat)
        assert answer.status_code == 200, answer.get_json()
        results: list[dict[str, Any]] = answer.get_json()["results"]
        return results

    def offer(self, **heartbeat: Any) -> TestResponse:
        """The same, whatever the server answers."""
        body = {
            "proto": 1,
            "app": "1.0.0",
            "schema": 1,
            "device": self.device,
            "epoch": self.epoch,
            "session": "day",
            "sent_at": self.county.clock().isoformat(timespec="milliseconds"),
            "mono_ms": 1,
            "ops": self.ops[self.sent :],
            **({"heartbeat": heartbeat} if heartbeat else {}),
        }
        answer = self.client.post("/api/v1/sync/push", json=body, headers=self.headers)
        self.sent = len(self.ops)
        return answer

    def attach(self, space: str, entity: str, officer_id: int, picture: bytes) -> str:
        """Declares a photo; answers the operation that did."""
        width, height = Image.open(io.BytesIO(picture)).size
        manifest = {
            "at": self.county.clock().astimezone(SITE_ZONE).isoformat(timespec="milliseconds"),
            "clock_offset_ms": 0,
            "place": {"lat_e7": 354800000, "lng_e7": 1124100000, "accuracy_m": 9},
            "officer_id": officer_id,
            "device": self.device,
            "source": "camera",
        }
        photo = {
            "sha256": hashlib.sha256(picture).hexdigest(),
            "bytes": len(picture),
            "mime": "image/jpeg",
            "width": width,
            "height": height,
            "manifest": manifest,
        }
        return self.make(space, "photo.attach", entity, photo=photo)

    def upload(self, op: str, picture: bytes) -> None:
        """Sends the bytes of a declared photo."""
        tus = {**self.headers, "Tus-Resumable": "1.0.0"}
        named = {"sha256": hashlib.sha256(picture).hexdigest(), "op": op}
        metadata = ",".join(
            f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in named.items()
        )
        made = self.client.post(
            "/api/v1/files",
            headers={**tus, "Upload-Length": str(len(picture)), "Upload-Metadata": metadata},
        )
        assert made.status_code == 201, made.get_json()
        done = self.client.patch(
            made.headers["Location"],
            data=picture,
            headers={
                **tus,
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": "0",
            },
        )
        assert done.status_code == 204, done.get_json()


class Visit:
    """One department's part of a visit, done on a phone of the first officer of its team."""

    def __init__(self, county: County, inspection_id: int, code: str = "tr") -> None:
        from server.inspections.service import get_inspection, get_sheet

        self.county, self.inspection_id, self.code = county, inspection_id, code
        with county.desk():
            found = get_inspection(county.actor("ducha"), inspection_id)
            sheet = get_sheet(found, code)
            self.space = found.space
            self.firm_person = found.firm.contact_name
            team = [one for one in found.team if one.department_id == sheet.department_id]
            self.officers = [(one.officer_id, one.officer.name) for one in team]
            self.accounts = [county.account_of(name) for _id, name in self.officers]
            self.items = _items(sheet.lists)
        self.phone = Phone(county, self.accounts[0])
        self.photos: list[tuple[str, bytes]] = []

    def start(self) -> None:
        """The team is there."""
        for officer_id, _name in self.officers:
            fields = {"sheet": self.code, "officer_id": officer_id, "place": None}
            self._make("checkin.add", f"checkin:{uuid.uuid4()}", fields)

    def answer(self, failing: dict[str, tuple[Any, str]], *, until: int | None = None) -> None:
        """Every item passes but those in ``failing`` (code → value, note), which get two photos;
        ``until`` leaves the rest of the list unanswered."""
        day = self.county.clock().astimezone(SITE_ZONE).date()
        for item in self.items[:until]:
            fields = passing_answer(item, day)
            if item.code in failing:
                value, note = failing[item.code]
                fields = {"value": value, "note": note}
            if fields:
                self._make("answer.set", f"answer:{self.code}/{item.code}", fields)
            count = 2 if item.code in failing else item.min_photos
            for number in range(count):
                self._photograph(item.code, number)

    def sign(self) -> None:
        """Officers and the firm's person sign."""
        people: list[tuple[str, dict[str, Any]]] = [
            (name, {"role": "officer", "officer_id": i}) for i, name in self.officers
        ]
        for name, role in [*people, (self.firm_person, {"role": "firm", "post": "安全科长"})]:
            fields: dict[str, Any] = {"name": name, "refused": False, "strokes": STROKES}
            fields |= {"size": [300, 120], "sheet": self.code, **role}
            self._make("signature.add", f"signature:{uuid.uuid4()}", fields)

    def submit(self) -> None:
        """Hands the sheet in: the visit ends today."""
        day = self.county.clock().astimezone(SITE_ZONE).date().isoformat()
        self._make("sheet.submit", f"sheet:{self.code}", {"ended_on": day})

    def send(self, *, photos_left: int = 0) -> None:
        """Pushes everything and uploads the photos, but the last ``photos_left``."""
        results = self.phone.push()
        refused = [one for one in results if one["status"] not in ("applied", "merged")]
        assert not refused, refused[0]
        done = len(self.photos) - photos_left
        for op, picture in self.photos[:done]:
            self.phone.upload(op, picture)

    def whole(self, failing: dict[str, tuple[Any, str]] | None = None) -> None:
        """From check-in to hand-in, everything received."""
        self.start()
        self.answer(failing or {})
        self.sign()
        self.submit()
        self.send()

    def accept(self) -> None:
        """The department's lead accepts."""
        from server.inspections.service import accept_sheet

        with self.county.desk():
            accept_sheet(self.county.actor(LEADS[self.code]), self.inspection_id, self.code)

    def send_back(self, reason: str) -> None:
        """The department's lead returns it."""
        from server.inspections.service import return_sheet

        with self.county.desk():
            lead = self.county.actor(LEADS[self.code])
            return_sheet(lead, self.inspection_id, self.code, reason)

    def enter(self) -> None:
        """The first officer enters the suggested results; where none is suggested, 其他."""
        from server.inspections.service import enter_sheet, get_inspection, get_sheet, view_sheet

        with self.county.desk():
            actor = self.county.actor(self.accounts[0])
            found = get_inspection(actor, self.inspection_id)
            view = view_sheet(actor, found, get_sheet(found, self.code))
            results = {
                one.item.code: one.suggested or 8
                for one in view.items
                if one.suggested is not None or one.is_finding
            }
            enter_sheet(actor, self.inspection_id, self.code, results, view.seen_content)

    def edit_late(self, code: str, value: Any, note: str) -> None:
        """The second officer's phone comes back with an edit that was made offline."""
        phone = Phone(self.county, self.accounts[1])
        fields = {"value": value, "note": note}
        phone.make(self.space, "answer.set", f"answer:{self.code}/{code}", fields)
        assert phone.push()[0]["status"] == "rejected_locked"

    def _photograph(self, code: str, number: int) -> None:
        picture = draw_evidence(f"{self.inspection_id}-{code}-{number}", number)
        entity = f"answer:{self.code}/{code}"
        op = self.phone.attach(self.space, entity, self.officers[0][0], picture)
        self.photos.append((op, picture))

    def _make(self, kind: str, entity: str, fields: dict[str, Any]) -> None:
        self.phone.make(self.space, kind, entity, fields)


def fill(county: County) -> None:
    """From the demo's first draw to ``NOW``: the passenger task of March is in all states of its
    deadline, the freight task of April is under way today, a joint task starts tomorrow."""
    from tools.busy_changes import add_changes
    from tools.busy_followup import add_follow_up
    from tools.busy_imports import add_imports
    from tools.busy_jobs import add_jobs
    from tools.busy_matters import add_matters
    from tools.busy_publication import add_publications
    from tools.busy_reports import add_reports
    from tools.busy_telling import add_telling

    with county.desk():
        add_imports(county.actor("bangong"))
    passenger = inspections_of(county, "passenger")
    with county.desk():
        calendar = load_calendar()
    days: list[date] = []
    day = NOW.date()  # days[n]: the n-th working day before today
    while len(days) < 26:
        if calendar.is_working_day(day):
            days.append(day)
        day -= timedelta(days=1)
    findings = {
        "PAX-03": ({"checked": 6, "failed": 1}, "晋E00017 未随车携带道路运输证"),
    }
    sign = {"PAX-02": ("fail", "线路标志牌与许可线路不一致")}
    plan = [(22, "late"), (21, "submitted"), (20, "accepted"), (18, "returned"), (16, "entered")]
    for (back, end), inspection_id in zip(plan, passenger, strict=False):
        _wind(county, days[back], 15)
        visit = Visit(county, inspection_id)
        visit.whole({"late": sign}.get(end, findings if end in ("submitted", "entered") else None))
        _end(county, visit, end, days)
    freight = _draw(county, TASK, days[5], SEEDS[0])
    _wind(county, NOW.date(), 9)
    _today(county, freight)
    joint = _draw(county, JOINT, days[1], SEEDS[1])
    _freeze(county, WITHDRAWN, reason="名录库当日补录两户，重新冻结后再抽取。")
    _freeze(county, FROZEN)
    _wind(county, NOW.date(), 16)
    add_publications(county, passenger[4])
    add_matters(county, passenger[4], freight[0], freight[2])
    add_changes(county, joint, freight)
    add_follow_up(county)
    add_telling(county, passenger[4], passenger[0])
    add_jobs(county)
    add_reports(county)
    county.clock.at = NOW.astimezone(UTC)


def _end(county: County, visit: Visit, end: str, days: list[date]) -> None:
    if end == "returned":
        _wind(county, days[3], 10)
        visit.send_back("台账照片模糊，看不清签字日期，请补拍。")
    if end in ("accepted", "entered", "late"):
        visit.accept()
    if end == "entered":
        _wind(county, days[8], 11)
        visit.enter()
        visit.edit_late("PAX-02", "fail", "线路标志牌系转借")
    if end == "late":
        _wind(county, days[1], 17)
        visit.enter()


def _today(county: County, inspections: list[int]) -> None:
    """Two handed in, one with findings of which a photo is still on the phone, one under way."""
    failing = {
        "FRT-02": ({"checked": 5, "failed": 2}, "两台挂车未随车携带道路运输证，责令五日内改正"),
        "FRT-07": ("fail", "晋E00035 篷布破损，散装煤有洒落"),
    }
    first = Visit(county, inspections[0])
    first.start()
    first.answer(failing)
    first.sign()
    first.submit()
    first.send(photos_left=1)
    _wind(county, NOW.date(), 11)
    Visit(county, inspections[1]).whole()
    _sign_day(county)
    _wind(county, NOW.date(), 15)
    third = Visit(county, inspections[2])
    third.start()
    third.answer({}, until=9)
    third.send()


def _sign_day(county: County) -> None:
    """The lead's summary, before the afternoon brings more."""
    from domain.signatures import Signature
    from server.inspections.service import find_draft, sign_day, view_day
    from tools.busy_matters import DRAWN

    with county.desk():
        lead = county.actor(LEADS["tr"])
        draft = find_draft(lead, view_day(lead, NOW.date()))
        assert draft is not None, "the day has visits"
        sign_day(
            lead,
            NOW.date(),
            seen=draft.seen,
            remark="两户问题照片待补传；下午继续检查其余企业。",
            signature=Signature(DRAWN, (300, 120)),
            password=county.password,
            address="",
        )


def _wind(county: County, day: date, hour: int) -> None:
    county.clock.at = datetime(day.year, day.month, day.day, hour, 5, tzinfo=SITE_ZONE).astimezone(
        UTC
    )


def _task_id(county: County, category: str) -> int:
    from server.planning.service import list_own_tasks

    tasks = list_own_tasks(county.actor("bangong"))
    return next(one.id for one in tasks if one.category == category)


def inspections_of(county: County, category: str) -> list[int]:
    """The visits of the task of this trade, in drawn order."""
    from server.inspections.service import list_sheet_overviews

    with county.desk():
        task_id = _task_id(county, category)
        found = list_sheet_overviews(county.actor("bangong"))
        return sorted({one.inspection_id for one in found if one.task_id == task_id})


def _draw(county: County, category: str, day: date, seed: str) -> list[int]:
    """Freezes and draws on ``day``; the visits are planned for the end of the county's week."""
    from server.draws.service import freeze_pool, run_draw

    _wind(county, day, 9)
    planned = NOW.date() if category == TASK else NOW.date() + timedelta(days=1)
    with county.desk():
        actor = county.actor("bangong")
        draw = freeze_pool(actor, _task_id(county, category))
        run_draw(actor, draw.id, seed, WITNESS, planned)
    return inspections_of(county, category)


def _freeze(county: County, category: str, reason: str = "") -> None:
    from server.draws import ceremony
    from server.draws.service import freeze_pool, request_redraw, withdraw_pool

    with county.desk():
        actor = county.actor("bangong")
        draw = freeze_pool(actor, _task_id(county, category))
        if reason:
            withdraw_pool(actor, draw.id, reason)
            return
        room = ceremony.Meeting("局三楼会议室", county.clock(), "乔如是", "县政府督查室", "随查")
        ceremony.note_meeting(actor, draw.id, room)
        ceremony.add_rolls(actor, draw.id, "3 5 1 6", 0)
        ceremony.strike_roll(actor, draw.id, 2, "骰子掉到地上")
        request_redraw(actor, draw.id, "掷骰子时会议中断，参会部门要求改期。")


def _items(lists: list[dict[str, Any]]) -> list[CheckItem]:
    from server.registry.service import list_check_items

    return [
        item for one in lists for item in list_check_items(one["list"]) if item.code in one["items"]
    ]


def draw_evidence(mark: str, number: int = 0) -> bytes:
    """A picture as a camera could have made it: a parked coach, or a sheet of paper on a desk.
    Another ``mark``, other bytes."""
    tint = int(hashlib.sha256(mark.encode()).hexdigest()[:2], 16) % 40
    image = Image.new("RGB", (1200, 900), (176 + tint // 2, 190, 200))
    pen = ImageDraw.Draw(image)
    if number % 2:
        pen.rectangle((0, 0, 1200, 900), fill=(128, 104 + tint // 4, 82))
        pen.polygon([(260, 120), (980, 90), (1010, 820), (230, 850)], fill=(246, 244, 236))
        for line in range(11):
            y = 200 + line * 55
            pen.line([(330, y), (900 - (line * 97) % 260, y - 8)], fill=(90, 94, 104), width=9)
        pen.ellipse((700, 610, 880, 790), outline=(200, 40, 40), width=12)
    else:
        pen.rectangle((0, 560, 1200, 900), fill=(120, 122, 120))
        pen.rectangle((0, 330, 1200, 560), fill=(150, 164, 148))
        pen.rounded_rectangle((150, 240, 1080, 660), 40, fill=(40 + tint, 96, 150))
        pen.rounded_rectangle((190, 290, 1040, 430), 20, fill=(205, 222, 232))
        for x in range(330, 1040, 140):
            pen.rectangle((x, 290, x + 14, 430), fill=(40 + tint, 96, 150))
        for x in (330, 890):
            pen.ellipse((x - 75, 585, x + 75, 735), fill=(36, 38, 42))
            pen.ellipse((x - 32, 628, x + 32, 692), fill=(180, 182, 186))
        pen.rectangle((560, 560, 760, 615), fill=(238, 200, 60))
    pen.text((20, 870), mark, fill=(250, 250, 250))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()

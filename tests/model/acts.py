"""What an officer does with a phone, in more than one line."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from sync.canonical import hash_canonical
from tests.integration.builders import Field
from tests.integration.fieldsync.day import RESULTS, STROKES, claim, content_of
from tests.model.kept import Entry
from tests.model.phone import Phone
from tests.model.world import World

Edit = tuple[str, dict[str, Any]]
PHOTOS = (b"the first picture", b"the second picture")


def edit_of(phone: Phone, edit: Edit, values: dict[str, list[Any]]) -> Edit:
    """The edit as this officer makes it: ``own`` is the first item of their own sheet."""
    item, fields = edit
    if item == "own":
        item = "MR-01" if sheet_of(phone) == "mr" else "PAX-01"
    entity = f"answer:{'mr' if item == 'MR-01' else 'tr'}/{item}"
    if "value" in fields:
        fields = {**fields, "value": values[item][fields["value"] % len(values[item])]}
    return entity, fields


def work(phone: Phone, field: Field, job: str, chain: list[Edit]) -> None:
    """One thing an officer does; ``chain`` are the edits where it is about answers."""
    entity, fields = chain[0]
    match job:
        case "answer":
            for entity, fields in chain:
                phone.set_answer(entity, fields)
        case "settle":
            settle(phone, keeps=len(chain) > 1)
        case "submit":
            submit(phone)
        case "enter":
            enter(phone, field, {**RESULTS, "PAX-01": 2 if len(chain) == 3 else 1})
        case "propose":
            phone.make("correction.propose", entity, {**fields, "reason": "填写有误"})
        case "dismiss":
            phone.dismiss()
        case _:
            add_evidence(phone, field, job, len(chain) % 2)


def settle(phone: Phone, keeps: bool) -> None:
    """Chooses between two versions: keeps what is there, or takes the other."""
    for row in phone.rows_here().values():
        if row["t"] != "answer" or not row["siblings"]:
            continue
        fields = {} if keeps else dict(row["siblings"][0]["fields"])
        phone.set_answer(row["id"], fields, resolves=[one["op"] for one in row["siblings"]])
        return


def sheet_of(phone: Phone) -> str:
    """The department whose sheet this officer fills."""
    return "mr" if phone.name == "zhao" else "tr"


def add_evidence(phone: Phone, field: Field, what: str, n: int) -> None:
    """Photos, signatures, check-ins: sets one adds to."""
    sheet = sheet_of(phone)
    item = "answer:mr/MR-01" if sheet == "mr" else f"answer:tr/PAX-0{n + 1}"
    photo = claim(PHOTOS[n] + sheet.encode())
    subject = f"photo:{photo['sha256']}"
    row = phone.rows_here().get(subject)
    base = {"attached": row["heads"].get("attached") if row else None}
    if what == "attach":
        phone.make("photo.attach", item, {}, photo=photo, base=base)
    elif what == "remove" and row is not None and not row.get("gone"):
        phone.make("photo.remove", subject, {"from": row["fields"]["attached"][0]}, base=base)
    elif what == "sign":
        signature = {
            "sheet": sheet, "role": "officer", "name": phone.name, "refused": False,
            "officer_id": field.officers[phone.name], "strokes": STROKES, "size": [300, 120],
        }  # fmt: skip
        phone.make("signature.add", f"signature:{phone.new_id('sig')}", signature)
    elif what == "checkin":
        where = {"sheet": sheet, "officer_id": field.officers[phone.name], "place": None}
        phone.make("checkin.add", f"checkin:{phone.new_id('sig')}", where)


def submit(phone: Phone) -> None:
    """Hands the sheet in: the last day is the visit's."""
    phone.make("sheet.submit", f"sheet:{sheet_of(phone)}", {"ended_on": "2026-03-04"})


def enter(phone: Phone, field: Field, results: dict[str, int]) -> None:
    """Signs the tr sheet as pulled; the screen does not offer it while own work is on its way or
    before the lead has accepted."""
    sheet = phone.shown("sheet:tr")
    is_waiting = any(entry.result is None for entry in phone.in_order())
    if sheet_of(phone) != "tr" or is_waiting or sheet is None:
        return
    if sheet["fields"]["state"] != "accepted":
        return
    rows = {f"{phone.space} {entity}": row for entity, row in phone.rows_here().items()}
    content = content_of(SimpleNamespace(rows=rows, field=field), results)  # type: ignore[arg-type]
    named = {f"answer:tr/{item}" for item in content["answers"]}
    named |= {f"photo:{sha256}" for sha256 in content["photos"]}
    named |= {f"{k}:{i}" for k in ("signature", "checkin") for i in content[f"{k}s"]}
    seen = {entity: phone.rows_here()[entity]["heads"] for entity in sorted(named)}
    phone.make(
        "sheet.enter", "sheet:tr", {"results": results}, seen=seen, digest=hash_canonical(content)
    )


def talk(world: World, phone: Phone, what: str, at: int, edit: Edit) -> None:
    """An exchange over a network, or with a server, that may fail; ``at`` says where."""
    match what:
        case "sync":
            world.sync(phone)
        case "old push":
            if world.flying:
                world.send_push(world.flying[at % len(world.flying)])
        case "pull" | "pull killed":
            world.pull(phone, (500, 1, 2)[at % 3], killed=what == "pull killed")
        case "pull delayed":
            asked = phone.ask((500, 1, 2)[at % 3])
            status, raw = world.send_pull(phone, asked.body)
            if status == 200:
                phone.late.append((asked, raw))
        case "pull late":
            if phone.late:
                asked, raw = phone.late.pop(0)
                phone.hear_pull(asked, 200, raw)
        case _:
            if not phone.list_to_send(1):
                phone.set_answer(*edit)
            push(world, phone, what, at)


def push(world: World, phone: Phone, fault: str, at: int) -> None:
    """Offers what waits, all of it or the first one or two."""
    entries = phone.list_to_send((50, 50, 1, 2)[at % 4])
    match fault:
        case "request lost":
            world.push(phone, entries, arrives=False)
        case "answer lost":
            world.push(phone, entries, answer=lambda raw: None)
        case "answer cut":
            world.push(phone, entries, answer=lambda raw: raw[: at * len(raw) // 61])
        case "twice":
            world.push(phone, entries, copies=2)
        case "out of order":
            half = (len(entries) + 1) // 2
            world.push(phone, entries[half:])
            world.push(phone, _still_offered(phone, entries[:half]))
        case "first lost":
            half = (len(entries) + 1) // 2
            world.push(phone, entries[:half], arrives=False)
            world.push(phone, entries[half:])
        case "defect":
            _doom(world, entries)
            world.push(phone, entries)
        case "dies":
            world.push(phone, entries, crash_at=at)
        case _:
            world.push(phone, entries)


def _still_offered(phone: Phone, entries: list[Entry]) -> list[Entry]:
    wanted = {entry.op["op"] for entry in entries}
    return [entry for entry in phone.in_order() if entry.op["op"] in wanted]


def _doom(world: World, entries: list[Entry]) -> None:
    with suppress(StopIteration):
        op = next(e.op["op"] for e in entries if e.op["kind"] == "answer.set")
        world.house.doomed.add(op)
        world.witness.allowed_incidents.add(op)


def rule_over(world: World, phone: Phone, what: str, days: int) -> None:
    """What the office and time itself do to a phone's owner."""
    match what:
        case "accept" | "return":
            world.house.review(what)
        case "unassign" | "assign":
            world.house.assign(phone.name, what == "assign")
        case "revoke":
            world.house.revoke(phone.kept.device)
        case "hours":
            world.house.clock.advance(hours=5)
        case "clock":
            phone.clock_days = days


def destroy(world: World, phone: Phone, what: str, at: int) -> None:
    """Accidents of phones and of the server."""
    match what:
        case "clone":
            if len(world.phones) == 3:
                world.clone(phone)
        case "evict":
            waiting = [e.op["seq"] for e in phone.in_order() if e.result is None]
            if waiting:
                world.evict(phone, waiting[at % len(waiting)])
        case "backup":
            world.back_up()
        case "server restore":
            world.restore_server()

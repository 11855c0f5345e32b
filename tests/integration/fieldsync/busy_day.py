"""A day on which everything happened: a locked and co-signed sheet, late and unauthorised work, a
conflict, an early operation, a fork, photos with and without their bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.integration.fieldsync.day import attach, enter, fill, make_jpeg, submit
from tests.integration.fieldsync.phone import Answer, Phone

TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class BusyDay:
    """The phones by person; ``photos`` are bytes the server stored, ``expected`` those it waits
    for, each by the operation that declared them."""

    phones: dict[str, Phone]
    photos: dict[str, bytes] = field(default_factory=dict)
    expected: dict[str, bytes] = field(default_factory=dict)


def send_photo(phone: Phone, op: Answer, data: bytes) -> int:
    """The whole photo by tus in one chunk; answers the status of the last request."""
    about = f"sha256 {_b64(op['photo']['sha256'])},op {_b64(op['op'])}"
    headers = {**TUS, "X-CSRF-Token": phone.csrf, "Upload-Metadata": about}
    made = phone.client.post("/api/v1/files", headers={**headers, "Upload-Length": str(len(data))})
    assert made.status_code == 201, made.get_json()
    if made.headers.get("Upload-Offset") == str(len(data)):
        return int(made.status_code)
    sent = phone.client.patch(
        made.headers["Location"],
        data=data,
        headers={
            **TUS,
            "X-CSRF-Token": phone.csrf,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
        },
    )
    return int(sent.status_code)


def live_busy_day(phone: Callable[[str], Phone]) -> BusyDay:
    """Plays the day; every phone ends having pushed all it made."""
    day = BusyDay(
        {name: phone(name) for name in ("wang", "li", "zhao", "qian", "stranger", "lead")}
    )
    wang, li, zhao, qian, stranger, lead = day.phones.values()
    late = li.set("PAX-03", {"value": "台账缺两页"})  # made before the lock, sent after it
    fill(wang)
    stored = make_jpeg(colour="green")
    kept = attach(wang, "PAX-01", stored)
    wang.results()
    assert send_photo(wang, kept, stored) == 204
    day.photos[kept["op"]] = stored
    submit(wang)
    lead.make("sheet.accept", "sheet:tr")
    wang.results(), lead.results()
    wang.pull(), li.pull()
    enter(wang), enter(li)
    assert wang.results()[-1]["status"] == "applied"
    told = li.results()
    assert [one["status"] for one in told] == ["rejected_locked", "merged"], (late, told)

    zhao.set("mr/MR-01", {"value": "pass"})
    qian.set("mr/MR-01", {"value": "fail", "note": "未公示"})
    zhao.results()
    assert qian.results()[0]["status"] == "conflict"
    waiting = make_jpeg(colour="red")
    wanted = attach(zhao, "answer:mr/MR-01", waiting)
    day.expected[wanted["op"]] = waiting
    zhao.results()
    stranger.set("PAX-01", {"value": "fail"})
    assert stranger.results()[0]["status"] == "forbidden"
    early = qian.set("mr/MR-01", {"note": "已补公示"}, base={"note": None})
    assert qian.push([{**early, "seq": early["seq"] + 3}]).status_code == 409
    qian.queue.pop()
    fork = {**zhao.set("mr/MR-01", {"note": "复核"}), "seq": 1}
    zhao.queue.pop()
    assert zhao.push([fork]).get_json()["fork"] is True
    return day


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

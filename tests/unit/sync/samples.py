"""One well-formed sample of every operation kind, with every field it may carry."""

from __future__ import annotations

from typing import Any

UUID = "0195c0de-0000-7000-8000-000000000001"
SHA = "9c1e" * 16
PLACE = {"lat_e7": 355000000, "lng_e7": 1124000000, "accuracy_m": 8}
PHOTO: dict[str, Any] = {
    "sha256": SHA,
    "bytes": 2811034,
    "mime": "image/jpeg",
    "width": 3024,
    "height": 4032,
    "manifest": {
        "at": "2026-03-04T09:12:33.120+08:00",
        "clock_offset_ms": -1200,
        "place": PLACE,
        "officer_id": 3,
        "device": "dev_7Q",
        "source": "camera",
    },
}
ENVELOPE: dict[str, Any] = {
    "op": UUID,
    "seq": 118,
    "v": 1,
    "space": "insp:42",
    "at": "2026-03-04T09:12:33.120+08:00",
    "mono_ms": 511020.4,
    "session": "a902",
    "group": "g1",
    "prev": SHA,
}
_SIGNATURE = {
    "sheet": "tr",
    "role": "officer",
    "officer_id": 3,
    "name": "王检查",
    "post": "经理",
    "refused": False,
    "reason": "",
    "statement": "已阅知",
    "strokes": [[[0, 0, 0], [4, 4, 16]]],
    "size": [300, 120],
}
_ANSWER = {"value": {"checked": 5, "failed": 1}, "verdict": "pass", "note": "晋E12345"}
# kind → (entity, fields, what else the operation carries)
KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "answer.set": (
        "answer:tr/PAX-03",
        _ANSWER,
        {"base": dict.fromkeys(_ANSWER), "resolves": [UUID]},
    ),
    "photo.attach": ("answer:tr/PAX-03", {}, {"photo": PHOTO}),
    "photo.remove": (f"photo:{SHA}", {"from": "answer:tr/PAX-03"}, {"base": {"attached": UUID}}),
    "signature.add": (f"signature:{UUID}", _SIGNATURE, {}),
    "checkin.add": (f"checkin:{UUID}", {"sheet": "tr", "officer_id": 3, "place": PLACE}, {}),
    "sheet.submit": ("sheet:tr", {"ended_on": "2026-03-04"}, {}),
    "sheet.accept": ("sheet:tr", {}, {}),
    "sheet.return": ("sheet:tr", {"reason": "请补照片", "comments": {"A": "未见证件照片"}}, {}),
    "sheet.enter": (
        "sheet:tr",
        {"results": {"PAX-01": 1}},
        {"seen": {"answer:tr/PAX-01": {"value": UUID, "note": None}}, "digest": SHA},
    ),
    "correction.propose": ("answer:tr/PAX-03", {**_ANSWER, "reason": "误填", "result": 5}, {}),
    "device.lost": ("device:dev_7Q", {"seq": 118}, {}),
}


def make_sent(kind: str) -> dict[str, Any]:
    """The operation as a phone sends it."""
    entity, fields, more = KINDS[kind]
    return {**ENVELOPE, "kind": kind, "entity": entity, "fields": dict(fields), **more}


def make_push(*kinds: str) -> dict[str, Any]:
    """A whole request."""
    return {
        "proto": 1,
        "app": "1.0.0",
        "schema": 1,
        "device": "dev_7Q",
        "epoch": "ep_3k",
        "session": "b71c",
        "sent_at": "2026-03-04T16:40:02.113+08:00",
        "mono_ms": 812331.2,
        "ops": [make_sent(kind) for kind in kinds],
    }

"""A field day in a few lines: check in, answer, sign, submit, accept, enter."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable
from typing import Any

from PIL import Image

from sync.canonical import hash_canonical
from tests.integration.fieldsync.phone import Answer, Phone

STROKES = [[[0, 0, 0], [40, 12, 90]], [[5, 5, 120], [9, 30, 180]]]
RESULTS = {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1}


def make_jpeg(width: int = 64, height: int = 48, colour: str = "navy", **save: Any) -> bytes:
    """A real picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", **save)
    return out.getvalue()


def claim(data: bytes, **more: Any) -> Answer:
    """What a phone says about a photo."""
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "mime": "image/jpeg",
        "width": 64,
        "height": 48,
        "manifest": {
            "at": "2026-03-04T09:12:33.120+08:00",
            "clock_offset_ms": 0,
            "place": {"lat_e7": 355000000, "lng_e7": 1124000000, "accuracy_m": 8},
            "officer_id": 1,
            "device": "dev_x",
            "source": "camera",
        },
        **more,
    }


def attach(phone: Phone, item: str, data: bytes, **more: Any) -> Answer:
    entity = item if item.startswith("answer:") else f"answer:tr/{item}"
    return phone.make("photo.attach", entity, photo=claim(data), **more)


def fill(phone: Phone, names: tuple[str, ...] = ("wang", "li")) -> None:
    """Both officers check in and sign, every tr item is answered, the firm signs."""
    for name in names:
        fields = {"sheet": "tr", "officer_id": phone.field.officers[name], "place": None}
        phone.make("checkin.add", f"checkin:{uuid.uuid4()}", fields)
    phone.set("PAX-01", {"value": "pass"})
    phone.set("PAX-02", {"value": {"checked": 5, "failed": 0}, "note": "抽查5台"})
    phone.set("PAX-03", {"value": "台账齐全"})
    for name in names:
        sign(phone, "officer", name, officer_id=phone.field.officers[name])
    sign(phone, "firm", "陈经理", post="经理")


def sign(phone: Phone, role: str, name: str, **more: Any) -> Answer:
    fields = {
        "sheet": "tr", "role": role, "name": name, "refused": False,
        "strokes": STROKES, "size": [300, 120], **more,
    }  # fmt: skip
    return phone.make("signature.add", f"signature:{uuid.uuid4()}", fields)


def submit(phone: Phone, ended_on: str = "2026-03-04") -> Answer:
    return phone.make("sheet.submit", "sheet:tr", {"ended_on": ended_on})


def content_of(phone: Phone, results: dict[str, int], sheet: str = "tr") -> Answer:
    """What this phone saw and signs, built from its pulled rows as docs/protocol 13.5 says."""
    rows = [
        row
        for key, row in phone.rows.items()
        if key.startswith(f"{phone.field.space} ") and not row.get("gone")
    ]
    answers = {}
    for row in rows:
        if row["t"] == "answer" and row["id"].startswith(f"answer:{sheet}/"):
            kept = {k: v for k, v in row["fields"].items() if v is not None}
            if kept:
                answers[row["id"].partition("/")[2]] = kept
    photos = {}
    for row in rows:
        if row["t"] == "photo":
            own = [e for e in row["fields"].get("attached", ()) if e.startswith(f"answer:{sheet}/")]
            if own:
                photos[row["fields"]["sha256"]] = sorted(e.partition("/")[2] for e in own)

    def named(kind: str) -> list[str]:
        return sorted(
            row["id"].partition(":")[2]
            for row in rows
            if row["t"] == kind and row["fields"].get("sheet") == sheet
        )

    return {
        "inspection": phone.field.space,
        "sheet": sheet,
        "answers": answers,
        "photos": photos,
        "signatures": named("signature"),
        "checkins": named("checkin"),
        "results": results,
    }


def enter(phone: Phone, results: dict[str, int] | None = None, **more: Any) -> Answer:
    """``sheet.enter`` over what the phone has pulled."""
    chosen = RESULTS if results is None else results
    content = content_of(phone, chosen)
    seen = {
        row["id"]: row["heads"]
        for key, row in phone.rows.items()
        if key.startswith(f"{phone.field.space} ")
        and not row.get("gone")
        and (
            row["id"].startswith("answer:tr/")
            or row["t"] == "photo"
            or (row["t"] in ("signature", "checkin") and row["fields"]["sheet"] == "tr")
        )
    }
    parts = {"seen": seen, "digest": hash_canonical(content), **more}
    return phone.make("sheet.enter", "sheet:tr", {"results": chosen}, **parts)


def lock_sheet(phone: Callable[[str], Phone]) -> tuple[Phone, Phone]:
    """A whole day up to the lock; answers (the officer who entered, the lead)."""
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    told = wang.results()
    assert {one["status"] for one in told} <= {"applied", "merged"}, told
    accept = lead.make("sheet.accept", "sheet:tr")
    assert lead.result(accept)["status"] == "applied"
    wang.pull()
    told = [wang.result(enter(wang))]
    assert told[0]["status"] == "applied", told
    return wang, lead

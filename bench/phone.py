"""A phone as the server sees it: signs in, pushes operations, pulls rows (docs/protocol.md)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sync.chain import link_of
from sync.messages.push_request import build_offer

RECORD_BYTES = 1536
MAX_BUSY = 20
NOTE = "现场抽查车辆道路运输证、从业资格证和动态监控记录，与台账逐一核对。"


class Refused(RuntimeError):
    """The server's answer is not the one the measurement stands on."""


class Phone:
    """One device of one person with one kept-alive connection. Not shared between threads."""

    def __init__(self, host: str, port: int, account: str, password: str, device: str) -> None:
        self.device = device
        self.seq = 0
        self.busy_ms: list[float] = []
        self.times: dict[str, list[float]] = {}
        self.received_bytes = 0
        self._link: str | None = None
        self._connection = http.client.HTTPConnection(host, port, timeout=60)
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        answer = self._ask(
            "/api/v1/session",
            {
                "account": account,
                "password": password,
                "device": {"id": device, "name": "bench"},
            },
        )
        self.person_id: int = answer["person"]["id"]
        self.epoch: str = answer["epoch"]
        self._headers["X-CSRF-Token"] = answer["csrf"]

    def close(self) -> None:
        self._connection.close()

    def answer_op(self, space: str, sheet: str, item: str) -> dict[str, Any]:
        """A first answer to one item, RECORD_BYTES long as JSON."""
        self.seq += 1
        op: dict[str, Any] = {
            "op": uuid7(),
            "seq": self.seq,
            "kind": "answer.set",
            "v": 1,
            "space": space,
            "entity": f"answer:{sheet}/{item}",
            "fields": {"value": "pass", "note": ""},
            "base": {"value": None, "note": None},
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if self._link is not None:
            op["prev"] = self._link
        room = RECORD_BYTES - len(dump(op))
        note = NOTE * (room // len(NOTE.encode()))
        op["fields"]["note"] = note + "." * (room - len(note.encode()))
        return self._chained(op)

    def photo_op(self, space: str, entity: str, photo: bytes) -> dict[str, Any]:
        """Declares a photo of an answer."""
        self.seq += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        claim = {
            "sha256": hashlib.sha256(photo).hexdigest(),
            "bytes": len(photo),
            "mime": "image/jpeg",
            "width": 400,
            "height": 400,
            "manifest": {
                "at": at,
                "clock_offset_ms": 0,
                "place": None,
                "officer_id": 1,
                "device": self.device,
                "source": "camera",
            },
        }
        op: dict[str, Any] = {
            "op": uuid7(),
            "seq": self.seq,
            "kind": "photo.attach",
            "v": 1,
            "space": space,
            "entity": entity,
            "photo": claim,
            "at": at,
        }
        if self._link is not None:
            op["prev"] = self._link
        return self._chained(op)

    def checkin_op(self, space: str, sheet: str, officer: int) -> dict[str, Any]:
        """An officer is there."""
        fields = {"sheet": sheet, "officer_id": officer, "place": None}
        return self._plain_op("checkin.add", space, f"checkin:{uuid7()}", fields)

    def signature_op(self, space: str, sheet: str, officer: int) -> dict[str, Any]:
        """An officer's signature, as many points as a hand draws."""
        strokes = [[[x, (x * 7 + line) % 180, x * 8] for x in range(120)] for line in range(3)]
        fields = {
            "sheet": sheet,
            "role": "officer",
            "officer_id": officer,
            "name": f"测量员{officer}",
            "refused": False,
            "strokes": strokes,
            "size": [320, 180],
        }
        return self._plain_op("signature.add", space, f"signature:{uuid7()}", fields)

    def _plain_op(
        self, kind: str, space: str, entity: str, fields: dict[str, Any]
    ) -> dict[str, Any]:
        self.seq += 1
        op: dict[str, Any] = {
            "op": uuid7(),
            "seq": self.seq,
            "kind": kind,
            "v": 1,
            "space": space,
            "entity": entity,
            "fields": fields,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if self._link is not None:
            op["prev"] = self._link
        return self._chained(op)

    def _chained(self, op: dict[str, Any]) -> dict[str, Any]:
        """Remembers what the next operation names as the one before it (docs/protocol 13.3)."""
        offer = build_offer(op, "op")
        self._link = link_of(offer.prev, offer.seq, offer.op, offer.payload_sha256)
        return op

    def push_body(self, ops: list[dict[str, Any]]) -> bytes:
        return dump(
            {
                "proto": 1,
                "app": "1.0.0",
                "schema": 1,
                "device": self.device,
                "epoch": self.epoch,
                "session": "bench",
                "sent_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "mono_ms": time.monotonic() * 1000,
                "ops": ops,
            }
        )

    def push(self, body: bytes) -> dict[str, Any]:
        """Sends a prepared body; every operation in it must be applied."""
        answer = json.loads(self._send("POST", "/api/v1/sync/push", body))
        refused = [r for r in answer["results"] if r["status"] != "applied"]
        if refused:
            raise Refused(f"push: {len(refused)} not applied, first: {refused[0]}")
        return answer

    def pull(self, spaces: Mapping[str, int], limit: int = 500) -> dict[str, Any]:
        return self._ask(
            "/api/v1/sync/pull",
            {
                "device": self.device,
                "epoch": self.epoch,
                "schema": 1,
                "spaces": dict(spaces),
                "limit": limit,
            },
        )

    def pull_all(self, spaces: Mapping[str, int]) -> tuple[int, int, dict[str, int]]:
        """Pulls until nothing is left: rows, requests, cursors afterwards."""
        cursors, left, rows, requests = dict(spaces), set(spaces), 0, 0
        while left:
            answer = self.pull({space: cursors[space] for space in left})
            requests += 1
            for space in sorted(left):
                page = answer["pages"].get(space)
                if page is None:  # nothing new there
                    left.discard(space)
                    continue
                rows += len(page["rows"])
                cursors[space] = page["to"]
                if not page["more"]:
                    left.discard(space)
        return rows, requests, cursors

    def upload(self, op: str, sha256: str, photo: bytes) -> None:
        """Creates a tus upload whose bytes come along, as a phone does on a quick network."""
        told = ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}"
            for name, value in (("sha256", sha256), ("op", op))
        )
        sent, content = self._send_once(
            "POST",
            "/api/v1/files",
            photo,
            {
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(photo)),
                "Upload-Metadata": told,
                "Content-Type": "application/offset+octet-stream",
            },
        )
        if sent.status != 201 or sent.headers["Upload-Offset"] != str(len(photo)):
            raise Refused(f"upload: {sent.status} {content[:300]!r}")

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._send("POST", path, dump(body)))
        return answer

    def _send(self, method: str, path: str, body: bytes) -> bytes:
        """Sends until the server is not busy: a phone would come again, too."""
        while True:
            start = time.perf_counter()
            try:
                answer, content = self._send_once(method, path, body)
            except (ConnectionError, http.client.RemoteDisconnected):
                self._connection.close()  # the server ends a connection that was idle for a minute
                answer, content = self._send_once(method, path, body)
            if answer.status != 503 or len(self.busy_ms) >= MAX_BUSY:
                break
            self.busy_ms.append((time.perf_counter() - start) * 1000)
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        if answer.status != 200:
            raise Refused(f"{path}: {answer.status} {content[:500].decode(errors='replace')}")
        if cookies := answer.headers.get_all("Set-Cookie"):
            self._headers["Cookie"] = "; ".join(c.split(";", 1)[0] for c in cookies)
        for told in (answer.headers.get("Server-Timing") or "").split(", "):
            name, _, taken = told.partition(";dur=")
            if taken:
                self.times.setdefault(name, []).append(float(taken))
        return gzip.decompress(content) if answer.headers["Content-Encoding"] else content

    def _send_once(
        self, method: str, path: str, body: bytes, more: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request(method, path, body, {**self._headers, **(more or {})})
        answer = self._connection.getresponse()
        content = answer.read()
        self.received_bytes += len(content)
        return answer, content


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def uuid7() -> str:
    """Time-ordered, as on a phone: random ids would halve SQLite's rate at 100,000 rows."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

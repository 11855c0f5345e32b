"""A phone's line: HTTP through the proxy with deadlines, sign-in, and the photo bytes by tus."""

from __future__ import annotations

import base64
import http.client
import json
import random
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tests.integration.builders import PASSWORD

DEADLINE_SECONDS = 3.0  # shorter than the proxy's stall
PATIENT_SECONDS = 30.0  # when the network is good again
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Answer:
    """``body`` may be half of what was sent: whoever reads it decides what it is worth."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Photo:
    """Bytes that wait; ``url`` is where the upload goes on."""

    op: str
    data: bytes
    url: str = ""
    is_done: bool = False


@dataclass
class Line:
    """One person's sign-in on one phone. ``None`` for an answer means offline."""

    port: int
    account: str
    device: str
    chance: random.Random
    cookie: str = ""
    csrf: str = ""
    epoch: str = ""
    person: int = 0
    photos: dict[str, Photo] = field(default_factory=dict)
    deadline: float = DEADLINE_SECONDS

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer | None:
        """One request on a connection of its own."""
        sent = {"Connection": "close", "Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.deadline)
        with closing(connection):
            try:
                connection.request(method, path, body or None, {**sent, **(headers or {})})
                answer = connection.getresponse()
                told = {name.lower(): value for name, value in answer.getheaders()}
                try:
                    found = answer.read()
                except http.client.IncompleteRead as half:
                    found = half.partial
            except (OSError, http.client.HTTPException):
                return None
        return Answer(answer.status, told, found)

    def post(self, path: str, body: bytes) -> Answer | None:
        """JSON to the sync API; signs in first where that is needed."""
        if not self.cookie and not self.sign_in():
            return None
        answer = self.ask("POST", path, body, {"Content-Type": "application/json"})
        self._note(answer)
        return answer

    def sign_in(self) -> bool:
        """Whether the server answered, not a portal, and took the password."""
        asked = {
            "account": self.account,
            "password": PASSWORD,
            "device": {"id": self.device, "name": "红米"},
        }
        answer = self.ask(
            "POST", "/api/v1/session", json.dumps(asked).encode(),
            {"Content-Type": "application/json"},
        )  # fmt: skip
        told = read_answer(answer)
        if answer is None or told is None or answer.status != 200:
            return False
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        self.csrf, self.epoch, self.person = told["csrf"], told["epoch"], told["person"]["id"]
        return True

    def _note(self, answer: Answer | None) -> None:
        told = read_answer(answer) or {}
        code = (told.get("error") or {}).get("code", "")
        if answer is not None and (answer.status == 401 or code == "request.csrf"):
            self.cookie = ""  # signed out: the next request begins with a sign-in

    def send_chunk(self, sha256: str) -> None:
        """One step of one upload: begin it, ask where it stands, or send one chunk."""
        photo = self.photos[sha256]
        if not self.cookie and not self.sign_in():
            return
        if not photo.url:
            self._begin(sha256, photo)
            return
        status = self.ask("HEAD", photo.url, headers=TUS)
        self._note(status)
        if status is None or status.status in (404, 410):
            photo.url = photo.url if status is None else ""
            return
        if status.status != 200 or "upload-offset" not in status.headers:
            return
        offset = int(status.headers["upload-offset"])
        if offset == len(photo.data):
            photo.is_done = True
            return
        size = self.chance.choice((1, 700, 4096, 16384, 65536))
        answer = self.ask(
            "PATCH", photo.url, photo.data[offset : offset + size],
            {
                **TUS, "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            },
        )  # fmt: skip
        self._note(answer)
        if answer is not None and answer.status == 204:
            photo.is_done = answer.headers.get("upload-offset") == str(len(photo.data))

    def _begin(self, sha256: str, photo: Photo) -> None:
        names = f"sha256 {encode(sha256)},op {encode(photo.op)}"
        told = {**TUS, "Upload-Length": str(len(photo.data)), "Upload-Metadata": names}
        answer = self.ask("POST", "/api/v1/files", headers=told)
        self._note(answer)
        if answer is not None and answer.status == 201 and "location" in answer.headers:
            photo.url = answer.headers["location"]
            photo.is_done = answer.headers.get("upload-offset") == str(len(photo.data))


def encode(text: str) -> str:
    """As tus wants metadata."""
    return base64.b64encode(text.encode()).decode()


def read_answer(answer: Answer | None) -> dict[str, Any] | None:
    """Our own JSON, else None: a portal's page is offline."""
    try:
        told = json.loads(answer.body) if answer is not None else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None

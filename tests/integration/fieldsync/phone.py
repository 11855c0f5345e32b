"""A phone for tests: signs in over HTTP, numbers its operations, keeps what it was told."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from server.fieldsync.receiving.ahead import Moved
from tests.integration.builders import PASSWORD, Field

Answer = dict[str, Any]
MAX_BUSY = 20


def new_id() -> str:
    return str(uuid.uuid4())


def never_ahead(*_asked: Any) -> Answer:
    """In place of ``push.take_ahead``: nothing can be judged ahead of the locks."""
    raise Moved


class Phone:
    """One installation of one person. ``queue`` are the operations made so far, in order."""

    def __init__(self, app: Flask, field: Field, name: str, device: str | None = None) -> None:
        self.app, self.field, self.name = app, field, name
        self.device = device or f"dev_{name}_{uuid.uuid4().hex[:8]}"
        self.client: FlaskClient = app.test_client()
        answer = self.client.post(
            "/api/v1/session",
            json={
                "account": name,
                "password": PASSWORD,
                "device": {"id": self.device, "name": "红米"},
            },
        )
        assert answer.status_code == 200, answer.get_json()
        body = answer.get_json()
        self.csrf, self.epoch = body["csrf"], body["epoch"]
        self.credential: str = body["push_credential"]
        self.queue: list[Answer] = []
        self.rows: dict[str, Answer] = {}
        self.cursor: dict[str, int] = {}

    def make(self, kind: str, entity: str, fields: Answer | None = None, **more: Any) -> Answer:
        """Puts an operation in the queue."""
        op = {
            "op": new_id(),
            "seq": len(self.queue) + 1,
            "kind": kind,
            "v": 1,
            "space": self.field.space,
            "entity": entity,
            "fields": fields or {},
            "base": {},
            "at": "2026-03-04T09:12:33.120+08:00",
            **more,
        }
        self.queue.append(op)
        return op

    def set(self, item: str, fields: Answer, base: Answer | None = None, **more: Any) -> Answer:
        """``answer.set`` on the tr sheet unless ``item`` names another."""
        entity = f"answer:{item}" if "/" in item else f"answer:tr/{item}"
        seen = base if base is not None else dict.fromkeys(fields)
        return self.make("answer.set", entity, fields, base=seen, **more)

    def envelope(self, ops: list[Answer], **more: Any) -> Answer:
        return {
            "proto": 1,
            "app": "1.0.0",
            "schema": 1,
            "device": self.device,
            "epoch": self.epoch,
            "session": "b71c",
            "sent_at": "2026-03-04T09:00:00.000+08:00",
            "mono_ms": 812331,
            "ops": ops,
            **more,
        }

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(path, json=body, headers={"X-CSRF-Token": self.csrf})

    def push(self, ops: list[Answer] | None = None, **more: Any) -> Any:
        """The response to a push, of the whole queue unless told otherwise."""
        chosen = self.queue if ops is None else ops
        return self.post("/api/v1/sync/push", self.envelope(chosen, **more))

    def results(self, ops: list[Answer] | None = None) -> list[Answer]:
        """The results of a push that was understood."""
        answer = self.push(ops)
        assert answer.status_code == 200, answer.get_json()
        found: list[Answer] = answer.get_json()["results"]
        return found

    def result(self, op: Answer) -> Answer:
        return self.results([op])[0]

    def pull(self, limit: int = 500) -> Answer:
        """Pulls all that is in scope until nothing more comes; keeps rows and cursors."""
        last: Answer = {}
        wanted = dict(self.cursor) or {f"user:{self.field.people[self.name]}": 0}
        while True:
            body = {
                "device": self.device, "epoch": self.epoch, "schema": 1,
                "spaces": wanted, "limit": limit,
            }  # fmt: skip
            answer = self.post("/api/v1/sync/pull", body)
            for _ in range(MAX_BUSY):  # a phone that is told to come again comes again
                if answer.status_code != 503:
                    break
                answer = self.post("/api/v1/sync/pull", body)
            assert answer.status_code == 200, answer.get_json()
            last = answer.get_json()
            for space, page in last["pages"].items():
                for row in page["rows"]:
                    self.rows[f"{space} {row['id']}"] = row
                self.cursor[space] = page["to"]
            wanted = {s: self.cursor[s] for s, p in last["pages"].items() if p["more"]}
            wanted |= {s: 0 for s in last["scope"] if s not in self.cursor}
            if not wanted:
                return last

    def row(self, entity: str) -> Answer:
        return self.rows[f"{self.field.space} {entity}"]

"""Walking the routes of the two counties: signed in as anybody, and as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from domain.access import Actor, Role
from server.accounts.models import Person, SignInSession
from server.accounts.sessions import actor_of
from server.app import create_app
from server.config import Config
from server.db import db, scope_to, unit_of_work
from server.runtime import now
from tests.apps import Clock
from tests.integration.accounts.kept import Kept
from tests.integration.accounts.records import NOWHERE, Bag, read_bag, records_of
from tests.integration.accounts.two_counties import THERE, people_of
from tools.busy_county import NOW

OF_EACH = {"Set-Cookie", "Date", "Content-Length"}
TOKEN = re.compile(r'(name="csrf_token" value=|name="csrf-token" content=)"[^"]*"')
DATABASE = "suicha.sqlite3"


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who opens routes; no actor for a visitor."""

    name: str
    actor: Actor | None
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, without what is another each time: a form's token, the ids asked for."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


class Counties:
    """An application over a copy of the two counties; ``put_back`` makes it that copy again."""

    def __init__(self, built: Path, home: Path, url: str = "") -> None:
        """In another database where a ``url`` says so, which has the same rows."""
        shutil.copytree(built, home, dirs_exist_ok=True)
        self.path = home / DATABASE
        config = Config(
            home=home,
            database_url=url or f"sqlite:///{self.path}",
            secret_key=secrets.token_hex(32),
            blob_dir=home / "blobs",
            is_development=True,
        )
        self.clock = Clock(NOW + timedelta(days=1, hours=1))
        self.app: Flask = create_app(config, clock=self.clock)
        self.app.config |= {"WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False}
        self.password = (home / "secrets" / "demo_password").read_text(encoding="utf-8").strip()
        self._client = self.app.test_client(use_cookies=False)
        self.walkers = {one.name: one for one in self._sign_in()}
        self._kept = self._keep()
        self.has_changed, self.put_back = self._kept.has_changed, self._kept.put_back

    def _keep(self) -> Kept:
        return Kept(self.app, self.path)

    @cached_property
    def bags(self) -> dict[str, Bag]:
        """``tr`` and ``mr`` of the first county, ``there`` of the second."""
        here = {code: read_bag(self.path, code, "140599", code) for code in ("tr", "mr")}
        return here | {"there": read_bag(self.path, "there", THERE, "tr")}

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Every route with each of its methods."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: one.endpoint):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                if method != "HEAD" or "GET" not in (rule.methods or set()):
                    yield rule, method

    def ask(
        self, walker: Walker, method: str, rule: Rule, bag: Bag, *, none: bool = False, **more: str
    ) -> Answer:
        """Asks for the rule's record of this bag, or for ``none`` of that name, with nothing in the
        body."""
        path = bag.fill(rule, records_of(rule) if none else frozenset())
        answer = self.open(walker, method, path, **more)
        text, headers = answer.text, list(answer.headers)
        for name in sorted(rule.arguments):  # what was typed comes back in links and redirects
            typed = bag.find(rule, name)
            whole = re.compile(rf"([/-])({re.escape(str(typed))}|{NOWHERE[type(typed)]})(?![\w-])")
            text = whole.sub(r"\1*", text)
            headers = [(k, whole.sub(r"\1*", v)) for k, v in headers]
        return Answer(answer.status, text, tuple(headers))

    def open(self, walker: Walker, method: str, path: str, accept: str = "text/html") -> Answer:
        """The same of any address."""
        answer = self.raw(walker, method, path, headers={"Accept": accept})
        text = TOKEN.sub("-", read_text(answer))
        kept = [(k, v) for k, v in answer.headers.items() if k not in OF_EACH]
        answer.close()
        return Answer(answer.status_code, text, tuple(kept))

    def raw(
        self,
        walker: Walker,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """As it came; the cookie is the same, whoever signed out."""
        told = {**(headers or {}), "Cookie": walker.cookie}
        return self._client.open(path, method=method, headers=told, **more)

    def close(self) -> None:
        self._kept.close()

    def _sign_in(self) -> Iterator[Walker]:
        yield Walker("visitor", None)
        accounts = {
            f"{code} {role}": account
            for code in ("tr", "mr")
            for role, account in people_of(code).items()
        }
        with self.app.app_context():
            accounts |= dict(self._team())
            for name, account in accounts.items():
                yield self._walker(name, account)

    def _team(self) -> Iterator[tuple[str, str]]:
        """An inspector of each department who went along."""
        for code in ("tr", "mr"):
            team = read_bag(self.path, code, "140599", code).whole.team_person_ids
            for person in db.session.query(Person).filter(Person.id.in_(team)):
                if person.department.code == code and len(person.roles) == 1:
                    yield f"{code} of the team", person.account
                    break

    def _walker(self, name: str, account: str) -> Walker:
        scope_to(None)
        person = db.session.query(Person).filter_by(account=account).one()
        actor, token = actor_of(person), secrets.token_urlsafe(16)
        with unit_of_work() as work:
            work.add(
                SignInSession(
                    token_sha256=hashlib.sha256(token.encode()).hexdigest(),
                    person_id=actor.person_id,
                    created_at=now(),
                    seen_at=now(),
                    expires_at=now() + timedelta(days=1),
                )
            )
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        kept = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert kept is not None
        return Walker(name, actor, f"{kept.key}={kept.value}")


def read_text(answer: TestResponse) -> str:
    """The body; JSON with its letters as they are read, however they were written."""
    if answer.is_json and answer.data:
        return json.dumps(answer.get_json(), ensure_ascii=False)
    return answer.data.decode("utf-8", "replace")


def roles_of(department: str) -> list[str]:
    """The names of the walkers of a department."""
    return [f"{department} {role}" for role in Role if role is not Role.PUBLIC] + [
        f"{department} of the team"
    ]

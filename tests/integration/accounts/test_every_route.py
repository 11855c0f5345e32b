"""Walks every route × every role: the access table decides, and nothing slips past it."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from domain.access import Actor, Role, may_ever
from server.accounts.models import Department, Jurisdiction, Person, SignInSession
from server.accounts.service import add_person
from server.accounts.sessions import actor_of
from server.db import db, unit_of_work
from server.runtime import now
from tests.apps import Clock, make_app
from tests.integration.accounts.kept import Kept

ROLES: list[Role | None] = [None, *(role for role in Role if role is not Role.PUBLIC)]
# Of the home department, and once of a partner: the office is who else would keep the registers.
LOOKING = {None, Role.INSPECTOR}
PEOPLE = [(role, True) for role in ROLES] + [(Role.OFFICE_STAFF, False)]


def fill(rule: Rule) -> str:
    """A URL of this rule with made-up arguments: records that do not exist."""
    values = {
        name: 999_999 if type(rule._converters[name]).__name__ == "IntegerConverter" else "none"
        for name in rule.arguments
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


def add_somebody(app: Flask, role: Role, *, is_home: bool = True, number: int = 1) -> int:
    """A person with this one role, in a county of this number; answers the id."""
    with app.app_context(), unit_of_work() as work:
        county = Jurisdiction(code=f"{number:06}", name="测试县", settings={})
        work.add(county)
        work.flush()
        department = Department(
            jurisdiction_id=county.id, code="tr", name="交通运输局", is_home=is_home
        )
        work.add(department)
        work.flush()
        return add_person(
            county, department, f"somebody{number}", "甲", "a long password", [role]
        ).id


def client_of(app: Flask, person_id: int | None) -> FlaskClient:
    """A browser with a session of its own: some routes end it."""
    client = app.test_client()
    if person_id is None:
        return client
    token = secrets.token_urlsafe(16)
    with app.app_context(), unit_of_work() as work:
        at = now()
        work.add(
            SignInSession(
                token_sha256=hashlib.sha256(token.encode()).hexdigest(),
                person_id=person_id,
                created_at=at,
                seen_at=at,
                expires_at=at + timedelta(days=1),
            )
        )
    with client.session_transaction() as session:
        session["token"] = token
    return client


@dataclass(frozen=True, slots=True)
class House:
    """An empty county with a person of every role, each signed in. ``kept`` ends what a route did:
    some end the session."""

    app: Flask
    kept: Kept
    people: dict[tuple[Role | None, bool], tuple[Actor | None, dict[str, str]]]


@pytest.fixture(scope="module")
def house(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    path = Path(shutil.copy(sqlite_empty, home))
    app = make_app(f"sqlite:///{path}", home, Clock())
    app.config["WTF_CSRF_ENABLED"] = False
    people: dict[tuple[Role | None, bool], tuple[Actor | None, dict[str, str]]] = {}
    for number, (role, is_home) in enumerate(PEOPLE):
        actor, told = None, dict[str, str]()
        if role is not None:
            # of a county of his own, so that nobody's office keeps another's registers
            person_id = add_somebody(app, role, is_home=is_home, number=number)
            cookie = client_of(app, person_id).get_cookie(app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            told = {"Cookie": f"{cookie.key}={cookie.value}"}  # the same, whoever signed out
            with app.app_context():
                actor = actor_of(db.session.get_one(Person, person_id))
        people[role, is_home] = actor, told
    kept = Kept(app, path)
    yield House(app, kept, people)
    kept.close()


@pytest.mark.parametrize(
    ("role", "is_home"),
    PEOPLE,
    ids=[f"{role or 'visitor'}{'' if is_home else ' of a partner'}" for role, is_home in PEOPLE],
)
def test_every_route_answers_each_role_as_the_table_says(
    house: House, role: Role | None, is_home: bool
) -> None:
    actor, told = house.people[role, is_home]
    client = house.app.test_client(use_cookies=False)
    walked = 0
    for rule in house.app.url_map.iter_rules():
        action = house.app.view_functions[rule.endpoint].required_action
        is_allowed = may_ever(actor, action)
        # What is refused or not there is one page for everybody: these two look at it.
        is_looked_at = role in LOOKING or (is_allowed and not rule.arguments)
        accept = "text/html" if is_looked_at else "application/json"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(fill(rule), method=method, headers={"Accept": accept, **told})
            is_refused = answer.status_code in {401, 403} or (
                answer.status_code == 302 and "/sign-in?next=" in answer.headers["Location"]
            )
            assert answer.status_code < 500, f"{method} {rule.rule} fails for {role}"
            code = (answer.get_json(silent=True) or {}).get("error", {}).get("code", "")
            if is_allowed:
                assert code not in {"access.denied", "session.required"} or role is None, (
                    f"{method} {rule.rule} refuses {role} although the table allows it"
                )
            else:
                assert is_refused, f"{method} {rule.rule} let {role or 'a visitor'} in"
                if answer.status_code == 403:  # on a page the code stands small below the sentence
                    assert "access.denied" in answer.text, f"{method} {rule.rule}"
            answer.close()
            house.kept.put_back()
            walked += 1
    assert walked > 30


def test_a_route_without_an_action_stops_the_start(sqlite_app: Flask) -> None:
    from server.guard import check_every_route_is_guarded

    sqlite_app._got_first_request = False
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    with pytest.raises(RuntimeError, match="/forgotten"):
        check_every_route_is_guarded(sqlite_app)

"""Walks every route × every role: the access table decides, and nothing slips past it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from domain.access import Role, may_ever
from server.accounts.models import Department, Jurisdiction, Person, SignInSession
from server.accounts.service import add_person
from server.accounts.sessions import actor_of
from server.db import db, unit_of_work
from server.runtime import now

ROLES: list[Role | None] = [None, *(role for role in Role if role is not Role.PUBLIC)]
# Of the home department, and once of a partner: the office is who else would keep the registers.
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


def add_somebody(app: Flask, role: Role, *, is_home: bool = True) -> int:
    """A person with this one role; answers the id."""
    with app.app_context(), unit_of_work() as work:
        county = Jurisdiction(code="000001", name="测试县", settings={})
        work.add(county)
        work.flush()
        department = Department(
            jurisdiction_id=county.id, code="tr", name="交通运输局", is_home=is_home
        )
        work.add(department)
        work.flush()
        return add_person(county, department, "somebody", "甲", "a long password", [role]).id


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


@pytest.mark.parametrize(
    ("role", "is_home"),
    PEOPLE,
    ids=[f"{role or 'visitor'}{'' if is_home else ' of a partner'}" for role, is_home in PEOPLE],
)
def test_every_route_answers_each_role_as_the_table_says(
    sqlite_app: Flask, role: Role | None, is_home: bool
) -> None:
    app = sqlite_app
    app.config["WTF_CSRF_ENABLED"] = False
    person_id = add_somebody(app, role, is_home=is_home) if role is not None else None
    actor = None
    if person_id is not None:
        with app.app_context():
            actor = actor_of(db.session.get_one(Person, person_id))
    walked = 0
    for rule in app.url_map.iter_rules():
        action = app.view_functions[rule.endpoint].required_action
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            client = client_of(app, person_id)
            answer = client.open(fill(rule), method=method)
            is_allowed = may_ever(actor, action)
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
            walked += 1
    assert walked > 30


def test_a_route_without_an_action_stops_the_start(sqlite_app: Flask) -> None:
    from server.guard import check_every_route_is_guarded

    sqlite_app._got_first_request = False
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    with pytest.raises(RuntimeError, match="/forgotten"):
        check_every_route_is_guarded(sqlite_app)

"""Walks every route × every role: the access table decides, and nothing slips past it."""

from __future__ import annotations

import pytest
from flask import Flask, g
from werkzeug.routing import Rule

from domain.access import Actor, Role, may_ever

ROLES: list[Role | None] = [None, *(role for role in Role if role is not Role.PUBLIC)]


def fill(rule: Rule) -> str:
    """A URL of this rule with made-up arguments: records that do not exist."""
    values = {
        name: 999_999 if type(rule._converters[name]).__name__ == "IntegerConverter" else "none"
        for name in rule.arguments
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role or "visitor"))
def test_every_route_answers_each_role_as_the_table_says(
    sqlite_app: Flask, role: Role | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sqlite_app
    app.config["WTF_CSRF_ENABLED"] = False
    actor = (
        None
        if role is None
        else Actor(person_id=1, jurisdiction_id=1, department_id=1, roles=frozenset({role}))
    )
    app.before_request_funcs[None].append(lambda: setattr(g, "actor", actor))
    walked = 0
    for rule in app.url_map.iter_rules():
        action = app.view_functions[rule.endpoint].required_action
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            client = app.test_client()
            answer = client.open(fill(rule), method=method)
            is_allowed = may_ever(actor, action)
            is_refused = answer.status_code in {401, 403} or (
                answer.status_code == 302 and "/sign-in?next=" in answer.headers["Location"]
            )
            code = (answer.get_json(silent=True) or {}).get("error", {}).get("code", "")
            if is_allowed:
                assert code not in {"access.denied", "session.required"} or role is None, (
                    f"{method} {rule.rule} refuses {role} although the table allows it"
                )
            else:
                assert is_refused, f"{method} {rule.rule} let {role or 'a visitor'} in"
            answer.close()
            walked += 1
    assert walked > 30


def test_a_route_without_an_action_stops_the_start(sqlite_app: Flask) -> None:
    from server.guard import check_every_route_is_guarded

    sqlite_app._got_first_request = False
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    with pytest.raises(RuntimeError, match="/forgotten"):
        check_every_route_is_guarded(sqlite_app)

"""JSON: sign-in of the field app (docs/protocol 13.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask_wtf.csrf import generate_csrf

from domain.access import Action
from server.accounts import service
from server.accounts.models import Person
from server.accounts.schemas import LocaleSchema, SignInSchema
from server.accounts.sessions import actor_of, close_session
from server.fieldsync.service import current_epoch
from server.guard import get_actor, guarded
from server.registry.officers import find_officer_of_person
from server.runtime import now
from server.wire import read_json

blueprint = Blueprint("accounts_api", __name__, url_prefix="/api/v1")


@blueprint.post("/session")
@guarded(Action.ACCOUNT_SIGN_IN)
def sign_in() -> Response:
    """Signs a phone in. Exempt from CSRF by ``create_app``: a phone that was never signed in has
    no token yet, the body is JSON and the cookie is SameSite=Strict."""
    body = read_json(SignInSchema())
    person, credential = service.sign_in(
        body["account"],
        body["password"],
        address=request.remote_addr or "",
        device_id=body["device"]["id"],
        device_name=body["device"]["name"],
    )
    answer = _session_body(person)
    answer["push_credential"] = credential
    return jsonify(answer)


@blueprint.get("/session")
@guarded(Action.ACCOUNT_SELF)
def read_session() -> Response:
    """Who is signed in here, with a CSRF token for this session."""
    return jsonify(_session_body(service.get_person(get_actor().person_id)))


@blueprint.patch("/session")
@guarded(Action.ACCOUNT_SELF)
def change_session() -> Response:
    """Sets the person's language."""
    service.set_locale(get_actor().person_id, read_json(LocaleSchema())["locale"])
    return jsonify(_session_body(service.get_person(get_actor().person_id)))


@blueprint.delete("/session")
@guarded(Action.ACCOUNT_SELF)
def sign_out() -> tuple[str, int]:
    """Signs this browser out."""
    close_session()
    return "", 204


def _session_body(person: Person) -> dict[str, Any]:
    actor = actor_of(person)
    officer = find_officer_of_person(person.id)
    jurisdiction = service.get_jurisdiction(person.jurisdiction_id)
    department = person.department
    return {
        "person": {
            "id": person.id,
            "account": person.account,
            "name": person.name,
            "locale": person.locale,
        },
        "jurisdiction": {"id": jurisdiction.id, "name": jurisdiction.name},
        "department": {"id": department.id, "code": department.code, "name": department.name},
        "officer": (
            {"id": officer.id, "name": officer.name, "cert_no": officer.cert_no}
            if officer
            else None
        ),
        "roles": sorted(str(role) for role in actor.roles),
        "epoch": current_epoch(),
        "csrf": generate_csrf(),
        "expires_at": _dump(g.session_expires_at),
        "server_time": _dump(now()),
    }


def _dump(at: datetime) -> str:
    """``2026-03-04T08:40:03.500000Z``."""
    return at.isoformat().replace("+00:00", "Z")

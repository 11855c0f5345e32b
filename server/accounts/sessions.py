"""Signed-in sessions, kept on the server so that each can be seen and revoked.

Flask's signed cookie carries a random token; the table knows only its SHA-256. A session ends at
sign-out, when revoked, when its person is deactivated, or after ``SUICHA_SESSION_DAYS``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session
from sqlalchemy import bindparam, select, update

from domain.access import Actor, Role
from domain.errors import fault
from server.accounts.models import Department, Device, Person, PersonRole, SignInSession
from server.accounts.push_only import SCHEME, open_delivery
from server.db import act_on, db, scope_to, unit_of_work
from server.registry.officers import find_officer_id, officer_id_of
from server.runtime import now, runtime

SEEN_EVERY = timedelta(minutes=5)
READING = {"GET", "HEAD", "OPTIONS"}

_SESSION, _PERSON, _ROLE = SignInSession.__table__.c, Person.__table__.c, PersonRole.__table__.c
_DEPARTMENT = Department.__table__.c
# A session with its person, a row for each role: one plain query, because it runs before every
# request.
_SIGNED_IN = (
    select(
        _SESSION.id.label("session_id"),
        _SESSION.device_id,
        _SESSION.seen_at,
        _SESSION.expires_at,
        _SESSION.revoked_at,
        _SESSION.is_quarantined,
        _PERSON.id.label("person_id"),
        _PERSON.jurisdiction_id,
        _PERSON.department_id,
        _PERSON.name,
        _PERSON.locale,
        _PERSON.is_active,
        _DEPARTMENT.is_home,
        _ROLE.role,
        officer_id_of(_PERSON.id).label("officer_id"),
    )
    .select_from(SignInSession.__table__)
    .join(Person.__table__, _PERSON.id == _SESSION.person_id)
    .join(Department.__table__, _DEPARTMENT.id == _PERSON.department_id)
    .outerjoin(PersonRole.__table__, _ROLE.person_id == _PERSON.id)
    .where(_SESSION.token_sha256 == bindparam("digest"))
)


def install_sessions(app: Flask) -> None:
    """Loads the actor before each request; called by ``create_app`` alone."""
    app.before_request(load_actor)


def load_actor() -> None:
    """Sets ``g.actor`` (None for a visitor), ``g.session_id``, ``g.session_expires_at``, the
    language and the query scope."""
    g.actor = g.session_id = g.session_expires_at = None
    g.is_delivery = False
    scope_to(None)
    act_on(None)
    if (credential := _push_only()) is not None:
        _load_delivery(credential)
        return
    token = session.get("token")
    if not token:
        if request.method not in READING and _needs_session():
            raise fault("session.required")  # before CSRF: it is the clearer answer for a phone
        return
    rows = db.session.connection().execute(_SIGNED_IN, {"digest": _digest(token)}).all()
    if not rows or not _is_alive(rows[0]):
        session.pop("token", None)
        if _needs_session():
            raise fault("session.expired")
        return
    row = rows[0]
    g.session_id, g.locale = row.session_id, row.locale
    g.session_expires_at = row.expires_at
    g.actor = Actor(
        person_id=row.person_id,
        jurisdiction_id=row.jurisdiction_id,
        department_id=row.department_id,
        roles=frozenset(Role(one.role) for one in rows if one.role is not None),
        officer_id=row.officer_id,
        device_id=row.device_id,
        is_quarantined=row.is_quarantined,
        name=row.name,
        is_home=row.is_home,
    )
    scope_to(row.jurisdiction_id)
    act_on(row.device_id)
    if now() - row.seen_at > SEEN_EVERY:
        _touch(row.session_id)


def _push_only() -> str | None:
    """The credential of ``Authorization: SuichaPush …``; it goes before any cookie, which a
    browser adds unasked."""
    scheme, _blank, credential = request.headers.get("Authorization", "").partition(" ")
    return credential.strip()[:200] if scheme == SCHEME else None


def _load_delivery(credential: str) -> None:
    """A revoked person or phone delivers what was recorded before (PROTOCOL §10); ``guarded``
    opens nothing else to them."""
    person, device = open_delivery(credential, request.remote_addr or "")
    g.is_delivery, g.locale = True, person.locale
    g.actor = replace(actor_of(person), device_id=device.id, is_quarantined=True)
    scope_to(person.jurisdiction_id)
    act_on(device.id)


def actor_of(person: Person) -> Actor:
    """The person as the access rules see them."""
    return Actor(
        person_id=person.id,
        jurisdiction_id=person.jurisdiction_id,
        department_id=person.department_id,
        roles=frozenset(Role(r.role) for r in person.roles),
        officer_id=find_officer_id(person.id),
        name=person.name,
        is_home=person.department.is_home,
    )


def open_session(person: Person, device: Device | None) -> None:
    """Starts a session for this browser; a fresh CSRF token comes with it (no fixation)."""
    token = secrets.token_urlsafe(32)
    at = now()
    g.session_expires_at = at + timedelta(days=runtime().config.session_days)
    db.session.add(
        SignInSession(
            token_sha256=_digest(token),
            person_id=person.id,
            device_id=device.id if device else None,
            agent=(request.user_agent.string or "")[:200],
            created_at=at,
            seen_at=at,
            expires_at=g.session_expires_at,
        )
    )
    session.clear()
    session.permanent = True
    session["token"] = token
    g.pop("csrf_token", None)  # Flask-WTF keeps one per request: make it anew for this session


def close_session() -> None:
    """Signs this browser out."""
    if g.get("session_id") is not None:
        revoke_session(g.actor.person_id, g.session_id)
    session.clear()
    g.actor = g.session_id = None


def revoke_session(person_id: int, session_id: int) -> None:
    """Ends one session of this person; raises ``request.not_found`` for anybody else's."""
    with unit_of_work() as work:
        done = work.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.person_id == person_id)
            .values(revoked_at=now())
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise fault("request.not_found")


def quarantine_sessions(device_ids: Iterable[str]) -> None:
    """What was opened on these phones may only deliver from now on; joins the unit of work."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.device_id.in_(list(device_ids)))
        .values(is_quarantined=True)
    )


def list_sessions(person_id: int) -> list[SignInSession]:
    """The living sessions of a person, the most recently seen first."""
    query = (
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now(),
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    )
    return list(db.session.scalars(query))


def _needs_session() -> bool:
    return request.path.startswith("/api/") and request.endpoint != "accounts_api.sign_in"


def _is_alive(row: Any) -> bool:
    return row.revoked_at is None and row.expires_at > now() and row.is_active


def _touch(session_id: int) -> None:
    with unit_of_work() as work:
        work.execute(
            update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now())
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""执法人员库: lookups of officers (R001, R010). Imports no other subject: sessions need it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, or_, select

from domain.access import Actor
from domain.errors import fault
from server.db import Columns, db
from server.registry.models import Officer
from server.registry.owner import owner_of
from server.registry.paging import Page, like_pattern, page_of

_TABLE = Officer.__table__.c
_OF_PERSON = Columns(select(_TABLE.id).where(_TABLE.person_id == bindparam("person")), Officer)
_PERSONS = Columns(
    select(_TABLE.person_id).where(
        _TABLE.id.in_(bindparam("officers", expanding=True)), _TABLE.person_id.is_not(None)
    ),
    Officer,
)


def find_officer_of_person(person_id: int) -> Officer | None:
    """The officer register's entry of a signed-in person, if they are an officer."""
    return db.session.scalar(select(Officer).where(Officer.person_id == person_id))


def find_officer_id(person_id: int) -> int | None:
    """The same, as an id."""
    return next((row.id for row in _OF_PERSON.read(person=person_id)), None)


def officer_id_of(person_id: ColumnElement[int]) -> ScalarSelect[int]:
    """The same inside another query, for the person it names."""
    return select(_TABLE.id).where(_TABLE.person_id == person_id).limit(1).scalar_subquery()


def list_officers(
    actor: Actor | None, q: str = "", department_id: int | None = None, page: int = 1
) -> Page[Officer]:
    """Active officers by department and certificate. ``q`` looks in name and number."""
    query = _filtered(select(Officer), actor, q, department_id)
    return page_of(query.order_by(Officer.department_id, Officer.cert_no), page)


def list_officer_ids(
    actor: Actor | None, q: str = "", department_id: int | None = None
) -> list[int]:
    """The same officers, all of them, as ids in the register's order."""
    query = _filtered(select(Officer.id), actor, q, department_id)
    return list(db.session.scalars(query.order_by(Officer.department_id, Officer.cert_no)))


def _filtered(
    query: Select[Any], actor: Actor | None, q: str, department_id: int | None
) -> Select[Any]:
    query = query.where(Officer.jurisdiction_id == owner_of(actor), Officer.is_active)
    if q := q.strip():
        pattern = like_pattern(q)
        query = query.where(
            or_(
                Officer.name.ilike(pattern, escape="\\"),
                Officer.cert_no.ilike(pattern, escape="\\"),
            )
        )
    return query if department_id is None else query.where(Officer.department_id == department_id)


def get_officer(actor: Actor | None, officer_id: int) -> Officer:
    """Raises ``request.not_found``, also for another county's officer."""
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.jurisdiction_id != owner_of(actor):
        raise fault("request.not_found")
    return officer


def list_eligible_officers(
    actor: Actor | None, department_ids: list[int], on: date
) -> list[Officer]:
    """Who can be drawn on this day: active, with a certificate that has not run out (R048)."""
    query = select(Officer).where(
        Officer.jurisdiction_id == owner_of(actor),
        Officer.is_active,
        Officer.department_id.in_(department_ids),
        or_(Officer.cert_expires_on.is_(None), Officer.cert_expires_on >= on),
    )
    return list(db.session.scalars(query.order_by(Officer.id)))


def list_all_officers(actor: Actor | None) -> list[Officer]:
    """Every active officer, by department and name: for a choice of people."""
    query = select(Officer).where(Officer.jurisdiction_id == owner_of(actor), Officer.is_active)
    return list(db.session.scalars(query.order_by(Officer.department_id, Officer.name)))


def list_officers_by_id(actor: Actor | None, officer_ids: list[int]) -> list[Officer]:
    """The officers with these ids, inactive ones too."""
    query = select(Officer).where(
        Officer.jurisdiction_id == owner_of(actor), Officer.id.in_(officer_ids)
    )
    return list(db.session.scalars(query.order_by(Officer.id)))


def list_person_ids(officer_ids: Sequence[int]) -> list[int]:
    """The accounts behind these officers, of those who have one."""
    return [row.person_id for row in _PERSONS.read(officers=list(officer_ids))]

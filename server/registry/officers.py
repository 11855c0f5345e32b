"""执法人员库: lookups of officers (R001, R010). Imports no other subject: sessions need it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, or_, select

from domain.access import Actor
from domain.errors import fault
from server.db import Columns, db
from server.registry.models import Officer
from server.registry.owner import owner_of

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


def map_officer_people(officer_ids: Collection[int]) -> dict[int, int]:
    """Officer → the person who signs in, where there is an account."""
    query = select(Officer.id, Officer.person_id).where(
        Officer.id.in_(officer_ids), Officer.person_id.is_not(None)
    )
    return {row.id: row.person_id for row in db.session.execute(query)}


def officer_id_of(person_id: ColumnElement[int]) -> ScalarSelect[int]:
    """The same inside another query, for the person it names."""
    return select(_TABLE.id).where(_TABLE.person_id == person_id).limit(1).scalar_subquery()


def list_linked_people(actor: Actor | None) -> set[int]:
    """The accounts that belong to some officer."""
    query = select(Officer.person_id).where(
        Officer.jurisdiction_id == owner_of(actor), Officer.person_id.is_not(None)
    )
    return set(db.session.scalars(query))  # type: ignore[arg-type]


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

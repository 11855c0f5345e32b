"""How often one address reported, or tried a code, within a day; in the database, so that all
processes count together.

What is kept is a keyed hash of address and day and no clue's number: it says that somebody is over
the measure, not who reported what. It is deleted once the day is over.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, func, select

from domain.clues import MAX_PER_ADDRESS, MAX_PER_COUNTY, MAX_REFUSED, MAX_TRIES
from domain.errors import fault
from server.clues.models import ClueAttempt
from server.db import db
from server.runtime import now, runtime, today
from server.visitors import network_of

KEPT = timedelta(days=1)


class Kind(StrEnum):
    """A report that was taken, one whose file was refused; a query with a wrong number or code."""

    REPORT = "report"
    REFUSED = "refused"
    QUERY = "query"


def refuse_too_many(county_id: int, kind: Kind, address: str) -> None:
    """Raises ``clue.too_many`` or ``clue.too_many_tries``."""
    own = _count(county_id, kind, _key_of(address))
    if kind is Kind.QUERY and own >= MAX_TRIES:
        raise fault("clue.too_many_tries", retry_after=3600)
    if kind is Kind.REPORT and (
        own >= MAX_PER_ADDRESS
        or _count(county_id, Kind.REFUSED, _key_of(address)) >= MAX_REFUSED
        or _count(county_id, kind) >= MAX_PER_COUNTY
    ):
        raise fault("clue.too_many", retry_after=3600)


def count_attempt(county_id: int, kind: Kind, address: str) -> None:
    """Inside a unit of work; forgets those of the day before."""
    at = now()
    db.session.execute(delete(ClueAttempt).where(ClueAttempt.at <= at - KEPT))
    values = {"jurisdiction_id": county_id, "kind": kind.value, "key": _key_of(address), "at": at}
    db.session.add(ClueAttempt(**values))


def _count(county_id: int, kind: Kind, key: str = "") -> int:
    query = select(func.count(ClueAttempt.id)).where(
        ClueAttempt.jurisdiction_id == county_id,
        ClueAttempt.kind == kind.value,
        ClueAttempt.at > now() - KEPT,
    )
    return db.session.scalar(query.where(ClueAttempt.key == key) if key else query) or 0


def _key_of(address: str) -> str:
    told = f"suicha clue address {today().isoformat()} {network_of(address)}"
    return hmac.digest(runtime().config.secret_key.encode(), told.encode(), sha256).hex()

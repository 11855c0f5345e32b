"""Finding officers, and what their register still lacks (R009, R010)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select

from domain.access import Actor
from server.db import db
from server.registry.derived import searchable
from server.registry.firms import has_code
from server.registry.models import Officer
from server.registry.owner import owner_of
from server.registry.paging import Page, like_pattern, page_of
from server.registry.tags import codes_of_group

EXPIRY_WARNING_DAYS = 60
EXPIRED, EXPIRING = "expired", "expiring"
# What an entry lacks: the labels and the certificate decide whether an officer can be matched.
LACKS: dict[str, ColumnElement[bool]] = {
    "label": or_(cast(Officer.labels, Text) == "[]", Officer.labels.is_(None)),
    "expiry": Officer.cert_expires_on.is_(None),
    "account": Officer.person_id.is_(None),
}
SORTS = {
    "name": Officer.name_initials,
    "department": Officer.department_id,
    "cert": Officer.cert_no,
    "expires": Officer.cert_expires_on,
    "area": Officer.area,
}


@dataclass(frozen=True, slots=True)
class OfficerFilter:
    """What to look for. ``certificate`` is ``expired`` or ``expiring``, ``state`` ``active`` (the
    default), ``inactive`` or ``all``; ``lacks`` a key of ``LACKS``."""

    q: str = ""
    department_id: int | None = None
    labels: Sequence[str] = ()
    area: str = ""
    certificate: str = ""
    recused: bool = False
    state: str = "active"
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class OfficerGaps:
    """Active officers, how many lack what ``LACKS`` names, and whose certificate runs out within
    ``EXPIRY_WARNING_DAYS`` or has run out."""

    total: int
    lacking: dict[str, int]
    expired: int
    expiring: int


def officer_filter(
    actor: Actor | None, asked: Mapping[str, str], department_id: int | None
) -> OfficerFilter:
    """As a page's address says it; ``label`` goes before ``group``, all labels of one group."""
    labels = [label] if (label := asked.get("label", "")) else []
    if (group := asked.get("group", "")) and not labels:
        labels = codes_of_group(actor, "officers", group) or ["-"]
    return OfficerFilter(
        q=asked.get("q", ""),
        department_id=department_id,
        labels=labels,
        area=asked.get("area", ""),
        certificate=asked.get("certificate", ""),
        recused=bool(asked.get("recused")),
        state=asked.get("state") or "active",
        lacks=asked.get("lacks", ""),
    )


def list_officers(
    actor: Actor | None,
    q: str = "",
    department_id: int | None = None,
    page: int = 1,
    *,
    wanted: OfficerFilter | None = None,
    on: date | None = None,
    sort: str = "",
    is_descending: bool = False,
) -> Page[Officer]:
    """By department and certificate unless ``sort`` says otherwise. ``q`` looks in name, initials
    and certificate number; certificates are judged as of ``on``."""
    wanted = wanted or OfficerFilter(q=q, department_id=department_id)
    query = select(Officer).where(
        Officer.jurisdiction_id == owner_of(actor), *_conditions(wanted, on)
    )
    if (column := SORTS.get(sort)) is not None:
        query = query.order_by(column.desc() if is_descending else column.asc())
    return page_of(query.order_by(Officer.department_id, Officer.cert_no), page)


def list_officer_ids(actor: Actor | None, wanted: OfficerFilter, on: date) -> list[int]:
    """The same officers, all of them, as ids by department and certificate."""
    query = select(Officer.id).where(
        Officer.jurisdiction_id == owner_of(actor), *_conditions(wanted, on)
    )
    return list(db.session.scalars(query.order_by(Officer.department_id, Officer.cert_no)))


def count_officer_gaps(actor: Actor | None, on: date) -> OfficerGaps:
    """What the register lacks on this day."""
    wanted = (*LACKS.values(), _runs_out(EXPIRED, on), _runs_out(EXPIRING, on))
    sums = [func.sum(case((one, 1), else_=0)) for one in wanted]
    query = select(func.count(), *sums).where(
        Officer.jurisdiction_id == owner_of(actor), Officer.is_active
    )
    total, *found = (n or 0 for n in db.session.execute(query).one())
    *lacking, expired, expiring = found
    return OfficerGaps(total, dict(zip(LACKS, lacking, strict=True)), expired, expiring)


def list_officer_areas(actor: Actor | None) -> list[str]:
    """For the filter."""
    query = select(Officer.area).where(Officer.jurisdiction_id == owner_of(actor))
    return list(db.session.scalars(query.where(Officer.area != "").distinct().order_by("area")))


def _conditions(wanted: OfficerFilter, on: date | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in searchable(wanted.q).split()[:6]:
        pattern = like_pattern(word)
        columns = (Officer.name, Officer.name_initials, Officer.cert_no)
        found.append(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    if wanted.department_id is not None:
        found.append(Officer.department_id == wanted.department_id)
    if wanted.labels:
        found.append(or_(*(has_code(Officer.labels, code) for code in wanted.labels)))  # type: ignore[arg-type]
    if wanted.area:
        found.append(Officer.area == wanted.area)
    if wanted.certificate in (EXPIRED, EXPIRING) and on is not None:
        found.append(_runs_out(wanted.certificate, on))
    if wanted.recused:
        found.append(cast(Officer.recused_firm_ids, Text) != "[]")
    if wanted.state != "all":
        found.append(Officer.is_active.is_(wanted.state != "inactive"))
    if (lacks := LACKS.get(wanted.lacks)) is not None:
        found.append(lacks)
    return found


def _runs_out(certificate: str, on: date) -> ColumnElement[bool]:
    if certificate == EXPIRED:
        return Officer.cert_expires_on < on
    return Officer.cert_expires_on.between(on, on + timedelta(days=EXPIRY_WARNING_DAYS))

"""Finding published results as a citizen does: by firm, task, department, result and day, the
newest visit first, one page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import load_only

from domain.county_settings import read_setting
from domain.identifiers import normalise_uscc
from domain.results import RESULTS, worst
from server.accounts.service import get_jurisdiction
from server.db import db, end_reading
from server.disclosure.models import PublicResult
from server.registry.derived import searchable
from server.registry.items.publication import count_publications
from server.registry.paging import Page
from server.runtime import today

PER_PAGE = 50
MAX_WORDS = 6
MANY_IDS = 5_000
CODE_LENGTH = 18  # of a unified social credit code
BATCH = 200  # results told at once in a file: what is in memory of it
PROBLEM = -1  # any of the codes that count as a problem
TERM_SETTING = "public.results_days"
R = PublicResult


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; everything empty is all of the county. ``code`` is a national result code
    or ``PROBLEM``. Both days count."""

    q: str = ""
    plan: int | None = None
    task: int | None = None
    department: int | None = None
    code: int | None = None
    from_on: date | None = None
    to_on: date | None = None


def list_results(county_id: int, wanted: Wanted, page: int) -> Page[PublicResult]:
    """One page; a number beyond the end gives the last."""
    conditions = _conditions(county_id, wanted)
    # The place is found in an index alone; whole rows are read for the page only.
    ids = select(R.id).where(*conditions).order_by(R.ended_on.desc(), R.id.desc())
    few = _some(ids.limit(MANY_IDS + 1)) if wanted.q else []
    is_few = bool(wanted.q) and len(few) <= MANY_IDS  # then they are counted with the same look
    total = len(few) if is_few else count_results(county_id, wanted)
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    at = (number - 1) * PER_PAGE
    found = few[at : at + PER_PAGE] if is_few else _some(ids.limit(PER_PAGE).offset(at))
    return Page(_rows(found), number, total, PER_PAGE)


def _some(ids: Select[int]) -> list[int]:
    return list(db.session.scalars(ids))


def _rows(ids: list[int]) -> list[PublicResult]:
    query = select(R).where(R.id.in_(ids)).order_by(R.ended_on.desc(), R.id.desc())
    return list(db.session.scalars(query))


def count_results(county_id: int, wanted: Wanted) -> int:
    """How many fit."""
    if wanted == Wanted():
        return list_choices(county_id).total
    query = select(func.count(R.id)).where(*_conditions(county_id, wanted))
    return db.session.scalar(query) or 0


def walk_results(county_id: int, wanted: Wanted) -> Iterator[list[PublicResult]]:
    """All that fit in the order of the page, ``BATCH`` at a time. Nothing stays open between two
    batches: a slow reader keeps no writer waiting."""
    conditions = _conditions(county_id, wanted)
    query = select(R).where(*conditions).order_by(R.ended_on.desc(), R.id.desc()).limit(BATCH)
    rows = list(db.session.scalars(query))
    while rows:
        last_on, last_id = rows[-1].ended_on, rows[-1].id
        yield rows
        db.session.expunge_all()
        end_reading()
        after = or_(R.ended_on < last_on, and_(R.ended_on == last_on, R.id < last_id))
        rows = list(db.session.scalars(query.where(after)))


def list_of_firm(county_id: int, uscc: str) -> list[PublicResult]:
    """A firm's results, the newest first; under any credit code that a result of it was published
    with."""
    named = _own(county_id, R.uscc == normalise_uscc(uscc))
    firms = {row.firm_id for row in named}
    rows = _own(county_id, R.firm_id.in_(firms)) if firms else []
    return sorted(rows, key=lambda row: (row.ended_on, row.id), reverse=True)


def list_of_visit(county_id: int, inspection_id: int) -> list[PublicResult]:
    """The departments' results of a visit that are public, in the order of their sheets."""
    rows = _own(county_id, R.inspection_id == inspection_id)
    return sorted(rows, key=lambda row: row.sheet_id)


def _own(county_id: int, named: ColumnElement[bool]) -> list[PublicResult]:
    """The few that are named. Whether they are shown is asked afterwards: asked along, SQLite takes
    the index of all that are shown, and goes through it."""
    since = shown_since(county_id)
    rows = db.session.scalars(select(R).where(R.jurisdiction_id == county_id, named))
    return [
        row for row in rows if row.is_shown and (since is None or row.first_published_on >= since)
    ]


def worst_of(rows: list[PublicResult]) -> int:
    """The firm's result over its departments: the worst."""
    return worst(row.result_code for row in rows) or rows[0].result_code


def count_by_task(county_id: int, plan_id: int) -> list[tuple[int, str, int]]:
    """(task, name, how many results are public) of a plan's tasks that have any, by name."""
    query = select(R.task_id, func.max(R.task_name), func.count()).where(
        *_shown(county_id), R.plan_id == plan_id
    )
    found = db.session.execute(query.group_by(R.task_id))
    return sorted(((row[0], row[1], row[2]) for row in found), key=lambda one: one[1])


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter offers: only what has results. Tasks are (id, name), the newest first;
    ``total`` is all results."""

    tasks: list[tuple[int, str]]
    departments: list[tuple[int, str]]
    years: list[int]
    total: int


def list_choices(county_id: int) -> Choices:
    """Gone through once after each change: every visitor's page asks for it."""
    kept: dict[int, tuple[str, Choices]] = current_app.extensions.setdefault("suicha_choices", {})
    stamp, found = stamp_of(county_id), kept.get(county_id)
    if found is None or found[0] != stamp:
        found = kept[county_id] = stamp, _read_choices(county_id)
    return found[1]


def _read_choices(county_id: int) -> Choices:
    shown = _shown(county_id)
    named = load_only(R.task_id, R.task_name, R.department_id, R.department_name)
    newest = select(func.max(R.id)).where(*shown)
    tasks = db.session.scalars(
        select(R).options(named).where(R.id.in_(newest.group_by(R.task_id)))
    ).all()
    departments = db.session.scalars(
        select(R).options(named).where(R.id.in_(newest.group_by(R.department_id)))
    ).all()
    span = select(func.min(R.ended_on), func.max(R.ended_on), func.count(R.id)).where(*shown)
    first, last, total = db.session.execute(span).one()
    return Choices(
        tasks=[(one.task_id, one.task_name) for one in sorted(tasks, key=lambda x: -x.task_id)],
        departments=sorted((one.department_id, one.department_name) for one in departments),
        years=list(range(last.year, first.year - 1, -1)) if first and last else [],
        total=total,
    )


def list_firms(county_id: int, limit: int) -> list[str]:
    """Credit codes of the firms with results, for the list of pages."""
    query = select(R.uscc).where(*_shown(county_id)).distinct().order_by(R.uscc)
    return list(db.session.scalars(query.limit(limit)))


def stamp_of(county_id: int) -> str:
    """Another one after each write: what has the same stamp is the same."""
    query = select(func.count(R.id), func.sum(R.revision)).where(R.jurisdiction_id == county_id)
    count, writes = db.session.execute(query).one()
    editions = count_publications(county_id)  # the items' words are part of what is told
    return f"{county_id}-{count}-{writes or 0}-{editions}-{shown_since(county_id)}"


def shown_since(county_id: int) -> date | None:
    """From which day on results are shown: ``public.results_days`` before today; None for all."""
    days = int(read_setting(get_jurisdiction(county_id).settings, TERM_SETTING))
    return today() - timedelta(days=days) if days else None


def _shown(county_id: int) -> list[ColumnElement[bool]]:
    found = [R.jurisdiction_id == county_id, R.is_shown.is_(True)]
    if (since := shown_since(county_id)) is not None:
        found.append(R.first_published_on >= since)
    return found


def _conditions(county_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    q = searchable(wanted.q)
    named = _own(county_id, R.uscc == q.upper()) if _is_code(q) else []
    found: list[ColumnElement[bool]]
    if named:  # a whole credit code: by its index, and not through what all are called
        found = [R.id.in_([row.id for row in named])]
    else:
        words = q.split()[:MAX_WORDS]
        fitting = [R.search_text.contains(word, autoescape=True) for word in words]
        found = [*_shown(county_id), *fitting]
    if wanted.plan is not None:
        found.append(R.plan_id == wanted.plan)
    if wanted.task is not None:
        found.append(R.task_id == wanted.task)
    if wanted.department is not None:
        found.append(R.department_id == wanted.department)
    if wanted.code == PROBLEM:
        found.append(R.result_code.in_([one.code for one in RESULTS.values() if one.is_problem]))
    elif wanted.code is not None:
        found.append(R.result_code == wanted.code)
    if wanted.from_on is not None:
        found.append(R.ended_on >= wanted.from_on)
    if wanted.to_on is not None:
        found.append(R.ended_on <= wanted.to_on)
    return found


def _is_code(q: str) -> bool:
    return len(q) == CODE_LENGTH and q.isascii() and q.isalnum()

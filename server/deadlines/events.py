"""Use case: writing down what happened to each term (``domain.term_events``), and reading it.

``advance`` may be called by anybody, at any time, by several at once: the scheduler every hour, the
board, whoever moves a due date. It writes what is missing and nothing twice: a county's events are
written under the lock of its ``TermRun``, and the table's key holds where a lock would not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import and_, case, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.selectable import Select

from domain.term_events import TermEvent, TermEventKind
from domain.term_events import advance as find_missing
from domain.terms import Term
from server.accounts.directory import list_counties
from server.db import db, scope_to, unit_of_work
from server.deadlines.facts import overview
from server.deadlines.facts.standings import SOURCES, County, Subject
from server.deadlines.models import TermEventRow as E
from server.deadlines.models import TermRun
from server.jobs.service import hasten
from server.runtime import SITE_ZONE
from server.runtime import now as this_instant

JOB = "deadlines.advance"
BATCH = 1000
# Where the hourly job does not run, whoever looks at the board catches up.
STALE_AFTER = timedelta(hours=2)
MOST_FOR_A_PAGE = 300
OF_SHEETS = (Term.ENTRY, Term.PUBLICATION, Term.MATERIALS, Term.TELLING)
MET = TermEventKind.MET.value
OVERDUE = TermEventKind.OVERDUE.value


def advance(now: datetime | None = None) -> int:
    """Brings the events of every county up to ``now``; answers how many were written."""
    until = now or this_instant()
    return sum(advance_county(one, until) for one in list_counties())


def advance_county(
    jurisdiction_id: int, now: datetime | None = None, most: int | None = None
) -> int:
    """The same for one county, in batches that commit one by one; inside a unit of work they commit
    with what caused them. ``most``: leave the rest of each kind of term to the next who asks."""
    until = now or this_instant()
    written, is_whole = 0, True
    with _in_sight(jurisdiction_id):
        # What is found here is looked at again, with new facts, before it is written.
        county = County(jurisdiction_id)
        for term, source in SOURCES.items():
            settled = set(db.session.scalars(_settled(jurisdiction_id, term)))
            late = dict(iter(db.session.execute(_late(jurisdiction_id, term))))
            known = _known(jurisdiction_id, term)
            wanting = (
                one.subject_id
                for one in source(county, None)
                if _is_open(one, settled, late)
                and (
                    one.subject_id in settled
                    or one.subject_id in late
                    or _missing(one, known, until, county)
                )
            )
            ids = list(islice(wanting, most))
            is_whole = is_whole and next(wanting, None) is None
            for first in range(0, len(ids), BATCH):
                written += _write(jurisdiction_id, term, ids[first : first + BATCH], until)
        with unit_of_work():
            run = hold_terms(jurisdiction_id)
            if is_whole:  # else the next who asks goes on
                run.advanced_at = max(until, run.advanced_at or until)
    return written


@contextmanager
def moving(jurisdiction_id: int, inspection_id: int | None = None) -> Iterator[None]:
    """Around whatever moves due dates of a visit, or of the whole county, in the same unit of work:
    what time brought before is written against the old date, the move with its own instant."""

    def bring() -> None:
        if inspection_id is None:
            advance_county(jurisdiction_id)
        else:
            advance_visit(jurisdiction_id, inspection_id)

    bring()
    yield
    bring()


def hold_terms(jurisdiction_id: int) -> TermRun:
    """Whoever else writes events of this county waits until the commit. Held before a visit's space
    and before a case, by whoever needs them too, so that two never wait for each other."""
    query = select(TermRun).where(TermRun.jurisdiction_id == jurisdiction_id).with_for_update()
    run = db.session.scalar(query.execution_options(populate_existing=True))
    if run is None:
        # Two may find no row at once; the second finds the first's.
        make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        fresh = make(TermRun).values(jurisdiction_id=jurisdiction_id)
        db.session.execute(fresh.on_conflict_do_nothing())
        run = db.session.scalars(query).one()
    return run


def advance_visit(jurisdiction_id: int, inspection_id: int, now: datetime | None = None) -> int:
    """The terms of one visit's sheets, for whoever moves their due date, in the same unit."""
    until = now or this_instant()
    ids = overview.list_sheet_ids(inspection_id)
    with _in_sight(jurisdiction_id):
        return sum(_write(jurisdiction_id, term, ids, until) for term in OF_SHEETS)


def advance_subjects(
    jurisdiction_id: int, term: Term, ids: Collection[int], now: datetime | None = None
) -> int:
    """One term of these sheets, clues or dates, for whoever meets it, in the same unit."""
    with _in_sight(jurisdiction_id):
        return _write(jurisdiction_id, term, ids, now or this_instant())


def catch_up(jurisdiction_id: int) -> None:
    """For a page that shows terms, where the hourly job has not run or a day has begun since it
    did: has it run now, or where nobody runs jobs advances by no more than somebody may be kept
    waiting for. Not inside a unit of work."""
    at, run = this_instant(), db.session.get(TermRun, jurisdiction_id)
    done = run.advanced_at if run is not None else None
    is_new_day = done is None or done.astimezone(SITE_ZONE).date() < at.astimezone(SITE_ZONE).date()
    is_stale = is_new_day or (done is not None and at - done > STALE_AFTER)
    if is_stale and not hasten(JOB):
        advance_county(jurisdiction_id, at, most=MOST_FOR_A_PAGE)


def list_term_events(since_id: int = 0, limit: int = 1000) -> list[E]:
    """What was written down after the event ``since_id``, in the order of writing, of the county in
    sight (of all, where none is). Whoever remembers the last id he saw misses none of a county."""
    query = select(E).where(E.id > since_id).order_by(E.id).limit(limit)
    return list(db.session.scalars(query))


def list_of_visit(inspection_id: int) -> list[E]:
    """What happened to the terms of one visit, in the order in which it happened; whose business it
    is, is the caller's to ask."""
    query = select(E).where(E.inspection_id == inspection_id)
    return list(db.session.scalars(query.order_by(E.at, E.id)))


@contextmanager
def _in_sight(jurisdiction_id: int) -> Iterator[None]:
    before = db.session.info.get("jurisdiction_id")
    scope_to(jurisdiction_id)
    try:
        yield
    finally:
        scope_to(before)


def _is_open(one: Subject, settled: set[int], late: dict[int, date]) -> bool:
    """Whether something may be missing: not of what is met and stays met, and not of what is late
    against the same day as before, to which time adds nothing."""
    is_met = one.standing.due is not None and one.standing.met_on is not None
    if one.subject_id in late:
        return is_met or one.standing.due != late[one.subject_id]
    return not (is_met and one.subject_id in settled)


def _missing(
    one: Subject, known: dict[int, list[TermEvent]], until: datetime, county: County
) -> list[TermEvent]:
    events = known.get(one.subject_id, [])
    return find_missing(events, one.standing, until, one.unit, county.calendar)


def _write(jurisdiction_id: int, term: Term, ids: Collection[int], until: datetime) -> int:
    with unit_of_work() as work:
        hold_terms(jurisdiction_id)
        known = _known(jurisdiction_id, term, ids)
        county = County(jurisdiction_id)
        at = this_instant()
        rows = [
            {
                "jurisdiction_id": jurisdiction_id,
                "term": term.value,
                "subject_id": one.subject_id,
                "inspection_id": one.inspection_id,
                "department_id": one.department_id,
                "turn": event.turn,
                "kind": event.kind.value,
                "step": event.step,
                "due_on": event.due,
                "met_on": event.met_on,
                "at": event.at,
                "recorded_at": at,
            }
            for one in SOURCES[term](county, ids)
            for event in _missing(one, known, until, county)
        ]
        if rows:
            work.execute(insert(E), rows)
    return len(rows)


def _settled(jurisdiction_id: int, term: Term) -> Select[int]:
    """Subjects whose newest change is that they were met."""
    met = func.max(case((E.kind == MET, E.turn), else_=0))
    return (
        select(E.subject_id)
        .where(E.jurisdiction_id == jurisdiction_id, E.term == term.value)
        .group_by(E.subject_id)
        .having(met == func.max(E.turn))
    )


def _late(jurisdiction_id: int, term: Term) -> Select[int, date]:
    """Subjects that are late since their newest change, with the day."""
    newest = (
        select(E.subject_id, func.max(E.turn).label("turn"))
        .where(E.jurisdiction_id == jurisdiction_id, E.term == term.value)
        .group_by(E.subject_id)
        .subquery()
    )
    return (
        select(E.subject_id, E.due_on)
        .join(newest, and_(newest.c.subject_id == E.subject_id, newest.c.turn == E.turn))
        .where(E.jurisdiction_id == jurisdiction_id, E.term == term.value, E.kind == OVERDUE)
    )


def _known(
    jurisdiction_id: int, term: Term, ids: Collection[int] | None = None
) -> dict[int, list[TermEvent]]:
    """By subject: of these, or of all that are neither settled nor late: those are many."""
    query = select(
        E.subject_id, E.kind, E.at, E.due_on, E.turn, E.step, E.met_on
    ).where(E.jurisdiction_id == jurisdiction_id, E.term == term.value)  # fmt: skip
    if ids is not None:
        query = query.where(E.subject_id.in_(ids))
    else:
        late = _late(jurisdiction_id, term).with_only_columns(E.subject_id)
        query = query.where(
            E.subject_id.not_in(_settled(jurisdiction_id, term)), E.subject_id.not_in(late)
        )
    found: dict[int, list[TermEvent]] = {}
    for subject, kind, at, due, turn, step, met_on in db.session.execute(query):
        event = TermEvent(TermEventKind(kind), at, due, turn, step, met_on)
        found.setdefault(subject, []).append(event)
    return found

"""Use cases: handing materials and lessons to the department that leads a joint task (R102)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from domain.access import Action, Actor, Target, may
from domain.deadlines import DueDate
from domain.errors import fault
from domain.materials import MAX_REASON, MAX_WORDS
from domain.reasons import parse_reason
from domain.term_settings import Start
from domain.terms import Term, TermRule, count_due, read_rule
from server.accounts.directory import get_department, get_jurisdiction, lock_department
from server.accounts.models import Department
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.deadlines.events import advance_subjects
from server.deadlines.facts.materials_overview import map_handed_over, map_leads
from server.deadlines.facts.overview import SheetFacts, list_sheet_facts
from server.deadlines.material_models import MaterialHandover, MaterialSheet, MaterialWithdrawal
from server.deadlines.terms import NO_PAUSE, map_visit_times
from server.guard import require
from server.planning.service import get_task
from server.runtime import now, today


@dataclass(frozen=True, slots=True)
class Share:
    """One department's part of a joint task: ``ended`` visits are over, ``handed`` of them handed
    over; ``counted`` how the earliest day came about by which the rest is to be."""

    department: Department
    ended: int
    handed: int
    counted: DueDate | None

    @property
    def due(self) -> date | None:
        """That day."""
        return self.counted.due if self.counted else None

    @property
    def left(self) -> int:
        """How many visits wait."""
        return self.ended - self.handed

    @property
    def is_overdue(self) -> bool:
        """Whether the earliest of them is late."""
        return self.due is not None and self.due < today()


@dataclass(frozen=True, slots=True)
class Materials:
    """Of one task. ``lead`` None: no other department takes part, or nobody leads. ``rule`` is the
    term; ``mine`` the share that the actor may hand over now."""

    lead: Department | None
    shares: Sequence[Share]
    handovers: Sequence[MaterialHandover]
    rule: TermRule
    mine: Share | None


def read_materials(actor: Actor, task_id: int) -> Materials:
    """Whatever colleagues may know of: numbers and days, and what was handed over when. Raises
    ``plan.not_found``."""
    get_task(actor, task_id)
    rule = read_rule(get_jurisdiction(actor.jurisdiction_id).settings, Term.MATERIALS)
    lead_id = map_leads(actor.jurisdiction_id).get(task_id)
    facts = _list_facts(actor, task_id)
    others = sorted({one.department_id for one in facts} - {lead_id})
    if lead_id is None or not others:
        return Materials(None, (), (), rule, None)
    open_sheets = _find_open(actor, facts)
    shares = [
        _share(actor, one, [fact for fact in facts if fact.department_id == one], open_sheets, rule)
        for one in others
    ]
    query = select(MaterialHandover).where(MaterialHandover.task_id == task_id)
    handovers = db.session.scalars(query.order_by(MaterialHandover.id)).all()
    mine = next((one for one in shares if one.left and _may_hand(actor, one.department.id)), None)
    return Materials(get_department(lead_id), shares, handovers, rule, mine)


def hand_over(
    actor: Actor, task_id: int, what: str, lessons: str, handed_on: date
) -> MaterialHandover:
    """Of every ended visit of the actor's department that was not handed over before. Raises
    ``materials.nothing_left`` and ``materials.day_refused``."""
    require(actor, Action.MATERIALS_HAND_OVER, Target(actor.jurisdiction_id, actor.department_id))
    assert actor.department_id is not None, "required above"
    get_task(actor, task_id)
    what, lessons = parse_reason(what, MAX_WORDS), parse_reason(lessons, MAX_WORDS)
    with unit_of_work() as work:
        lock_department(actor.department_id)  # two at once: the second finds nothing left
        lead_id = map_leads(actor.jurisdiction_id).get(task_id)
        facts = [
            one
            for one in _list_facts(actor, task_id)
            if one.department_id == actor.department_id != lead_id
        ]
        left = _find_open(actor, facts)
        if lead_id is None or not left:
            raise fault("materials.nothing_left")
        first = min(one.ended_on for one in facts if one.sheet_id in left and one.ended_on)
        if not first <= handed_on <= today():
            raise fault("materials.day_refused", first=first.isoformat())
        made = MaterialHandover(
            jurisdiction_id=actor.jurisdiction_id, task_id=task_id,
            department_id=actor.department_id, to_department_id=lead_id, handed_on=handed_on,
            what=what, lessons=lessons, recorded_by=actor.person_id, recorded_at=now(),
        )  # fmt: skip
        work.add(made)
        work.flush()
        own = {"jurisdiction_id": actor.jurisdiction_id, "handover_id": made.id}
        ended = [one for one in facts if one.sheet_id in left and one.ended_on]
        covered = [one.sheet_id for one in ended if one.ended_on and one.ended_on <= handed_on]
        work.execute(insert(MaterialSheet), [{**own, "sheet_id": one} for one in covered])
        write_event(
            actor.jurisdiction_id, actor.person_id, "materials.handed_over",
            f"task:{task_id}", handover=made.id, visits=len(covered), day=handed_on.isoformat(),
        )  # fmt: skip
        work.flush()
        advance_subjects(actor.jurisdiction_id, Term.MATERIALS, covered)
    return made


def take_back(actor: Actor, task_id: int, handover_id: int, reason: str) -> MaterialWithdrawal:
    """A handover that was recorded by mistake: what it covered is open again, with the old due day.
    Raises ``materials.not_found``, also for another task's, and ``materials.taken_back``."""
    get_task(actor, task_id)
    reason = parse_reason(reason, MAX_REASON)
    with unit_of_work() as work:
        made = work.scalar(select(MaterialHandover).where(MaterialHandover.id == handover_id))
        if made is None or made.task_id != task_id:
            raise fault("materials.not_found")
        target = Target(actor.jurisdiction_id, made.department_id)
        require(actor, Action.MATERIALS_HAND_OVER, target)
        lock_department(made.department_id)
        work.refresh(made, ["taken_back"])
        if made.taken_back is not None:
            raise fault("materials.taken_back")
        back = MaterialWithdrawal(
            jurisdiction_id=actor.jurisdiction_id, handover_id=made.id, reason=reason,
            recorded_by=actor.person_id, recorded_at=now(),
        )  # fmt: skip
        work.add(back)
        write_event(
            actor.jurisdiction_id, actor.person_id, "materials.taken_back",
            f"task:{task_id}", handover=made.id, visits=len(made.sheets), reason=reason,
        )  # fmt: skip
        work.flush()
        covered = [one.sheet_id for one in made.sheets]
        advance_subjects(actor.jurisdiction_id, Term.MATERIALS, covered)
    return back


def may_take_back(actor: Actor, handover: MaterialHandover) -> bool:
    """Whether that is offered: one's own department's, and it stands."""
    return handover.taken_back is None and _may_hand(actor, handover.department_id)


def _list_facts(actor: Actor, task_id: int) -> list[SheetFacts]:
    """Parts of the task's joint visits that stand and have ended."""
    return [
        one
        for one in list_sheet_facts(actor.jurisdiction_id, task_id=task_id)
        if len(one.codes) > 1 and not one.is_withdrawn
    ]


def _find_open(actor: Actor, facts: Sequence[SheetFacts]) -> set[int]:
    ids = {one.sheet_id for one in facts if one.ended_on is not None}
    return ids - map_handed_over(actor.jurisdiction_id).keys()


def _share(
    actor: Actor, department_id: int, facts: Sequence[SheetFacts], left: set[int], rule: TermRule
) -> Share:
    ended = [one for one in facts if one.ended_on is not None]
    waiting = [one for one in ended if one.sheet_id in left]
    times, calendar = map_visit_times(actor.jurisdiction_id), load_calendar()
    dues = []
    for one in waiting:
        time = times.get(one.inspection_id, NO_PAUSE)
        start = time.task_ended if rule.start is Start.TASK_END else one.ended_on
        if start is not None:
            dues.append(count_due(rule, start, calendar, time.paused))
    handed = len(ended) - len(waiting)
    return Share(
        get_department(department_id),
        len(ended),
        handed,
        min(dues, key=lambda one: one.due, default=None),
    )


def _may_hand(actor: Actor, department_id: int) -> bool:
    target = Target(actor.jurisdiction_id, department_id)
    return department_id == actor.department_id and may(actor, Action.MATERIALS_HAND_OVER, target)

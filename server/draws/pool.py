"""The pool of a task: who could be drawn today, how many must be, and why (R033–R036, R045)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain import draw as rules
from domain.access import Actor
from domain.draw_pool import OFFICERS_PER_DEPARTMENT
from domain.errors import Fault, fault
from domain.item_ratio import UsedRatio
from domain.sampling import DEFAULT_MULTIPLIERS, WHOLE_TIER, Quota, RiskTier
from server.accounts.models import Department
from server.accounts.service import get_jurisdiction
from server.draws.explanation import Reason, explain_quota
from server.draws.models import Draw
from server.draws.parties import parties_of
from server.i18n import translate as _
from server.inspections import service as inspections
from server.planning import service as planning
from server.planning.models import PlanTask
from server.registry import service as registry
from server.registry.firms import EligibleFirm
from server.registry.models import Firm, Officer
from server.runtime import today
from server.training import service as training

# A plan that names a number of firms and no ratio: the ratio must not add to that number.
SMALLEST_PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class DepartmentPool:
    """The officers of one department whose certificate is valid today. ``label`` is the label the
    draw will ask for, None where too few officers carry the task's; ``recusals`` counts pairs of
    officer and firm of this pool that may never meet."""

    department: Department
    officers: tuple[Officer, ...]
    label: str | None
    recusals: int

    @property
    def suitable(self) -> int:
        """Officers left once the label is asked for."""
        return sum(self.label is None or self.label in one.labels for one in self.officers)


@dataclass(frozen=True, slots=True)
class PoolView:
    """A task's pool as it stands now; nothing is stored. ``quota`` is None for an empty register.
    ``obstacles`` is everything that keeps the pool from being frozen; ``ratio`` is the plan's or
    the higher one of an item."""

    task: PlanTask
    firms: tuple[EligibleFirm, ...]
    departments: tuple[DepartmentPool, ...]
    pool: rules.Pool | None
    quota: Quota | None
    reasons: tuple[Reason, ...]
    obstacles: tuple[Fault, ...]
    ratio: UsedRatio | None = None

    @property
    def is_own(self) -> bool:
        """Whether the bureau takes part; otherwise there is nothing for us to draw."""
        return planning.is_own(self.task)


def drawable_of(departments: Sequence[DepartmentPool]) -> list[int]:
    """Ids of the officers who can be drawn, by department."""
    return [one.id for place in departments for one in place.officers]


def _untrained(actor: Actor, departments: Sequence[DepartmentPool]) -> list[Fault]:
    """Where the county asks for a training before each draw (R120)."""
    if not training.is_needed(actor):
        return []
    found = training.read_readiness(actor, drawable_of(departments))
    if not found.lacking:
        return []
    names = {one.id: one.name for place in departments for one in place.officers}
    return [
        fault(
            "draw.untrained",
            n=len(found.lacking),
            days=(today() - found.since).days,
            names="、".join(names[one] for one in found.lacking),
        )
    ]


def firm_key(firm: Firm | EligibleFirm) -> str:
    """A firm's name in the public record: its credit code, which outlives our row ids."""
    return firm.uscc


def drawn_key(firm: Firm, draw: Draw) -> str:
    """The name under which this draw's record knows the firm: its code of that day, if the firm was
    given another since."""
    pool = (draw.record or {}).get("pool") or {"firms": []}
    known = {one["id"] for one in pool["firms"]}
    codes = (firm_key(firm), *reversed(firm.former_usccs or []))
    return next((code for code in codes if code in known), codes[0])


def officer_key(officer: Officer) -> str:
    """An officer's name in the public record: opaque, because certificates are personal data."""
    return f"officer-{officer.id}"


def officer_id_of(key: str) -> int:
    """The row id back from ``officer_key``."""
    return int(key.removeprefix("officer-"))


def pool_of(actor: Actor, task_id: int) -> PoolView:
    """The pool of a task. Raises ``plan.not_found`` for a task out of sight."""
    task = planning.get_task(actor, task_id)
    if not planning.is_own(task):  # other departments draw for their own tasks
        return PoolView(task, (), (), None, None, (), (fault("draw.pool_empty"),))
    firms = tuple(registry.list_eligible_firms(actor, task.category or ""))
    parties = parties_of(task)
    departments = _department_pools(actor, task, parties.departments, firms)
    obstacles = [_no_officers(name) for name in parties.unknown]
    if not firms:
        return PoolView(task, (), departments, None, None, (), (fault("draw.pool_empty"),))
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    ratio = planning.read_task_items(actor).ratio_of(task, settings)
    pool = _build(actor, task, firms, departments, ratio.percent or SMALLEST_PERCENT)
    quota = pool.quota()
    obstacles += _lacking(pool, departments, firms)
    obstacles += [
        fault("checklist.not_found", department=one.department.name)
        for one in departments
        if not registry.sheet_lists_for(task, one.department)
    ]
    obstacles += _untrained(actor, departments)
    obstacles += [fault("item.withdrawn", item=name) for name in registry.list_withdrawn(task)]
    return PoolView(
        task=task,
        firms=firms,
        departments=departments,
        pool=pool,
        quota=quota,
        reasons=explain_quota(quota, task, ratio),
        obstacles=tuple(obstacles),
        ratio=ratio,
    )


def _department_pools(
    actor: Actor,
    task: PlanTask,
    departments: tuple[Department, ...],
    firms: tuple[EligibleFirm, ...],
) -> tuple[DepartmentPool, ...]:
    on = today()
    drawable = {firm.id for firm in firms}
    found = []
    for department in departments:
        officers = tuple(registry.list_eligible_officers(actor, [department.id], on))
        found.append(
            DepartmentPool(
                department=department,
                officers=officers,
                label=_label(task, officers),
                recusals=sum(len(drawable & set(one.recused_firm_ids)) for one in officers),
            )
        )
    return tuple(found)


def _label(task: PlanTask, officers: tuple[Officer, ...]) -> str | None:
    """Skill first, then the lot (part 7 row 18); but a label nobody was given yet bars nobody."""
    label = task.category
    carriers = sum(label in officer.labels for officer in officers)
    return label if label and carriers >= OFFICERS_PER_DEPARTMENT else None


def _build(
    actor: Actor,
    task: PlanTask,
    firms: tuple[EligibleFirm, ...],
    departments: tuple[DepartmentPool, ...],
    percent: Decimal,
) -> rules.Pool:
    keys = {firm.id: firm_key(firm) for firm in firms}
    table = registry.combination_of(actor.jurisdiction_id)
    staff = [officer.id for one in departments for officer in one.officers]
    visits = inspections.count_visits(actor.jurisdiction_id, staff, today().year)
    return rules.build_pool(
        [
            rules.PoolFirm(firm_key(firm), registry.draw_tier(firm, table), firm.area or None)
            for firm in firms
        ],
        [
            rules.Officer(
                id=officer_key(officer),
                department=one.department.code,
                labels=tuple(officer.labels),
                area=officer.area or None,
                recused_firms=tuple(
                    keys[firm_id] for firm_id in officer.recused_firm_ids if firm_id in keys
                ),
                load=visits.get(officer.id, 0),
            )
            for one in departments
            for officer in one.officers
        ],
        rules.DrawRules(
            percent=percent,
            departments=tuple(one.department.code for one in departments),
            required_labels={one.department.code: one.label for one in departments if one.label},
            multipliers=multipliers_of(get_jurisdiction(actor.jurisdiction_id).settings),
            at_least=task.fixed_count or 0,
        ),
    )


def multipliers_of(settings: Mapping[str, object]) -> Mapping[RiskTier, Decimal]:
    """The county's setting ``draw.multipliers`` (tier → text, ``whole`` for all) over the default
    of domain.md part 7 row 11."""
    own = settings.get("draw.multipliers")
    if not isinstance(own, dict):
        return DEFAULT_MULTIPLIERS
    stated = {
        RiskTier(tier): WHOLE_TIER if text == "whole" else Decimal(str(text))
        for tier, text in own.items()
    }
    return {**DEFAULT_MULTIPLIERS, **stated}


def _lacking(
    pool: rules.Pool,
    departments: tuple[DepartmentPool, ...],
    firms: tuple[EligibleFirm, ...],
) -> list[Fault]:
    """Too few officers, found before the pool is frozen: a draw that failed after its seed was
    read out would have to be repeated, and a repeated draw can be chosen."""
    names = {firm_key(firm): firm.name for firm in firms}
    areas = {firm_key(firm): firm.area for firm in firms}
    found: list[Fault] = []
    for one in departments:
        if one.suitable < OFFICERS_PER_DEPARTMENT:
            found.append(_no_officers(one.department.name, one.suitable))
            continue
        lacks = rules.find_lacks(
            pool.firms, pool.officers, [one.department.code],
            required_labels=pool.rules.required_labels,
        )  # fmt: skip
        alike: dict[tuple[str, int], list[str]] = {}
        for lack in lacks:  # an area without officers lacks them for each of its firms
            alike.setdefault((areas[lack.firm], lack.eligible), []).append(names[lack.firm])
        found += [
            _too_few(one.department.name, _some(alike[area, eligible], area), eligible)
            for area, eligible in alike
        ]
    return found


def _some(firms: list[str], area: str) -> str:
    """The firms in a few words."""
    if len(firms) == 1:
        return firms[0]
    if area:
        return _("{area}的 {firm} 等 {n} 户", area=area, firm=firms[0], n=len(firms))
    return _("{firm} 等 {n} 户", firm=firms[0], n=len(firms))


def _no_officers(department: str, eligible: int = 0) -> Fault:
    return _too_few(department, "—", eligible)


def _too_few(department: str, firm: str, eligible: int) -> Fault:
    needed = OFFICERS_PER_DEPARTMENT
    return fault(
        "draw.too_few_officers",
        department=department,
        firm=firm,
        eligible=eligible,
        needed=needed,
        missing=needed - eligible,
    )

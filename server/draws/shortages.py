"""Why a pool cannot be frozen: which department lacks officers for which firms, why the others
fell out, and what would mend it. Nothing is papered over: no draw until then."""

from __future__ import annotations

from dataclasses import dataclass

from domain import draw as rules
from domain.access import Actor
from domain.draw_pool import OFFICERS_PER_DEPARTMENT
from server.draws.explanation import category_name
from server.draws.parties import parties_of
from server.draws.pool import DepartmentPool, PoolView, firm_key
from server.i18n import translate as _
from server.registry import service as registry


@dataclass(frozen=True, slots=True)
class Shortage:
    """``firms`` is empty where officers are missing for every firm, ``reasons`` says why the others
    do not count, ``remedies`` what would help."""

    department: str
    firms: tuple[str, ...]
    eligible: int
    needed: int
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def explain_shortages(actor: Actor, view: PoolView) -> list[Shortage]:
    """By department in matching order; firms that lack alike stand together. Bodies of the plan
    that no department stands for come first."""
    if view.pool is None:
        return []
    found = [_unknown(name) for name in parties_of(view.task).unknown]
    for one in view.departments:
        found += _everywhere(actor, one) or _somewhere(view, view.pool, one)
    return found


def _unknown(name: str) -> Shortage:
    return Shortage(
        name, (), 0, OFFICERS_PER_DEPARTMENT,
        (_("计划列明的单位不在部门名单中"),),
        (_("在“部门与队伍”中添加该部门，或者添加别名"),),
    )  # fmt: skip


def _everywhere(actor: Actor, one: DepartmentPool) -> list[Shortage]:
    """Fewer than two for any firm at all."""
    if one.suitable >= OFFICERS_PER_DEPARTMENT:
        return []
    department = one.department
    active = [x for x in registry.list_all_officers(actor) if x.department_id == department.id]
    reasons, remedies = [], []
    if expired := len(active) - len(one.officers):
        reasons.append(_("{n} 人执法证件已过期", n=expired))
        remedies.append(_("换发证件后更新有效期"))
    if missing := len(one.officers) - one.suitable:
        label = category_name(one.label)
        reasons.append(_("{n} 人没有业务标签“{label}”", n=missing, label=label))
        remedies.append(_("确有专长的，补上业务标签"))
    if not active:
        reasons.append(_("名录库中没有该部门的在岗人员"))
    remedies.append(_("由该部门补报执法检查人员名单"))
    return [
        Shortage(
            department.name, (), one.suitable, OFFICERS_PER_DEPARTMENT,
            tuple(reasons), tuple(remedies),
        )
    ]  # fmt: skip


def _somewhere(view: PoolView, pool: rules.Pool, one: DepartmentPool) -> list[Shortage]:
    """Enough in all, too few for some firms."""
    names = {firm_key(firm): firm.name for firm in view.firms}
    lacks = rules.find_lacks(
        pool.firms, pool.officers, [one.department.code], pool.rules.per_department,
        pool.rules.required_labels,
    )  # fmt: skip
    alike: dict[tuple[int, int, int, int], list[rules.Lack]] = {}
    for lack in lacks:
        key = (lack.eligible, lack.without_label, lack.elsewhere, lack.recused)
        alike.setdefault(key, []).append(lack)
    return [_of_firms(one, group, names) for group in alike.values()]


def _of_firms(one: DepartmentPool, group: list[rules.Lack], names: dict[str, str]) -> Shortage:
    first = group[0]
    label = category_name(one.label)
    told = (
        (first.without_label, _("{n} 人没有业务标签“{label}”", n=first.without_label, label=label),
         _("确有专长的，补上业务标签")),
        (first.elsewhere, _("{n} 人只负责其他区域", n=first.elsewhere),
         _("调整执法检查人员的负责区域，留空即不限区域")),
        (first.recused, _("{n} 人须回避", n=first.recused), _("核对回避名单是否仍然有效")),
    )  # fmt: skip
    return Shortage(
        one.department.name,
        tuple(names[lack.firm] for lack in group),
        first.eligible,
        first.needed,
        tuple(reason for number, reason, _remedy in told if number),
        (
            *(remedy for number, _reason, remedy in told if number),
            _("由该部门补报执法检查人员名单"),
        ),
    )

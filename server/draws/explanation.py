"""Why so many: the sentences beside the numbers of a draw (R033, R036)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.item_ratio import UsedRatio
from domain.sampling import SMALLEST_SAMPLE_FIRMS, Quota, RiskTier, TierLine
from server.i18n import translate as _
from server.planning.models import PlanTask


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence; ``tier`` None for the whole."""

    tier: RiskTier | None
    text: str


def explain_quota(
    quota: Quota, task: PlanTask, ratio: UsedRatio | None = None
) -> tuple[Reason, ...]:
    """First why the total is what it is, then each tier from the highest to the lowest. ``ratio``
    says which item raised the plan's."""
    whole = [Reason(None, _whole(quota, task, ratio))]
    if raised := explain_ratio(ratio):
        whole.insert(0, Reason(None, raised))
    if quota.total > quota.required:
        text = _("各风险等级分别进位后共抽取 {total} 户，不低于应抽数。", total=quota.total)
        whole.append(Reason(None, text))
    lines = [Reason(line.tier, _tier(line)) for line in quota.lines if line.available]
    return tuple(whole + lines)


def category_name(category: str | None) -> str:
    """A trade for a person; the code itself where it is ours alone."""
    names = {
        "passenger": _("道路客运"),
        "freight": _("道路货运"),
        "taxi": _("巡游出租汽车"),
        "driver_training": _("驾驶员培训"),
        "hazmat": _("危险货物运输"),
        "repair": _("机动车维修"),
        "ride_hailing": _("网约车"),
        "highway_works": _("公路工程"),
        "station": _("运输站场"),
        "vehicle_test": _("机动车检验检测"),
    }
    return names.get(category or "", category or "")


def draw_type_name(draw_type: str) -> str:
    """定向 or 不定向 (R022)."""
    return {"directed": _("定向"), "undirected": _("不定向")}.get(draw_type, draw_type)


def explain_ratio(ratio: UsedRatio | None) -> str:
    """Which item's ratio counts instead of the plan's; empty where the plan's own does."""
    if ratio is None or ratio.item is None:
        return ""
    item = ratio.item
    said = {
        "kind": _("重点事项") if item.is_key else _("一般事项"),
        "item": item.name,
        "percent": format(item.percent.normalize(), "f"),
    }
    if ratio.plan is None:
        return _("计划未注明比例；清单中{kind}“{item}”的比例为 {percent}%，按此抽取。", **said)
    return _(
        "计划比例为 {plan}%，清单中{kind}“{item}”的比例为 {percent}%，按较高的比例抽取。",
        plan=format(ratio.plan.normalize(), "f"),
        **said,
    )


def _whole(quota: Quota, task: PlanTask, ratio: UsedRatio | None) -> str:
    if quota.pool < SMALLEST_SAMPLE_FIRMS:
        return _("对象库共 {pool} 户，低于 3 户，全部抽取。", pool=quota.pool)
    if task.fixed_count and quota.required == min(quota.pool, task.fixed_count):
        return _(
            "计划要求抽取 {count} 户，对象库共 {pool} 户。",
            count=task.fixed_count,
            pool=quota.pool,
        )
    is_raised = ratio is not None and ratio.item is not None
    if task.ratio_percent is None and not is_raised:
        return _("计划未注明比例，按至少 3 户抽取（对象库共 {pool} 户）。", pool=quota.pool)
    percent = format(quota.percent.normalize(), "f")
    if quota.required == SMALLEST_SAMPLE_FIRMS and quota.pool * quota.percent <= 200:
        return _(
            "对象库共 {pool} 户，按 {percent}% 不足 3 户，至少抽取 3 户。",
            pool=quota.pool,
            percent=percent,
        )
    if is_raised:
        return _(
            "对象库共 {pool} 户，按 {percent}% 应抽 {required} 户（尾数进一）。",
            pool=quota.pool,
            percent=percent,
            required=quota.required,
        )
    return _(
        "对象库共 {pool} 户，按计划比例 {percent}% 应抽 {required} 户（尾数进一）。",
        pool=quota.pool,
        percent=percent,
        required=quota.required,
    )


def _tier(line: TierLine) -> str:
    share = format(line.share_percent.normalize(), "f")
    text = _(
        "{available} 户 × {share}% → {n} 户",
        available=line.available,
        share=share,
        n=line.proportional,
    )
    if line.held_back:
        text += _("，减 {n} 户，使比例不高于上一等级", n=line.held_back)
    if line.added:
        text += _("，加 {n} 户，补足应抽总数", n=line.added)
    return text + _("。")

"""The words of the settings page, asked for at the request: the language is the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.county_settings import SETTINGS, WHOLE, Kind
from domain.results import RESULTS, LocalResult
from domain.risk import NO_TIER, CombinationRule, combination
from domain.sampling import RiskTier
from server.i18n import translate as _
from server.inspections.wording import result_word


def group_names() -> dict[str, str]:
    """Panels of the page, in its order."""
    return {
        "risk": _("风险分类与抽查力度"),
        "draw": _("公开抽取"),
        "items": _("抽查事项的比例"),
        "kpi": _("考核指标下限"),
        "entry": _("录入期限与审核"),
        "reminders": _("期限提醒"),
        "terms": _("期限的起算、公示和报送"),
        "correction": _("结果更正"),
        "follow_up": _("后续处置与回访"),
        "clues": _("举报线索"),
        "public": _("结果公示"),
        "warning": _("问题预警"),
        "report": _("报表"),
        "group": _("领导小组办公室"),
        "platform": _("监管平台"),
    }


def labels() -> dict[str, str]:
    """Setting → its name."""
    return {
        "draw.multipliers": _("各风险等级的抽查力度"),
        "risk.combination": _("信用风险与行业风险的组合"),
        "draw.dice_rolls": _("掷骰子次数"),
        "officers.confirmed_within_days": _("部门执法人员数据多少天内须确认"),
        "training.within_days": _("抽取前多少天内的业务培训算数"),
        "training.needed": _("可抽取的执法人员未培训的，不能抽取"),
        "draw.publish_frozen_pool": _("抽取之前就公布抽取池"),
        "draw.item_ratio": _("抽取按哪个比例"),
        "public.firms_from": _("公布抽中企业名单的时间"),
        "items.key_percent": _("重点事项的抽查比例（%）"),
        "items.general_percent": _("一般事项的抽查比例（%）"),
        "kpi.credit_use_min": _("运用信用风险分类的抽查占比（%）"),
        "kpi.drawn_share_min": _("随机抽查占比（%）"),
        "kpi.joint_count_min": _("联合抽查次数占比（%）"),
        "kpi.joint_firms_min": _("联合抽查户数占比（%）"),
        "entry.working_days": _("录入期限（工作日）"),
        "entry.working_days_by_department": _("个别部门的录入期限（工作日）"),
        "entry.start": _("录入期限从何时起算"),
        "entry.cap_date": _("最迟录入日期"),
        "entry.met_by": _("怎样算按期录入"),
        "board.screen_names_firms": _("大屏看板显示企业名称"),
        "publication.within_days": _("公示期限（工作日，0 为与录入期限相同）"),
        "materials.within_days": _("多少天内将相关资料报牵头单位"),
        "materials.unit": _("报送资料的天数怎么算"),
        "materials.start": _("报送资料从何时起算"),
        "entry.acceptance_required": _("录入前须经组长审核通过"),
        "reminders.days_before": _("到期前多少个工作日提醒"),
        "reminders.on_due_day": _("到期当天提醒"),
        "reminders.deputy_after_days": _("超期多少个工作日后同时提醒分管负责人"),
        "reminders.from_hour": _("几点以后发出提醒"),
        "reminders.until_hour": _("几点以后不再发出提醒"),
        "reminders.on_rest_days": _("休息日也发出提醒"),
        "correction.approver_roles": _("谁批准结果更正"),
        "correction.needs_endorsement": _("先由分管负责人签署意见"),
        "correction.typed_signature": _("签批时可以输入姓名代替手写签名"),
        "follow_up.decide_within_days": _("发现问题后多少个工作日内作出处置决定"),
        "telling.within_days": _("结果录入后多少个工作日内告知企业"),
        "revisit.percent": _("回访比例（%）"),
        "revisit.within_days": _("抽取后多少天内完成回访"),
        "clue.accept_within_days": _("收到举报后多少个工作日内决定是否受理"),
        "clue.finish_within_days": _("受理后多少个工作日内办结"),
        "clue.phone": _("监督举报电话"),
        "public.results_days": _("检查结果公示多少天（0 为一直公示）"),
        "warning.months": _("与此前多少个月比较"),
        "warning.min_checked": _("当月检查少于多少次的不判断"),
        "warning.min_found": _("当月发现少于多少项的不预警"),
        "warning.min_base": _("此前检查少于多少次的不判断"),
        "report.own_draws": _("在本系统抽取的任务计入附件1的哪一部分"),
        "report.region": _("附件2中的地区用语"),
        "group.office": _("领导小组办公室设在"),
        "platform.name": _("监管平台名称"),
        "platform.channel": _("结果公示渠道"),
        "platform.result_codes": _("平台的抽查结果代码"),
        "platform.local_results": _("停业、注销、迁出按哪项结果录入"),
    }


def hints() -> dict[str, str]:
    """Setting → what it does, and what is meant where the sources leave it open."""
    return {
        "draw.multipliers": _(
            "各级抽取比例 = 计划比例 × 力度，须逐级递加；填“全部”表示该级全数抽取。"
            "文件只要求“递加”，未给出数值。"
        ),
        "risk.combination": _("两种分类不一致时，抽取按组合后的等级计算；只有一种时按已知的一种。"),
        "draw.dice_rolls": _("冻结抽取池时即确定，不能边掷边看结果。文件未规定次数。"),
        "officers.confirmed_within_days": _(
            "配合部门超过此天数未确认本部门执法人员数据的，抽取前提醒；填 0 为本年度内确认即可。"
        ),
        "training.within_days": _("抽取页面按此提示参训人数。文件只要求抽取前培训，未定时间。"),
        "training.needed": _("不勾选的只作提示；勾选后，有人未培训的不能冻结抽取池。"),
        "draw.publish_frozen_pool": _(
            "公布后任何人都能在抽取之前发现漏掉或多出的企业；抽取池含各户的风险等级。"
            "不勾选的，抽取之前只公布摘要。"
        ),
        "draw.item_ratio": _(
            "计划比例是下限：任务所含事项（通用项目除外）公示的比例更高的，按更高的抽取，"
            "并写明是哪个事项。已冻结的抽取池不受影响；频次始终按计划。"
        ),
        "public.firms_from": _(
            "文件要求公开抽取，未规定名单何时公布。检查之前不想让企业提前得知的，可以推迟："
            "届时之前只公布摘要、户数和部门，随机数也一并推迟，因为企业凭随机数就能算出自己是否抽中。"
            "摘要在抽取之前已经公布，推迟不影响事后核对。"
        ),
        "items.key_percent": _(
            "事项未单独设定比例时按此公示，高于计划比例时也按此抽取；文件只要求分别确定，未给出数值。"
        ),
        "items.general_percent": _(
            "事项未单独设定比例时按此公示，高于计划比例时也按此抽取；不低于随机抽查占比。"
        ),
        "kpi.credit_use_min": _("清河县要求不低于 90%，阳城县要求 100%。"),
        "kpi.drawn_share_min": _("抽取户数 ÷ 名录库户数；文件未说明算法，按此口径。"),
        "kpi.joint_count_min": _("部门联合次数 ÷ 随机抽查总次数。"),
        "kpi.joint_firms_min": _("部门联合户数 ÷ 随机抽查总户数，按抽查总户数计算。"),
        "entry.working_days": _("从检查结束次日起算。联合抽查取各部门中最短的期限。"),
        "entry.working_days_by_department": _("不填的部门按上一项执行。"),
        "entry.start": _(
            "文件只说“抽查结束后”，未说是一户还是整个任务。选“整个任务”的，同一次抽取的各户"
            "全部检查完毕之前不开始计算。"
        ),
        "entry.cap_date": _("专项行动有结束日期时填写；与期限相比取较早的一天。不填即不限。"),
        "entry.met_by": _(
            "文件要求录入监管平台。选“以平台回执为准”的，登记回执之前期限继续计算，"
            "录入率也按已有回执的计算。"
        ),
        "board.screen_names_firms": _("大屏挂在来访人员看得到的地方时，可以只显示检查编号。"),
        "publication.within_days": _("文件要求公示率 100%，未单独规定期限。"),
        "materials.within_days": _("联合抽查中，配合部门将相关资料报牵头单位的期限。"),
        "materials.unit": _("文件写的是“10日”，不是工作日；末日是休息日的，顺延到下一个工作日。"),
        "materials.start": _("文件只说“抽查结束后”，未说是一户还是整个任务。"),
        "entry.acceptance_required": _("录入即锁定，不能再改，建议保留。"),
        "reminders.days_before": _(
            "用顿号分开，如 10、5、3、1；提醒办理人，不填即到期前不提醒。"
            "文件只要求全部按期录入，未规定怎样提醒。"
        ),
        "reminders.on_due_day": _("提醒办理人。"),
        "reminders.deputy_after_days": _(
            "超期后每个工作日提醒组长，首日也提醒办理人；填 0 为不提醒分管负责人。"
        ),
        "reminders.from_hour": _("0 至 12 点。早于此时的，到时再发；“消息”页随时可以看到。"),
        "reminders.until_hour": _("13 至 24 点。晚于此时的，下一个工作日再发。"),
        "reminders.on_rest_days": _("不勾选的，只在工作日发出，调休上班日按工作日。"),
        "correction.approver_roles": _("两份文件规定不一，默认由主要负责人批准。"),
        "correction.needs_endorsement": _("分管负责人先签署意见，再由主要负责人批准。"),
        "correction.typed_signature": _("文件要求签字确认，默认须手写；不便手写的单位可以打开。"),
        "follow_up.decide_within_days": _("从结果录入次日起算。文件只要求及时，未规定天数。"),
        "telling.within_days": _("从结果录入次日起算，更正后重新起算。文件要求告知，未规定天数。"),
        "revisit.percent": _("在发现问题的企业中随机抽取，不足一户的按一户；填 0 为不回访。"),
        "revisit.within_days": _("文件未规定时间，默认约三个月。"),
        "clue.accept_within_days": _("从收到次日起算。文件只要求公众可以举报，未规定天数。"),
        "clue.finish_within_days": _("从受理次日起算。文件未规定天数。"),
        "clue.phone": _("显示在举报页面和企业扫码核对检查人员的页面上；不填即不显示。"),
        "public.results_days": _(
            "从首次公示之日起算，到期后公示页和下载文件中不再出现；记录照常保存。文件未规定期限，默认一直公示。"
        ),
        "warning.months": _(
            "不含当月。文件只要求预警，未给出算法：按控制图，超过平均加三倍标准差的预警。"
        ),
        "warning.min_checked": _("次数太少时，一两项发现就会显得占比很高。"),
        "warning.min_found": _("不论占比多少，少于此数不预警。"),
        "warning.min_base": _("此前数据太少，平均不可靠。"),
        "report.own_draws": _(
            "附件1分“监管平台”和“其他平台”两部分，文件未说明在本系统抽取、结果录入监管平台的计在哪里。"
            "在监管平台上抽取后导入的始终计入监管平台。"
        ),
        "report.region": _("附件2原文为“市有关部门”“市本级”“全市”；县级部门填报的可改为“县”。"),
        "group.office": _("显示在领导小组名单和“计划落实督办”页上。"),
        "platform.name": _("填写结果录入的省级平台全称，用于记录单和报表。"),
        "platform.channel": _("登记公示情况时预先填好，可逐件改写。"),
        "platform.result_codes": _(
            "各平台编号不一：导出录入内容时，按这里的代码和文字填写；不填的用国家公示系统的。"
        ),
        "platform.local_results": _(
            "检查时记明“已关闭停业”或“已搬离登记住所”的，导出时按此换成国家公示系统的结果；"
            "停业的，录入时名录库中已注销的按“已注销”。"
        ),
    }


def tier_names() -> dict[str, str]:
    """The four tiers, lowest first, and none."""
    return {
        "low": _("低风险"),
        "normal": _("一般风险"),
        "elevated": _("较高风险"),
        "high": _("高风险"),
        NO_TIER: _("未分类"),
    }


def choice_names() -> dict[str, str]:
    """What can be chosen: the approver, the ratio a draw goes by, when its firms are named, how
    reports call the county."""
    return {
        "unit_head": _("主要负责人"),
        "deputy_head": _("分管负责人"),
        "higher": _("计划比例与事项比例不一致的，取较高者"),
        "plan": _("只按计划比例"),
        "entered": _("以本系统录入（锁定）为准"),
        "receipt": _("以平台回执为准"),
        "firm_end": _("对该户的检查结束"),
        "task_end": _("整个任务的检查全部结束"),
        "working": _("按工作日"),
        "calendar": _("按日历天"),
        "drawn": _("抽取后立即"),
        "visited": _("检查完成后"),
        "published": _("结果公示时"),
        "platform": _("监管平台（前八行）"),
        "other": _("其他平台（后三行）"),
        "city": _("市"),
        "county": _("县"),
        **{str(code): result_word(code) for code in RESULTS},
        LocalResult.CLOSED: _("已关闭停业或正在清算"),
        LocalResult.DEREGISTERED: _("已注销"),
        LocalResult.LICENCE_REVOKED: _("被吊销"),
        LocalResult.REGISTRATION_CANCELLED: _("被撤销登记"),
        LocalResult.MOVED_OUT: _("已迁出"),
    }


def rule_names() -> dict[str, str]:
    """How two classes become one."""
    return {
        "higher": _("取较高的一级"),
        "credit_only": _("只看企业信用风险分类"),
        "table": _("按本县组合表"),
    }


def shown(key: str, value: Any, departments: Mapping[str, str]) -> str:
    """A value for a person, in the history and beside the default; ``departments`` code → name."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if not value:
        return _("不设")
    if key == "platform.result_codes":
        return "；".join(f"{code} → {one['number']} {one['text']}" for code, one in value.items())
    if key == "platform.local_results":
        return "；".join(f"{choice_names()[one]} → {code}" for one, code in value.items())
    match value:
        case {"rule": rule}:
            return rule_names().get(str(rule), str(rule))
        case list() if key == "reminders.days_before":
            return _("、").join(str(one) for one in value)
        case dict():
            return _pairs(value, tier_names() if key == "draw.multipliers" else departments)
        case list():
            return " / ".join(choice_names().get(str(one), str(one)) for one in value)
        case str() if key in SETTINGS and SETTINGS[key].kind is Kind.CHOICE:
            return choice_names().get(value, value)
        case _:
            return str(value)


def changed_cells(key: str, old: Any, new: Any) -> list[str]:
    """Each pair of classes of the risk table that comes to another tier, in the order of the
    table: a rule that was exchanged for another changes cells as well. Empty for other settings."""
    if key != "risk.combination":
        return []
    names = tier_names()
    before, after = cells_of(old), cells_of(new)
    return [
        _(
            "信用风险“{credit}”、行业风险“{industry}”：{old} → {new}",
            credit=names[credit], industry=names[industry],
            old=names[before[pair]], new=names[after[pair]],
        )
        for credit in names
        for industry in names
        if before[pair := f"{credit}/{industry}"] != after[pair]
    ]  # fmt: skip


def cells_of(stated: Mapping[str, Any]) -> dict[str, str]:
    """ "credit/industry" → tier of the stated rule; what was typed last where it does not hold."""
    cells: dict[str, str] = dict(stated.get("cells") or {})
    rule = stated.get("rule")
    base = combination(
        CombinationRule(rule)
        if rule in {CombinationRule.HIGHER, CombinationRule.CREDIT_ONLY}
        else CombinationRule.HIGHER
    )
    whole = {
        f"{credit or NO_TIER}/{industry or NO_TIER}": str(tier or NO_TIER)
        for (credit, industry), tier in base.table.items()
    }
    return {**whole, **cells}


def _pairs(value: Mapping[str, Any], names: Mapping[str, str]) -> str:
    whole = _("全部")
    # The audit log keeps its details by letter; tiers are read from low to high.
    rank = {tier.value: place for place, tier in enumerate(RiskTier)}
    return " · ".join(
        f"{names.get(code, code)} {whole if one == WHOLE else one}"
        for code, one in sorted(value.items(), key=lambda pair: rank.get(pair[0], 0))
    )


def conventions() -> list[tuple[str, str, tuple[str, ...]]]:
    """What the sources leave open and the product has decided for good: point, rule, clauses."""
    return [
        (
            _("应抽户数的进位"),
            _("户数 × 比例有小数时进一；不足 3 户的全部抽取，其余不少于 3 户。"),
            ("R036",),
        ),
        (_("无信用风险分类的企业"), _("按一般风险参加抽取，页面注明“未分类”。"), ("R033",)),
        (_("频次未注明"), _("按一年一次计算，页面注明“未注明”。"), ("R032",)),
        (_("人员数量"), _("每户每部门不少于 2 名执法检查人员，不足不能冻结抽取池。"), ("R048",)),
        (
            _("随机与合适"),
            _("先按业务标签、片区和回避筛选，再在其余人员中等概率抽取，兼顾工作量。"),
            ("R045",),
        ),
        (_("联合抽查由谁录入"), _("各部门录入、更正、公示各自的结果表。"), ("R077",)),
        (_("全市或其他部门的任务"), _("随县级计划导入，但不计入本单位任务。"), ("R021",)),
        (_("领导小组"), _("只组织协调，不作为检查主体。"), ("R113",)),
        (
            _("行业主管部门"),
            _("机动车检验检测机构为市场监督管理局，其余行业为本局；联合任务由行业主管部门发起。"),
            ("R028",),
        ),
        (
            _("抽取户数占名录库的比例"),
            _("一户有几个行业、被抽到几次，都只计一户。"),
            ("R109",),
        ),
    ]

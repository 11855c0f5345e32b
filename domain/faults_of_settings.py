"""Faults of the county's settings and of risk classes."""

from typing import Final

from domain.fault_spec import FaultSpec as F

SETTING_FAULTS: Final[tuple[F, ...]] = (
    F(
        "risk.bad_table",
        422,
        "组合表不成立：等级更高时结果不得更低（信用风险“{credit}”、行业风险“{industry}”）。",
        "The table does not hold: a higher class may not give a lower result"
        " (credit “{credit}”, industry “{industry}”).",
    ),
    F("risk.tier_low", 422, "低风险", "low risk"),
    F("risk.tier_normal", 422, "一般风险", "normal risk"),
    F("risk.tier_elevated", 422, "较高风险", "elevated risk"),
    F("risk.tier_high", 422, "高风险", "high risk"),
    F("risk.tier_none", 422, "未分类", "unclassified"),
    F(
        "setting.refused",
        422,
        "该项设置不正确：{reason}。",
        "This setting cannot be used: {reason}.",
    ),
    F(
        "setting.changed_meanwhile",
        409,
        "其他人刚刚改过设置，请核对现行值后再保存；您填写的内容已保留。",
        "Somebody has just changed the settings. Compare with what holds now and save again; what"
        " you typed is kept.",
    ),
    F(
        "setting.must_rise",
        422,
        "抽查力度须随风险等级递加，后一级要大于前一级",
        "the multipliers must rise with the tier, each above the one before",
    ),
    F("setting.none_chosen", 422, "至少选择一项", "choose at least one"),
    F(
        "setting.not_a_number",
        422,
        "请填写数字，小数不超过 6 位",
        "a number is needed, with at most 6 decimals",
    ),
    F("setting.not_positive", 422, "应大于 0，不超过 {high}", "it is above 0 and at most {high}"),
    F("setting.not_whole", 422, "请填写整数", "a whole number is needed"),
    F("setting.out_of_range", 422, "应在 {low} 至 {high} 之间", "it lies between {low} and {high}"),
    F("setting.too_long", 422, "最多 {max} 字", "at most {max} characters"),
    F("setting.too_many", 422, "最多 {max} 个", "at most {max} of them"),
    F("setting.unknown_choice", 422, "没有这个选项", "there is no such choice"),
)

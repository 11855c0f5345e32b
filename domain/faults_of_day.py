"""Faults of the lead's day. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

DAY_FAULTS: Final[tuple[F, ...]] = (
    F(
        "day.changed_since",
        409,
        "页面打开之后当日情况有变化，请核对后重新签署；填写的备注和签名已保留。",
        "The day has changed since this page was opened; look at it again, then sign. Your remark "
        "and signature are kept.",
    ),
    F(
        "day.not_yet",
        422,
        "这一天还没有到，不能签署小结。",
        "That day has not come; its summary cannot be signed.",
    ),
    F(
        "day.nothing_to_sign",
        422,
        "这一天本部门没有检查，无需签署小结。",
        "Your department has no visit on that day; there is nothing to sign.",
    ),
    F("day.summary_not_found", 404, "未找到该小结。", "The summary was not found."),
)

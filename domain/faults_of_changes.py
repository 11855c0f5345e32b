"""Faults after the draw: replaced officers, withdrawn firms, draws made on the platform.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

CHANGE_FAULTS: Final[tuple[F, ...]] = (
    F(
        "change.none_eligible",
        422,
        "本部门没有其他可派的执法检查人员，请先补充人员名录。",
        "The department has no other officer to send; add to the register of officers first.",
    ),
    F("change.not_found", 404, "未找到该变更申请。", "The change was not found."),
    F(
        "change.not_on_team",
        409,
        "该人员已不在本次检查的人员之中。",
        "This officer is not on the team of this visit.",
    ),
    F(
        "change.open",
        409,
        "本次检查已有待审批的变更，请先办结。",
        "A change of this visit waits for its decision already.",
    ),
    F(
        "change.own_request",
        403,
        "本人提出的或涉及本人的变更须由他人审批。",
        "Somebody else has to decide on one's own request, or on a change about oneself.",
    ),
    F(
        "change.pool_changed",
        409,
        "候选人员在申请之后有变化，未抽取；请退回后重新申请。",
        "The candidates have changed since the request; nothing was drawn. Refuse it and ask anew.",
    ),
    F(
        "change.recorded",
        409,
        "现场已有检查记录，不能撤出；无法联系或未开展经营的，按结果代码 4 或 7 如实录入。",
        "Something was recorded on site, so it cannot be withdrawn: enter result 4 (not reachable) "
        "or 7 (not engaged in the business) as found.",
    ),
    F(
        "change.seed_reused",
        422,
        "该随机数已用过，请重新产生。",
        "This random number was used before; make a new one.",
    ),
    F(
        "change.sheet_submitted",
        409,
        "该部门的检查记录已提交，不能再更换人员。",
        "The department's sheet was handed in; its officers can no longer be replaced.",
    ),
    F("change.unknown_reason", 422, "请选择原因。", "Choose a reason."),
    F("change.wrong_state", 409, "该申请已经办结。", "This request has been decided already."),
)

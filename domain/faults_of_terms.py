"""Faults of terms and their pauses."""

from typing import Final

from domain.fault_spec import FaultSpec as F

TERM_FAULTS: Final[tuple[F, ...]] = (
    F(
        "materials.day_refused",
        422,
        "报送日期须在 {first}（最早一户检查结束）至今天之间。",
        "The day lies between {first}, when the first of these visits ended, and today.",
    ),
    F(
        "materials.not_found",
        404,
        "未找到该报送记录。",
        "This handover was not found.",
    ),
    F(
        "materials.nothing_left",
        409,
        "没有待报送的资料：已结束的检查均已报送，或检查尚未结束。",
        "Nothing is left to hand over: every ended visit was handed over, or none has ended yet.",
    ),
    F(
        "materials.taken_back",
        409,
        "该报送记录已经撤回，请刷新页面。",
        "This handover was taken back already; reload the page.",
    ),
    F(
        "pause.after_due",
        422,
        "中止开始时期限已经届满，请填写期限之内的日期。",
        "The term is over by then; enter a day before it ends.",
    ),
    F(
        "pause.backwards",
        422,
        "恢复计时不能早于中止：结束日期须不早于开始日期。",
        "The last day of the pause cannot lie before its first.",
    ),
    F(
        "pause.before_start",
        422,
        "检查于 {ended_on} 结束，次日起才计算期限；请填写之后的日期。",
        "The inspection ended on {ended_on} and counting starts the day after; enter a later day.",
    ),
    F(
        "pause.not_found",
        404,
        "未找到该中止申请。",
        "The request for a pause was not found.",
    ),
    F(
        "pause.not_running",
        409,
        "录入期限没有在计算（检查尚未结束，或结果已经录入），不能中止。",
        "The term of the entry is not running (the visit has not ended, or the results are"
        " entered), so that there is nothing to pause.",
    ),
    F(
        "pause.open",
        409,
        "这次检查已有待审批的中止申请。",
        "A request for a pause of this inspection is waiting already.",
    ),
    F(
        "pause.overdue",
        409,
        "录入期限已于 {due} 届满，不能再申请中止。",
        "The term ended on {due}; a pause can no longer be asked for.",
    ),
    F(
        "pause.overlaps",
        422,
        "与已批准的中止日期重叠。",
        "These days overlap with a pause that was approved.",
    ),
    F(
        "pause.own_request",
        403,
        "申请人不能审批自己的申请。",
        "Whoever asked cannot decide on it.",
    ),
    F(
        "pause.too_long",
        422,
        "一次中止最长 {max} 天；确需更长的，届时再次申请。",
        "One pause lasts {max} days at most; ask again where it must be longer.",
    ),
    F(
        "pause.unknown_reason",
        422,
        "请选择中止原因。",
        "Choose a reason for the pause.",
    ),
    F(
        "pause.without_evidence",
        422,
        "请附上证明材料（PDF 或照片）。",
        "Attach the evidence (PDF or photo).",
    ),
    F(
        "pause.wrong_state",
        409,
        "该中止申请已经办结，请刷新页面。",
        "This request has been decided already; reload the page.",
    ),
)

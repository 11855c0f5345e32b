"""Faults of the draw as an event in a room, and of redraws."""

from typing import Final

from domain.fault_spec import FaultSpec as F

DRAW_FAULTS: Final[tuple[F, ...]] = (
    F(
        "draw.dice_closed",
        409,
        "点数已经确认，不能再改。",
        "The rolls have been confirmed and cannot be changed any more.",
    ),
    F(
        "draw.dice_missing",
        409,
        "还差 {left} 次，掷满 {needed} 次后才能确认。",
        "{left} rolls are missing; they can be confirmed after {needed}.",
    ),
    F(
        "draw.dice_moved",
        409,
        "另一个窗口刚刚改动了点数，请核对后再录入。",
        "Another window has just changed the rolls; check them and enter yours again.",
    ),
    F(
        "draw.dice_too_many",
        422,
        "只差 {left} 次，填写了 {given} 个点数。",
        "{left} rolls are left, {given} were entered.",
    ),
    F(
        "draw.dice_value",
        422,
        "“{text}”不是骰子点数，只能填写 1 至 {sides}。",
        "“{text}” is not a roll of a die; enter digits from 1 to {sides}.",
    ),
    F(
        "draw.held_back",
        403,
        "抽取记录和抽取池含企业名单，本县到时才公布；摘要已经公布，届时可以核对。",
        "The record and the pool name the firms; this county publishes them later. Their digests"
        " are published already: what is shown then can be checked against them.",
    ),
    F(
        "draw.lottery_early",
        422,
        "开奖时间须晚于冻结抽取池和指定彩票的时间（{earliest}）。",
        "The result must come after the freeze and after the lottery was named ({earliest}).",
    ),
    F(
        "draw.lottery_future",
        422,
        "开奖时间不能晚于现在。",
        "The time of the result cannot lie in the future.",
    ),
    F(
        "draw.meeting_missing",
        409,
        "请先登记抽取时间、地点和监督人。",
        "First record when and where the draw takes place, and who witnesses it.",
    ),
    F(
        "draw.randomness_begun",
        409,
        "已经开始产生随机数，不能撤销抽取池，也不能改用其他来源；确需重来的，申请重抽。",
        "The random number has been begun: the pool cannot be given up nor another source be taken."
        " Where it must be done again, ask for a redraw.",
    ),
    F(
        "draw.seed_missing",
        409,
        "随机数还没有产生完毕，不能抽取。",
        "The random number is not complete yet; nothing can be drawn.",
    ),
    F(
        "inspection.withdrawn",
        409,
        "该检查已撤回，不再办理。",
        "This inspection was taken back and takes no further steps.",
    ),
    F(
        "redraw.begun",
        409,
        "{number} 已经开始检查，不能重抽。",
        "The inspection {number} has begun; nothing can be drawn again.",
    ),
    F(
        "redraw.decided",
        409,
        "该重抽申请已经办结。",
        "This request for a redraw has been decided already.",
    ),
    F("redraw.not_found", 404, "未找到该重抽申请。", "The request for a redraw was not found."),
    F(
        "redraw.not_possible",
        409,
        "只有已抽取，或者已开始产生随机数的抽取，才能申请重抽。",
        "Only a draw that was made, or whose random number was begun, can be drawn again.",
    ),
    F(
        "redraw.open",
        409,
        "这次抽取已有待批的重抽申请。",
        "A request to draw this again is waiting already.",
    ),
    F(
        "redraw.own_request",
        403,
        "申请人不能批准自己的申请。",
        "Nobody decides on a request of their own.",
    ),
)

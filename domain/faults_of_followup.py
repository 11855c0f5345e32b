"""Faults of follow-up and revisits. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

FOLLOW_UP_FAULTS: Final[tuple[F, ...]] = (
    F(
        "follow_up.body_is_own",
        422,
        "接收机关不能是本部门；由本部门办理的，请选责令改正、行政处罚或转办。",
        "The body that receives it cannot be the own department; what it deals with itself is an "
        "order, a penalty or assigned onward.",
    ),
    F(
        "follow_up.changed_meanwhile",
        409,
        "该问题的处置情况刚被他人更改，请核对后重新办理；填写内容已保留。",
        "Somebody else has just changed this case; look at it again. What you typed is kept.",
    ),
    F("follow_up.done_in_future", 422, "办结日期不能晚于今天。", "It cannot be done after today."),
    F(
        "follow_up.due_out_of_range",
        422,
        "期限应在今天至一年之内。",
        "The due date lies between today and a year from now.",
    ),
    F(
        "follow_up.needs_body",
        422,
        "请填写接收机关。",
        "Name the body it goes to.",
    ),
    F("follow_up.needs_case_no", 422, "请填写立案号。", "Enter the case number."),
    F(
        "follow_up.needs_document",
        422,
        "请附上办结材料：改正证明、处罚决定书或移送函。",
        "Attach the paper that shows it: proof of correction, penalty decision or letter of "
        "transfer.",
    ),
    F("follow_up.needs_due", 422, "请填写改正期限。", "Enter by when it is to be corrected."),
    F("follow_up.needs_outcome", 422, "请填写办理结果。", "Say what came of it."),
    F(
        "follow_up.needs_public_text",
        422,
        "请填写公示内容。",
        "Write what is to be published.",
    ),
    F("follow_up.needs_reason", 422, "请填写处置理由。", "Give the reason for the decision."),
    F(
        "follow_up.not_allowed",
        422,
        "该问题不能这样处置：后续处置无例外，只有当场改正的一般问题才可无须后续处置。",
        "This problem cannot be disposed of so: nothing further follows only for a minor problem "
        "that was put right on the spot.",
    ),
    F(
        "follow_up.not_done",
        409,
        "有 {count} 个问题尚未办结：{items}。",
        "Not dealt with yet ({count}): {items}.",
    ),
    F("follow_up.not_found", 404, "未找到该后续处置。", "The follow-up case was not found."),
    F(
        "follow_up.not_opened",
        409,
        "有问题尚未列入后续处置：{departments}。",
        "There are problems without a follow-up case: {departments}.",
    ),
    F(
        "follow_up.sheets_not_entered",
        409,
        "检查结果尚未录入：{departments}。",
        "Not entered yet: {departments}.",
    ),
    F(
        "follow_up.undecided",
        409,
        "有 {count} 个问题尚未作出处置决定：{items}。",
        "Not decided on yet ({count}): {items}.",
    ),
    F(
        "follow_up.wrong_state",
        409,
        "该问题当前状态下不能进行此操作。",
        "This cannot be done in the present state of the case.",
    ),
    F("inspection.already_closed", 409, "该检查已经办结。", "The inspection is closed already."),
    F(
        "inspection.not_closable",
        409,
        "还不能办结，共 {count} 项未完成。",
        "The inspection cannot be closed yet: {count} things are open.",
    ),
    F(
        "revisit.pool_changed",
        409,
        "应回访的企业名单有变化，未抽取；请核对新名单后重新抽取。",
        "The list of firms has changed; nothing was drawn. Look at the new list and draw again.",
    ),
    F(
        "revisit.pool_empty",
        409,
        "所选时间内没有发现问题的企业，无可抽取。",
        "No firm with a problem in this period, so there is nothing to draw from.",
    ),
    F(
        "revisit.item_entered",
        409,
        "{item} 的回访情况已登记，未重复登记。",
        "What became of {item} is on record already.",
    ),
    F(
        "revisit.items_missing",
        409,
        "还有问题未逐项登记现在的结果：{departments}。",
        "What became of each problem is not on record yet: {departments}.",
    ),
    F(
        "revisit.needs_note",
        422,
        "{item} 仍有问题，请写明现在的情况。",
        "{item} is still a problem; say how it is now.",
    ),
    F("revisit.no_items", 422, "请选择现在的结果。", "Choose the result it has now."),
    F("revisit.not_found", 404, "未找到该次回访。", "The revisit was not found."),
    F("revisit.recorded", 409, "该户回访结果已登记。", "This revisit is on record already."),
    F(
        "revisit.seed_reused",
        422,
        "该随机数已用过，请重新产生。",
        "This random number was used before; make a new one.",
    ),
)

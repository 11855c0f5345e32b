"""Faults of the field record: answers, sheets, entry, corrections.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

SHEET_FAULTS: Final[tuple[F, ...]] = (
    # answers
    F(
        "answer.bad_choice",
        422,
        "“{item}”只能填合格、不合格或不适用。",
        "“{item}” takes pass, fail or not applicable only.",
    ),
    F(
        "answer.bad_date",
        422,
        "“{item}”须填写真实日期，格式如 2026-03-04。",
        "“{item}” needs a real date such as 2026-03-04.",
    ),
    F("answer.bad_number", 422, "“{item}”须填写数字。", "“{item}” needs a number."),
    F(
        "answer.bad_pair",
        422,
        "“{item}”须填写抽查数与不符数两个整数。",
        "“{item}” needs two whole numbers: checked and failed.",
    ),
    F(
        "answer.bad_shape",
        422,
        "“{item}”的填写格式不正确。",
        "The answer to “{item}” has the wrong shape.",
    ),
    F(
        "answer.failed_over_checked",
        422,
        "“{item}”的不符数不能大于抽查数。",
        "In “{item}” the number failed cannot exceed the number checked.",
    ),
    F(
        "answer.negative",
        422,
        "“{item}”不能填负数。",
        "“{item}” cannot be below zero.",
    ),
    F(
        "answer.not_a_count",
        422,
        "“{item}”的数量（{unit}）须填 0 至 1000000 的整数。",
        "“{item}” is a count ({unit}): a whole number from 0 to 1,000,000.",
    ),
    F(
        "answer.photo_takes_no_value",
        422,
        "“{item}”只收照片，不填数值。",
        "“{item}” takes pictures only, no value.",
    ),
    F(
        "answer.too_long",
        422,
        "“{item}”最多填写 {length} 字。",
        "“{item}” takes at most {length} characters.",
    ),
    # corrections
    F(
        "correction.forbidden_origin",
        409,
        "此内容由无权办理的人员送达，不能作为更正提交；可由检查组人员核对后采用，或予以退回。",
        "This came from somebody without the right to it and cannot be a correction; a member of "
        "the team may check it and take it over, or it is refused.",
    ),
    F(
        "correction.incomplete",
        409,
        "更正后记录仍不完整，共 {count} 项，不能批准。",
        "With this correction the record would not be complete: {count} conditions are not met.",
    ),
    F("correction.needs_reason", 422, "请填写更正理由。", "Give the reason of the correction."),
    F(
        "correction.not_endorsed",
        409,
        "分管负责人尚未签署意见。",
        "The deputy head has not endorsed it yet.",
    ),
    F(
        "correction.not_approvable",
        409,
        "锁定后补送的签名、到场登记等不能并入结果表，只作留存，可以退回。",
        "Signatures, check-ins and the like that came after the lock do not become part of the "
        "sheet; they are kept, and can be refused.",
    ),
    F("correction.not_found", 404, "未找到该更正申请。", "The correction was not found."),
    F(
        "correction.own_endorsement",
        403,
        "签署意见与审批须由不同人员办理。",
        "Endorsement and approval take two persons.",
    ),
    F("correction.nothing_changed", 422, "更正内容与原值相同。", "The correction changes nothing."),
    F(
        "correction.own_proposal",
        403,
        "不能审批本人提出的更正。",
        "You cannot decide your own correction.",
    ),
    F(
        "correction.own_words",
        403,
        "更正内容最初由您本人送达，须由其他人员审批。",
        "These were your own words before a colleague took them over; somebody else decides.",
    ),
    F(
        "correction.stale",
        409,
        "审批期间内容已有变化，请重新核对后再批。",
        "The content has changed since you read it; check it again before deciding.",
    ),
    F(
        "correction.wrong_role",
        403,
        "您的职务不能审批此更正。",
        "Your role may not decide this correction.",
    ),
    F(
        "correction.wrong_state",
        409,
        "更正单当前状态下不能进行此操作。",
        "This cannot be done in the present state of the correction.",
    ),
    F(
        "correction.item_unchanged",
        422,
        "{item} 的内容没有改动：请填写更正后的内容，或者不选此项。",
        "Nothing is changed at {item}: enter what it should be, or leave it out.",
    ),
    F(
        "correction.no_items",
        422,
        "请选择要更正的检查项。",
        "Choose the check entries to be corrected.",
    ),
    F(
        "correction.not_entered",
        409,
        "结果尚未录入，可以直接修改，不必申请更正。",
        "The result has not been entered yet: it can be changed without a correction.",
    ),
    F(
        "correction.seen_differs",
        409,
        "{item} 在您填写期间已另行更正：请核对现值，仍需更正的重新提交。",
        "{item} was corrected while you were writing: look at what holds now and send it again if "
        "it still has to change.",
    ),
    F(
        "correction.too_many_papers",
        422,
        "最多附 {max} 份材料。",
        "At most {max} papers can be attached.",
    ),
    # signatures under a decision
    F(
        "signature.missing",
        422,
        "请手写签名。签名须在能运行脚本的浏览器中书写，也可以在手机上打开本页签批。",
        "Sign by hand. That takes a browser that runs scripts; a phone will do.",
    ),
    F(
        "signature.name_differs",
        422,
        "输入的姓名须与本人姓名“{name}”一致。",
        "Type your own name, “{name}”.",
    ),
    F(
        "signature.too_small",
        422,
        "签名太小或只是误触，请重新书写。",
        "That is too small for a signature; write it again.",
    ),
    F(
        "signature.unreadable",
        422,
        "签名未能读取，请清除后重新书写。",
        "The signature cannot be read; clear it and write it again.",
    ),
    # entry preconditions, reported all at once (DESIGN §5.2)
    F(
        "entry.answer",
        409,
        "尚有检查项未填写完整：{items}。",
        "Check entries not complete: {items}.",
    ),
    F(
        "entry.conflict",
        409,
        "存在两份不同的填写内容，请先选定：{entities}。",
        "There are two versions to choose from first: {entities}.",
    ),
    F("entry.not_accepted", 409, "组长尚未审核通过。", "The team lead has not accepted the sheet."),
    F("entry.not_ended", 409, "该户检查尚未结束。", "The inspection of this firm has not ended."),
    F(
        "entry.officers",
        409,
        "到场执法人员 {present} 人，少于 {needed} 人。",
        "{present} officers checked in; {needed} are needed.",
    ),
    F(
        "entry.outcome_note",
        409,
        "还没有写明现场情况：{items}。",
        "What happened is not written down at: {items}.",
    ),
    F(
        "entry.outcome_photo",
        409,
        "还没有现场情况的照片：{items}。",
        "There is no photo of what happened at: {items}.",
    ),
    F(
        "entry.photo_not_received",
        409,
        "尚有 {count} 张取证照片未送达：{items}。",
        "{count} evidence pictures have not arrived yet: {items}.",
    ),
    F(
        "entry.photo_required",
        409,
        "缺少必须的取证照片：{items}。",
        "Required evidence pictures are missing: {items}.",
    ),
    F("entry.result", 409, "尚未选定检查结果：{items}。", "No result chosen for: {items}."),
    F(
        "entry.result_contradicts",
        409,
        "不合格的检查项不得填“未发现问题”：{items}。",
        "Failed entries cannot be recorded as “no problem found”: {items}.",
    ),
    F(
        "entry.result_unknown",
        409,
        "检查结果代码无效：{items}。",
        "Unknown result code for: {items}.",
    ),
    F(
        "entry.seen_stale",
        409,
        "签字后内容有变化，请重新核对：{entities}。",
        "The content changed after you signed; check it again: {entities}.",
    ),
    F(
        "entry.signature_again",
        409,
        "未再经当事人签字的，须由检查人员 {needed} 人重新签字确认，现有 {signed} 人。",
        "Where the firm has not signed again, {needed} officers sign anew; {signed} have.",
    ),
    F(
        "entry.signature_firm",
        409,
        "缺少被检查单位签字，或拒签记录（须有原因及两名执法人员签名）。",
        "The firm has not signed, and no refusal with a reason and two officers is recorded.",
    ),
    F(
        "entry.signature_officer",
        409,
        "签名的执法人员 {signed} 人，少于 {needed} 人。",
        "{signed} officers signed; {needed} are needed.",
    ),
    # inspections
    F(
        "inspection.needs_draw",
        422,
        "检查须来自抽取结果（平台之外无抽查）。",
        "An inspection must come from a draw.",
    ),
    F("inspection.not_found", 404, "未找到该次检查。", "The inspection was not found."),
    # sheets
    F(
        "sheet.changed_since",
        409,
        "页面打开之后，检查组又修改了内容，请重新核对后再审核。",
        "The team has changed something since this page was opened; look at it again, then decide.",
    ),
    F(
        "sheet.end_out_of_range",
        422,
        "检查结束日期 {day} 有误，应在 {first}（任务下达）至 {last} 之间。"
        "填写内容均已保留，请改正日期后重新提交。",
        "The inspection cannot have ended on {day}: the day lies between {first}, when it was "
        "assigned, and {last}. Nothing is lost; correct the day and submit again.",
    ),
    F(
        "sheet.locked",
        409,
        "检查结果已录入锁定，只能通过更正程序修改。",
        "The result has been entered and is locked; it changes only by a correction.",
    ),
    F("sheet.needs_reason", 422, "请填写退回理由。", "Give the reason for returning the sheet."),
    F("sheet.not_accepted", 409, "组长尚未审核通过。", "The team lead has not accepted the sheet."),
    F("sheet.not_found", 404, "未找到该检查记录表。", "The result sheet was not found."),
    F("sheet.not_submitted", 409, "检查记录尚未提交。", "The sheet has not been submitted."),
    F(
        "sheet.preconditions",
        409,
        "尚不具备录入条件，共 {count} 项。",
        "The sheet cannot be entered yet: {count} conditions are not met.",
    ),
    F(
        "sheet.wrong_state",
        409,
        "检查记录当前状态下不能进行此操作。",
        "This cannot be done in the present state of the sheet.",
    ),
    # signatures
    F(
        "signature.not_returned",
        409,
        "只有当事人已签字（或拒签）并提交、后被退回的检查表，才能记录“未再经当事人签字”。",
        "Only for a sheet that the firm had answered, and that was returned after it was handed "
        "in, can it be recorded that the firm has not signed again.",
    ),
)

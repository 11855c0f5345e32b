"""Faults of telling the firm and of the firm's own link. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

TELLING_FAULTS: Final[tuple[F, ...]] = (
    F(
        "firm.code_refused",
        422,
        "链接或验证码不对，或者验证码已用过、已过期。请核对后再试；仍打不开的，请向检查部门索取新的验证码。",
        "The link or the code is wrong, or the code was used or has expired. Check it and try "
        "again; if it still does not open, ask the department that inspected for a new code.",
    ),
    F(
        "firm.signed_out",
        401,
        "已超时退出，请输入新的验证码后继续；刚才填写的文字已保留。",
        "You were signed out after a while. Enter a new code to go on; the text you typed is kept.",
    ),
    F(
        "telling.act_answered",
        409,
        "该项已经答复，未重复登记。",
        "This was answered already; nothing was recorded twice.",
    ),
    F(
        "telling.act_not_found",
        404,
        "未找到企业提交的该项内容。",
        "What the firm sent was not found.",
    ),
    F(
        "telling.before_notice",
        422,
        "送达日期不能早于告知书制作日期。",
        "The notice cannot have been delivered before it was made.",
    ),
    F(
        "telling.case_closed",
        409,
        "该问题已经办结，不能再提交改正证明；有意见的请写在陈述申辩中。",
        "This problem is dealt with already, no proof can be handed in; state your view instead.",
    ),
    F(
        "telling.electronic_by_firm",
        422,
        "电子送达由企业打开链接确认后自动登记，不能手工登记。",
        "Electronic delivery is recorded when the firm confirms it behind its link, never by hand.",
    ),
    F("telling.in_future", 422, "送达日期不能晚于今天。", "It cannot be delivered after today."),
    F(
        "telling.link_revoked",
        409,
        "企业链接已停用，请先制作新的告知书。",
        "The firm's link is revoked; make a new notice first.",
    ),
    F(
        "telling.needs_answer",
        422,
        "请填写答复或不予采纳的理由。",
        "Write the answer, or why it is not accepted.",
    ),
    F("telling.needs_file", 422, "请选择文件。", "Choose a file."),
    F(
        "telling.needs_note",
        422,
        "请填写说明：留置送达的写明拒收情况和见证人，公告送达的写明公告地点或网址。",
        "Say how: of one that was left who refused it and who saw it, of an announcement where.",
    ),
    F(
        "telling.needs_post_no",
        422,
        "请填写邮件号。",
        "Enter the number of the postal item.",
    ),
    F(
        "telling.needs_proof",
        422,
        "请附上送达回证、现场照片或公告页面；直接送达的，也可由签收人手写签名。",
        "Attach the signed receipt, a photo of it being left, or a picture of the announcement; "
        "handed over in person, the receiver may sign on the pad instead.",
    ),
    F(
        "telling.needs_reason",
        422,
        "请填写理由，原登记保留。",
        "Give the reason; what was recorded before stays.",
    ),
    F("telling.needs_receiver", 422, "请填写签收人。", "Name who received it."),
    F("telling.needs_servers", 422, "请填写送达人。", "Name who delivered it."),
    F(
        "telling.needs_view",
        422,
        "请填写陈述申辩的内容。",
        "Write what you have to state.",
    ),
    F(
        "telling.no_notice",
        409,
        "还没有按现行结果制作的告知书。",
        "There is no notice of the result in force yet.",
    ),
    F(
        "telling.not_delivered",
        409,
        "没有可作废的送达登记。",
        "No delivery is on record to be void.",
    ),
    F(
        "telling.not_entered",
        409,
        "检查结果尚未录入，不能告知。",
        "The result is not entered yet, so there is nothing to tell.",
    ),
    F("telling.notice_not_found", 404, "未找到该告知书。", "The notice was not found."),
    F(
        "telling.signed_other_way",
        422,
        "手写签名只用于直接送达；其他送达方式请清除签名，附上凭证。",
        "Only whoever receives it in person signs on the pad; for another way clear the "
        "signature and attach the proof.",
    ),
    F(
        "telling.too_many",
        429,
        "提交的内容已达上限，请直接联系检查部门。",
        "You have sent as much as can be taken here; please turn to the department directly.",
    ),
    F(
        "telling.version_changed",
        409,
        "结果已更正为第 {version} 版，请核对后重新办理。",
        "The result was corrected to version {version}; look at it again.",
    ),
)

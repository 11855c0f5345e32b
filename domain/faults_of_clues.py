"""Faults of clues 线索 and of the page a visited firm opens. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

CLUE_FAULTS: Final[tuple[F, ...]] = (
    F(
        "clue.changed_meanwhile",
        409,
        "该线索刚被他人办理，请核对后重新办理；填写内容已保留。",
        "Somebody else has just handled this clue; look at it again. What you typed is kept.",
    ),
    F(
        "clue.files_too_large",
        422,
        "证据文件合计不能超过 {megabytes} MB，请少选几张或改选较小的。",
        "The files may have {megabytes} MB together; choose fewer or smaller ones.",
    ),
    F(
        "clue.merge_target",
        422,
        "没有可以并入的线索 {number}：请填写另一件线索的编号，且该线索本身未被并案。",
        "Clue {number} cannot take it: name another clue that is not merged itself.",
    ),
    F("clue.needs_answer", 422, "请填写给举报人的答复。", "Write the answer to the reporter."),
    F("clue.needs_body", 422, "请填写接收机关。", "Name the body it goes to."),
    F("clue.needs_department", 422, "请选择承办部门。", "Choose the department in charge."),
    F(
        "clue.needs_number",
        422,
        "请填写并入哪件线索的编号。",
        "Enter the number of the other clue.",
    ),
    F("clue.needs_outcome", 422, "请填写办理结果。", "Say what came of it."),
    F("clue.needs_reason", 422, "请填写原因或情况。", "Say why, or what it is about."),
    F(
        "clue.needs_refusal",
        422,
        "请填写不予受理的理由，举报人查询时可以看到。",
        "Give the reason why it is not accepted; the reporter will read it.",
    ),
    F("clue.not_found", 404, "未找到该线索。", "The clue was not found."),
    F(
        "clue.too_many",
        429,
        "今天从您的网络提交的举报已达上限，没有提交成功，填写内容已保留。请明天再试，或打电话举报。",
        "Today's limit of reports from your network is reached; this one was not sent, what you "
        "typed is kept. Try again tomorrow, or report it by telephone.",
    ),
    F(
        "clue.too_many_files",
        422,
        "最多选择 {most} 个文件。",
        "Choose {most} files at most.",
    ),
    F(
        "clue.too_many_tries",
        429,
        "查询码输错次数过多，请明天再试。",
        "Too many wrong codes; try again tomorrow.",
    ),
    F(
        "clue.wrong_code",
        422,
        "编号或查询码不对，请核对后重新输入。",
        "The number or the code is wrong; check them and enter them again.",
    ),
    F(
        "clue.wrong_state",
        409,
        "该线索当前状态下不能进行此操作。",
        "This cannot be done in the present state of the clue.",
    ),
    F(
        "clue.wrong_team",
        422,
        "该队伍不属于所选部门。",
        "The team is not of the chosen department.",
    ),
    F(
        "door.unknown_code",
        422,
        "没有这个核对码。请重新扫描检查人员手机上的二维码，或粘贴完整的网址。",
        "There is no such code. Scan the officers' QR code again, or paste the whole address.",
    ),
)

"""Faults of the inspection work itself: plans, draws, sheets, entry, corrections, registers.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

# fmt: off
WORK_FAULTS: Final[tuple[F, ...]] = (
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
    # checklists
    F(
        "checklist.in_use",
        409,
        "该检查表已用于检查，请另立新版本。",
        "This checklist is in use; make a new version.",
    ),
    F(
        "checklist.malformed",
        422,
        "检查表“{checklist}”项目“{item}”的“{field}”不正确：{reason}。",
        "In checklist “{checklist}”, item “{item}”, the field “{field}” is wrong: {reason}.",
    ),
    F("checklist.not_found", 404, "未找到该检查表。", "The checklist was not found."),
    # corrections
    F("correction.needs_reason", 422, "请填写更正理由。", "Give the reason of the correction."),
    F("correction.nothing_changed", 422, "更正内容与原值相同。",
      "The correction changes nothing."),
    F(
        "correction.own_proposal",
        403,
        "不能审批本人提出的更正。",
        "You cannot decide your own correction.",
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
        "更正单目前为“{state}”，不能进行此操作。",
        "The correction is “{state}”; this cannot be done now.",
    ),
    # dates
    F(
        "date.days_below_one",
        422,
        "期限须不少于 1 个工作日。",
        "The term must be at least one working day.",
    ),
    F(
        "date.malformed",
        422,
        "“{text}”不是有效日期，格式如 2024-09-05。",
        "“{text}” is not a date; write it like 2024-09-05.",
    ),
    F(
        "date.out_of_range",
        422,
        "日期超出可计算的范围。",
        "The date is beyond what can be computed.",
    ),
    # draws
    F(
        "draw.already_drawn",
        409,
        "该任务已完成抽取，不得重复抽取。",
        "This draw has been made already and cannot be repeated.",
    ),
    F(
        "draw.bad_text",
        422,
        "“{field}”含有不允许的控制字符或为空。",
        "“{field}” is empty or contains a control character that is not allowed.",
    ),
    F("draw.duplicate", 422, "抽取池中“{id}”重复。", "“{id}” is in the pool twice."),
    F("draw.not_found", 404, "未找到该次抽取。", "The draw was not found."),
    F(
        "draw.pool_changed",
        409,
        "抽取池与已公布的摘要不符，不得抽取。",
        "The pool no longer has the published digest; the draw is refused.",
    ),
    F(
        "draw.pool_empty",
        422,
        "对象库为空，无可抽取的对象，请记录原因。",
        "There is no firm to draw from; record the reason.",
    ),
    F(
        "draw.quota",
        422,
        "{tier} 风险等级只有 {available} 户，不能抽取 {wanted} 户。",
        "The tier {tier} has {available} firms; {wanted} cannot be drawn.",
    ),
    F("draw.seed_required", 422, "请填写现场产生的随机数。", "Enter the public random number."),
    F(
        "draw.too_few_officers",
        422,
        "{department} 对 {firm} 可派执法人员 {eligible} 人，少于 {needed} 人。",
        "{department} has {eligible} eligible officers for {firm}; {needed} are needed.",
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
    F("entry.not_accepted", 409, "组长尚未审核通过。",
      "The team lead has not accepted the sheet."),
    F("entry.not_ended", 409, "该户检查尚未结束。", "The inspection of this firm has not ended."),
    F(
        "entry.officers",
        409,
        "到场执法人员 {present} 人，少于 {needed} 人。",
        "{present} officers checked in; {needed} are needed.",
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
    # firms
    F(
        "firm.bad_uscc",
        422,
        "统一社会信用代码“{uscc}”有误：{reason}。",
        "The unified social credit code “{uscc}” is wrong: {reason}.",
    ),
    F("firm.duplicate", 409, "该对象已在库中。", "This firm is already in the register."),
    F("firm.not_found", 404, "未找到该检查对象。", "The firm was not found."),
    # identifiers
    F(
        "identifier.bad_certificate",
        422,
        "执法证号“{text}”应为 6 至 20 位数字或大写字母。",
        "The certificate number “{text}” must be 6 to 20 digits or capital letters.",
    ),
    F(
        "identifier.bad_licence",
        422,
        "“{text}”不像道路运输许可证号，已按原文保存。",
        "“{text}” does not look like a road transport licence number; it is kept as written.",
    ),
    F("identifier.bad_plate", 422, "车牌号“{text}”不正确。", "“{text}” is not a plate number."),
    F(
        "uscc.alphabet",
        422,
        "含有不允许的字符（不用 I、O、S、V、Z）",
        "it has characters that are not allowed (no I, O, S, V, Z)",
    ),
    F("uscc.check_digit", 422, "校验位不符", "its check character does not match"),
    F("uscc.length", 422, "应为 18 位", "it must have 18 characters"),
    F(
        "uscc.organisation",
        422,
        "主体标识（组织机构代码）校验不符",
        "the check of its organisation code does not match",
    ),
    # inspections
    F(
        "inspection.needs_draw",
        422,
        "检查须来自抽取结果（平台之外无抽查）。",
        "An inspection must come from a draw.",
    ),
    F("inspection.not_found", 404, "未找到该次检查。", "The inspection was not found."),
    # plans
    F(
        "plan.bad_mode",
        422,
        "抽查检查模式“{text}”无法识别",
        "the draw mode “{text}” is not understood",
    ),
    F("plan.bad_ratio", 422, "抽查比例“{text}”无法识别", "the ratio “{text}” is not understood"),
    F(
        "plan.bad_type",
        422,
        "抽查类型“{text}”应为定向或不定向",
        "the draw type “{text}” must be 定向 or 不定向",
    ),
    F("plan.bad_window", 422, "起止时间“{text}”无法识别",
      "the period “{text}” is not understood"),
    F("plan.blank", 422, "不能为空", "it must not be empty"),
    F("plan.duplicate", 422, "与第 {other} 行重复", "it repeats row {other}"),
    F("plan.empty", 422, "计划表中没有任务。", "The plan has no tasks."),
    F(
        "plan.encoding",
        422,
        "文件不是 UTF-8 或 GB18030 编码，无法读取。",
        "The file is neither UTF-8 nor GB18030 and cannot be read.",
    ),
    F("plan.exists", 409, "该年度计划已导入。", "This annual plan has been imported already."),
    F(
        "plan.malformed",
        422,
        "第 {row} 行“{column}”：{reason}。",
        "Row {row}, “{column}”: {reason}.",
    ),
    F("plan.missing_column", 422, "缺少此列", "this column is missing"),
    F("plan.not_found", 404, "未找到该计划。", "The plan was not found."),
    F(
        "plan.ragged",
        422,
        "该行有 {found} 格，表头有 {expected} 格",
        "the row has {found} cells, the header has {expected}",
    ),
    F(
        "plan.unknown_header",
        422,
        "无法识别的表头：{columns}。",
        "Unknown table header: {columns}.",
    ),
    # sampling
    F("sampling.counts", 422, "户数不能为负。", "The number of firms cannot be negative."),
    F(
        "sampling.multipliers",
        422,
        "各风险等级的倍数不得为负，且不得随等级升高而降低。",
        "The multipliers of the tiers must not be negative nor fall as the tier rises.",
    ),
    F(
        "sampling.percent",
        422,
        "抽查比例应大于 0、不超过 100。",
        "The ratio must be above 0 and at most 100.",
    ),
    # settings
    F(
        "setting.bad_value",
        422,
        "设置项“{name}”的取值不正确。",
        "The value of the setting “{name}” is not valid.",
    ),
    # sheets
    F(
        "sheet.locked",
        409,
        "检查结果已录入锁定，只能通过更正程序修改。",
        "The result has been entered and is locked; it changes only by a correction.",
    ),
    F("sheet.needs_reason", 422, "请填写退回理由。", "Give the reason for returning the sheet."),
    F("sheet.not_accepted", 409, "组长尚未审核通过。",
      "The team lead has not accepted the sheet."),
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
        "检查记录目前为“{state}”，不能进行“{action}”。",
        "The sheet is “{state}”; “{action}” is not possible.",
    ),
)

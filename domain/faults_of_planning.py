"""Faults before the visit: registers, checklists, plans, sampling, draws, dates.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

PLANNING_FAULTS: Final[tuple[F, ...]] = (
    # checklists
    F("checklist.bad_rule", 422, "合格标准无法识别", "the pass rule is not understood"),
    F("checklist.blank", 422, "不能为空", "it must not be empty"),
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
    F("checklist.repeated", 422, "编号重复", "the code is used twice"),
    F(
        "checklist.rule_does_not_fit",
        422,
        "合格标准与答案类型不符",
        "the pass rule does not fit the type of the answer",
    ),
    F("checklist.unknown_field", 422, "不认识此字段", "this field is unknown"),
    F(
        "checklist.unknown_value",
        422,
        "取值不在允许范围内",
        "the value is not one of those allowed",
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
        "“{field}”为空，或者含有不允许的字符。",
        "“{field}” is empty or contains a character that is not allowed.",
    ),
    F("draw.duplicate", 422, "抽取池中“{id}”重复。", "“{id}” is in the pool twice."),
    F(
        "draw.pool_withdrawn",
        409,
        "这个抽取池已撤销，不能再办理；请回到任务重新冻结。",
        "This pool was given up; go back to the task and freeze anew.",
    ),
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
        "该风险等级只有 {available} 户，不能抽取 {wanted} 户。",
        "The tier has {available} firms; {wanted} cannot be drawn.",
    ),
    F("draw.seed_required", 422, "请填写现场产生的随机数。", "Enter the public random number."),
    F(
        "draw.too_few_officers",
        422,
        "{department}可派往{firm}的执法检查人员只有 {eligible} 人，至少需要 {needed} 人。",
        "{department} has {eligible} eligible officers for {firm}; {needed} are needed.",
    ),
    F(
        "draw.team_too_small",
        422,
        "每个部门至少派 {needed} 名执法检查人员。",
        "Each department sends at least {needed} officers.",
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
    # phrases
    F("phrase.duplicate", 409, "已有同样的常用语。", "There is the same phrase already."),
    F("phrase.not_found", 404, "未找到该常用语。", "The phrase was not found."),
    F(
        "phrase.too_many",
        409,
        "常用语最多 {max} 条，请先停用不再使用的。",
        "At most {max} phrases can be in use; take some out of use first.",
    ),
    F(
        "phrase.unknown_item",
        422,
        "检查表中没有编号为“{item}”的检查项。",
        "No check entry has the code “{item}”.",
    ),
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
    # plans
    F(
        "plan.bad_duty",
        422,
        "职责分工“{text}”应为牵头单位或责任单位",
        "the duty “{text}” must be 牵头单位 or 责任单位",
    ),
    F(
        "plan.bad_degrees",
        422,
        "“{text}”应为 {least} 至 {most} 之间的十进制度数（如 35°30′ 写作 35.5）",
        "“{text}” must be decimal degrees between {least} and {most} (35°30′ is written 35.5)",
    ),
    F("plan.bad_number", 422, "序号“{text}”应为数字", "the number “{text}” must be digits"),
    F(
        "plan.note_body_coordinates",
        422,
        "检查主体中列有议事协调机构，该机构只组织协调，不实施检查",
        "a coordinating body is named among the inspecting ones; it organises and does not inspect",
    ),
    F(
        "plan.note_credit_risk_blank",
        422,
        "未注明信用风险分类要求",
        "no credit-risk requirement is named",
    ),
    F(
        "plan.note_only_coordinates",
        422,
        "检查主体只列了议事协调机构，请核实由哪个部门实施检查",
        "only a coordinating body is named to inspect; find out which department does",
    ),
    F(
        "plan.note_several_modes",
        422,
        "同时列有 {count} 种抽查检查模式",
        "{count} draw modes are named",
    ),
    F(
        "plan.note_tiers_missing",
        422,
        "只列出 {count} 个风险等级",
        "only {count} risk tiers are named",
    ),
    F(
        "plan.note_times_missing",
        422,
        "未注明频次，按每年 1 次办理",
        "no frequency is named; once a year is assumed",
    ),
    F(
        "plan.numbers_exhausted",
        409,
        "{year} 年的任务编号已用完。",
        "No task numbers are left for {year}.",
    ),
    F("plan.repeated_column", 422, "此列重复", "this column stands twice"),
    F("plan.unknown_column", 422, "不认识此列", "this column is unknown"),
    F("plan.unreadable", 422, "表格无法读取", "the table cannot be read"),
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
    F("plan.bad_window", 422, "起止时间“{text}”无法识别", "the period “{text}” is not understood"),
    F("plan.blank", 422, "不能为空", "it must not be empty"),
    F("plan.duplicate", 422, "与第 {other} 行重复", "it repeats row {other}"),
    F("plan.empty", 422, "计划表中没有任务。", "The plan has no tasks."),
    F(
        "plan.encoding",
        422,
        "文件里的文字无法识别。请在 Excel 或 WPS 中打开，另存为 .xlsx，或另存为“CSV（逗号分隔）”"
        "“CSV UTF-8”后再上传（可用的文字编码：UTF-8、GBK/GB18030、UTF-16）。",
        "The text of this file cannot be read. Open it in Excel or WPS and save it as .xlsx, as "
        "“CSV (comma delimited)” or “CSV UTF-8”, then upload it again (encodings that are read: "
        "UTF-8, GBK/GB18030, UTF-16).",
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
)

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
    # draws made on the official platform
    F(
        "official.blank_cell",
        422,
        "第 {row} 行“{column}”不能为空。",
        "Row {row}: “{column}” must not be empty.",
    ),
    F(
        "official.differs",
        409,
        "编号 {number} 的抽取结果已导入，这份文件与其不同，未作任何改动。",
        "The draw {number} was imported already and this file says otherwise; nothing was changed.",
    ),
    F("official.empty", 422, "文件中没有抽取结果。", "The file has no drawn firms."),
    F(
        "official.expired",
        422,
        "{name}的执法证已于 {on} 到期。",
        "The certificate of {name} ran out on {on}.",
    ),
    F(
        "official.long_cell",
        422,
        "第 {row} 行“{column}”超过 {max} 字。",
        "Row {row}: “{column}” is longer than {max} characters.",
    ),
    F(
        "official.missing_columns",
        422,
        "找不到以下列：{columns}。",
        "These columns are missing: {columns}.",
    ),
    F(
        "official.mixed",
        422,
        "“{column}”有多个值：{values}。一份文件只能是一次抽取。",
        "“{column}” has several values: {values}. One file is one draw.",
    ),
    F(
        "official.no_checklist",
        422,
        "{department}没有适用于本任务的检查表。",
        "{department} has no checklist for this task.",
    ),
    F(
        "official.no_number",
        422,
        "文件中没有平台编号，请填写平台编号（回执号）。",
        "The file has no number of the platform; enter it.",
    ),
    F(
        "official.no_party",
        422,
        "{department}不是本任务的参与部门。",
        "{department} does not take part in this task.",
    ),
    F(
        "official.no_time",
        422,
        "文件中没有抽取时间，请填写抽取时间。",
        "The file has no time of the draw; enter it.",
    ),
    F(
        "official.other_officer",
        422,
        "证号 {cert_no} 在名录库中是{known}，与文件中的{name}（{department}）不符。",
        "Certificate {cert_no} is {known} in the register, not {name} ({department}).",
    ),
    F(
        "official.other_task",
        422,
        "文件中的任务编号是 {number}，不是本任务。",
        "The file is about task {number}, not about this one.",
    ),
    F(
        "official.pool_frozen",
        409,
        "本任务有已冻结、待抽取的抽取池，请先撤销。",
        "A pool of this task is frozen and waits for its seed; withdraw it first.",
    ),
    F(
        "official.recused",
        422,
        "{name}对{firm}回避。",
        "{name} is recused from {firm}.",
    ),
    F(
        "official.refused",
        422,
        "文件有 {count} 处问题，未导入。",
        "The file has {count} problems; nothing was imported.",
    ),
    F(
        "official.repeated_firm",
        422,
        "第 {row} 行：信用代码 {uscc} 与第 {other} 行的企业名称不同。",
        "Row {row}: credit code {uscc} has another name in row {other}.",
    ),
    F(
        "official.too_large",
        422,
        "文件过大（限 {kib} KB）。",
        "The file is too large (at most {kib} KB).",
    ),
    F(
        "official.too_long",
        422,
        "文件超过 {rows} 行。",
        "The file has more than {rows} rows.",
    ),
    F(
        "official.unknown_department",
        422,
        "未找到部门“{department}”，请在部门名录中登记或补充别名。",
        "The department “{department}” is unknown; add it or an alias to the departments.",
    ),
    F(
        "official.unknown_officer",
        422,
        "{name}（{cert_no}）不在参与部门的执法人员名录库中。",
        "{name} ({cert_no}) is not in the register of officers of the parties.",
    ),
    F(
        "official.drawn_in_future",
        422,
        "文件中的抽取时间晚于现在，请核对后重新导出。",
        "The time of the draw in the file lies in the future; check it and export it again.",
    ),
    F(
        "official.unreadable",
        422,
        "文件无法读取，请在平台上重新导出为 XLSX、XLS 或 CSV。",
        "The file cannot be read; export it again as XLSX, XLS or CSV.",
    ),
)

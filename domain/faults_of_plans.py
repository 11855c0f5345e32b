"""Faults of plans written, published and adjusted here. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

PLAN_FAULTS: Final[tuple[F, ...]] = (
    F("document.bad_pdf", 422, "PDF 文件不完整或已损坏。", "The PDF is cut short or damaged."),
    F("attachment.not_found", 404, "未找到该文件。", "The document was not found."),
    F("document.required", 422, "请附上加盖公章的书面材料。", "Attach the sealed document."),
    F(
        "document.too_large",
        413,
        "文件超过 {megabytes} MB。",
        "The file is larger than {megabytes} MB.",
    ),
    F(
        "document.unknown_type",
        422,
        "只能上传 PDF 或照片（JPEG、PNG、WebP、HEIC）。",
        "Only a PDF or a photo (JPEG, PNG, WebP, HEIC) can be attached.",
    ),
    F("plan.adjustment_not_found", 404, "未找到该调整申请。", "The adjustment was not found."),
    F(
        "plan.adjustment_decided",
        409,
        "该调整申请已由 {who} 办理，现为“{state}”，本次操作未生效。",
        "{who} has decided this adjustment already (now “{state}”); nothing was done.",
    ),
    F("plan.adjustment_state_approved", 409, "已批准", "approved"),
    F("plan.adjustment_state_refused", 409, "未批准", "refused"),
    F("plan.adjustment_state_withdrawn", 409, "已撤回", "withdrawn"),
    F(
        "plan.adjustment_stale",
        409,
        "该任务在申请之后又作了调整，请按现行内容重新申请。",
        "The task has been adjusted since this was requested; ask again on what holds now.",
    ),
    F(
        "plan.adjustment_unchanged",
        422,
        "没有改动，不需要调整。",
        "Nothing is different; there is nothing to adjust.",
    ),
    F(
        "plan.county_rules",
        409,
        "本任务与县级联合计划中的 {task_no} 为同一任务，请在该任务中抽取，不重复抽取。",
        "This is the same task as {task_no} of the county's joint plan; draw that one.",
    ),
    F(
        "plan.drawn_part",
        409,
        "该任务已抽取，不能再改{parts}。",
        "The task has been drawn; its {parts} cannot be changed any more.",
    ),
    F("plan.part_ratio", 409, "抽查比例", "ratio"),
    F("plan.part_times", 409, "频次（少于已抽取次数）", "frequency (below the draws made)"),
    F("plan.part_trade", 409, "抽查对象行业", "trade"),
    F("plan.part_window", 409, "起止时间", "window"),
    F(
        "plan.group_inspects",
        422,
        "“{text}”是议事协调机构，不得作为检查主体",
        "“{text}” is a coordinating body and may not inspect",
    ),
    F(
        "plan.link_drawn_twice",
        409,
        "两份计划中的这项任务都已抽取，不能再合并计数。",
        "Both rows have been drawn already; they can no longer be counted as one.",
    ),
    F(
        "plan.link_impossible",
        422,
        "这两项任务不能对应：须一项在本局联合计划、一项在县级联合计划，且年度相同、均未与他项对应。",
        "These two cannot be linked: one must be in the bureau's joint plan, the other in the "
        "county's, of the same year, and neither linked already.",
    ),
    F("plan.no_item", 422, "请从抽查事项清单中选择事项", "choose items from the item list"),
    F(
        "plan.not_drawable",
        409,
        "该任务不在现行计划中，不能抽取。",
        "The task is not in a plan in force; it cannot be drawn.",
    ),
    F(
        "plan.not_a_draft",
        409,
        "只有手工编制、尚未公布的草稿可以删除。",
        "Only a draft written by hand and not published yet can be deleted.",
    ),
    F(
        "plan.not_editable",
        409,
        "计划已公布，只能通过计划调整修改。",
        "The plan has been published; it changes by an adjustment only.",
    ),
    F(
        "plan.not_published",
        409,
        "计划尚未公布，直接修改即可，不需要调整手续。",
        "The plan is not published yet; edit it, no adjustment is needed.",
    ),
    F(
        "plan.note_outside_phases",
        422,
        "不在专项工作的检查阶段内（{phases}）",
        "outside of the campaign's phases ({phases})",
    ),
    F(
        "plan.note_outside_window",
        422,
        "不在《{plan}》规定的 {year} 年 {start} 月至 {end} 月内",
        "outside of months {start} to {end} of {year} in “{plan}”",
    ),
    F("plan.nothing_to_publish", 409, "没有待公布的版本。", "There is no version to publish."),
    F(
        "plan.number_out_of_range",
        422,
        "应为 1 至 {max} 的整数",
        "it must be a whole number from 1 to {max}",
    ),
    F(
        "plan.note_key_ratio_kept",
        422,
        "清单中重点事项“{item}”的比例为 {percent}%，高于本任务的 {plan}%；"
        "本县设定只按计划比例抽取，请考虑提高计划比例",
        "the item list asks {percent}% for the key item “{item}”, more than this task's {plan}%; "
        "the county draws by the plan alone, consider a higher ratio",
    ),
    F(
        "plan.note_key_ratio_raised",
        422,
        "清单中重点事项“{item}”的比例为 {percent}%，高于本任务的 {plan}%；抽取时按 {percent}% 计算",
        "the item list asks {percent}% for the key item “{item}”, more than this task's {plan}%; a "
        "draw goes by {percent}%",
    ),
    F(
        "plan.note_other_initiator",
        422,
        "联合任务应由行业主管部门（{regulator}）发起，现为{initiators}，请核对",
        "a joint task is initiated by the regulator of the trade ({regulator}), here by "
        "{initiators}; please check",
    ),
    F(
        "plan.numbers_disagree",
        422,
        "比例栏写的是 {cell}，这里填的是 {stated}，请改为一致",
        "the ratio cell says {cell}, this says {stated}; make them agree",
    ),
    F(
        "plan.other_year",
        422,
        "起止时间不在计划年度 {year} 年内",
        "the period does not lie in the plan's year {year}",
    ),
    F(
        "plan.published_elsewhere",
        409,
        "县级联合计划由县双随机办公布，这里只供对照和抽取。",
        "The county's joint plan is published by the county office; here it is for comparison "
        "and for draws.",
    ),
    F(
        "plan.report_in_future",
        422,
        "上报日期不能晚于今天",
        "the day of the report cannot lie in the future",
    ),
    F(
        "plan.task_drawn",
        409,
        "该任务已抽取，不能从计划中删减。",
        "The task has been drawn; it cannot be dropped from the plan.",
    ),
    F("plan.too_long", 422, "最多 {max} 字", "at most {max} characters"),
    F(
        "plan.unknown_checklist",
        422,
        "检查表“{text}”不存在，请重新选择",
        "there is no checklist “{text}”; choose again",
    ),
    F(
        "plan.unknown_item",
        422,
        "抽查事项清单中没有“{text}”，请从清单中选择（清单之外无检查）",
        "“{text}” is not on the item list; choose from the list",
    ),
    F("plan.unreadable_workbook", 422, "Excel 文件无法读取。", "The workbook cannot be read."),
    F("plan.version_not_found", 404, "未找到该版本。", "The version was not found."),
)

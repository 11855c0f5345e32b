"""Faults of the item list and of the checklists' editor.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

ITEM_FAULTS: Final[tuple[F, ...]] = (
    # checklists
    F(
        "checklist.exists",
        409,
        "已有编号为“{code}”的检查表。",
        "There is a checklist “{code}” already.",
    ),
    F(
        "checklist.no_item",
        422,
        "须对应抽查事项清单中在用的事项（清单之外无检查）",
        "it must belong to an item of the item list that is in use",
    ),
    # drafts
    F(
        "draft.changed_meanwhile",
        409,
        "在您填写期间，{name}已修改了这一处。您填写的内容仍在本页，尚未保存。",
        "While you were writing, {name} changed this. "
        "What you wrote is still on this page, unsaved.",
    ),
    F(
        "draft.empty",
        422,
        "检查表至少要有一个检查项。",
        "A checklist needs at least one entry.",
    ),
    F("draft.not_found", 404, "未找到该草稿。", "The draft was not found."),
    F(
        "draft.outdated",
        409,
        "在此期间该表已有第 {version} 版。请核对与该版的差别，再决定是否发布。",
        "Meanwhile version {version} was published. Look at the differences from it, then decide.",
    ),
    F(
        "draft.unchanged",
        409,
        "草稿与现行版本一致，无需发布。",
        "The draft says what the version in force says; there is nothing to publish.",
    ),
    # items
    F(
        "item.changed_meanwhile",
        409,
        "在您填写期间，该事项已改为第 {version} 版。您填写的内容仍在本页，尚未保存。",
        "While you were writing, the item became version {version}. "
        "What you wrote is still on this page, unsaved.",
    ),
    F("item.code_taken", 409, "已有编号为“{code}”的事项。", "There is an item “{code}” already."),
    F(
        "item.incomplete",
        422,
        "以下事项六要素不全，请补全后再公示：{items}。",
        "These items lack some of their six fields; complete them before publishing: {items}.",
    ),
    F("item.not_found", 404, "未找到该事项。", "The item was not found."),
    F(
        "item.nothing_published",
        404,
        "随机抽查事项清单尚未公示。",
        "The item list has not been published yet.",
    ),
    F(
        "item.nothing_to_publish",
        409,
        "清单与最近一次公示的一致，无需再次公示。",
        "The list says what was published last; there is nothing to publish.",
    ),
    F("item.unchanged", 409, "内容没有变动，无需另立新版。", "Nothing was changed."),
    F(
        "item.withdrawn",
        409,
        "事项“{item}”已停用，不能再抽取，也不能再列入检查表。",
        "The item “{item}” is withdrawn: it is neither drawn nor put on a checklist any more.",
    ),
    # provincial list
    F(
        "province.not_found",
        404,
        "省级清单中没有该事项。",
        "The provincial list has no such item.",
    ),
    F(
        "province.too_long",
        422,
        "省级清单最多 {max} 行，请核对文件。",
        "A provincial list has at most {max} rows; look at the file.",
    ),
    # sheets
    F(
        "sheet.begun",
        409,
        "本表已有填写内容，仍用原版本检查表，不能更换。",
        "Something has been recorded on this sheet; it keeps its version of the checklist.",
    ),
    F(
        "sheet.lists_newest",
        409,
        "本表已在用最新版本的检查表。",
        "The sheet uses the newest version of its checklists already.",
    ),
    F(
        "sheet.phone_holds",
        409,
        "{name}的手机最近一次联网时还有未上传的内容，可能是按原版本填写的。请先上传，再更换。",
        "At its last contact {name}'s phone had not sent everything, perhaps answers to this "
        "version. Let it send first.",
    ),
    F(
        "sheet.visit_day",
        409,
        "计划检查日期已到，检查人员可能已在现场离线填写，不能更换检查表版本。确未开展的，请先调整检查日期。",
        "The planned day has come: the officers may be filling in without a network. "
        "If the visit has not begun, move it to a later day first.",
    ),
)

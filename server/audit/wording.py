"""What the auditor reads: deeds in words. A code without a word is shown as it
is, so that nothing on record is hidden by a missing translation."""

from __future__ import annotations

from functools import cache

from server.i18n import current_locale
from server.i18n import translate as _


def deed_word(action: str) -> str:
    """What was done."""
    return _deed_words(current_locale()).get(action, action)


@cache
def _deed_words(_locale: str) -> dict[str, str]:
    """Made once for each language: an export asks for every row."""
    return {**_office_deeds(), **_register_deeds(), **_phone_deeds()}


def _office_deeds() -> dict[str, str]:
    return {
        "plan.imported": _("导入年度计划"),
        "plan.created": _("建立计划草稿"),
        "plan.changed": _("修改计划信息"),
        "plan.task_added": _("添加计划任务"),
        "plan.task_changed": _("修改计划任务"),
        "plan.task_removed": _("删去计划任务"),
        "plan.discarded": _("作废计划草稿"),
        "plan.published": _("公布年度计划"),
        "plan.reported": _("计划上报县双随机办"),
        "plan.adjustment_requested": _("申请调整计划"),
        "plan.adjustment_approved": _("批准调整计划"),
        "plan.adjustment_refused": _("不批准调整计划"),
        "plan.adjustment_withdrawn": _("撤回计划调整申请"),
        "plan.link_confirmed": _("确认为同一任务"),
        "plan.link_rejected": _("确认不是同一任务"),
        "plan.link_undone": _("撤销任务对应"),
        "draw.frozen": _("冻结抽取池"),
        "draw.none": _("因对象库为空未抽取"),
        "draw.withdrawn": _("撤销抽取池"),
        "draw.meeting": _("登记抽取现场"),
        "draw.rolled": _("登记骰子点数"),
        "draw.roll_struck": _("划去骰子点数"),
        "draw.dice_closed": _("结束掷骰子"),
        "draw.lottery_named": _("约定公开随机数"),
        "draw.lottery_entered": _("录入公开随机数"),
        "draw.drawn": _("抽取并下发"),
        "draw.signed": _("抽取记录签字存档"),
        "draw.imported": _("导入官方平台抽取结果"),
        "redraw.requested": _("申请重抽"),
        "redraw.approved": _("批准重抽"),
        "redraw.refused": _("不批准重抽"),
        "change.requested": _("申请抽取后变更"),
        "change.approved": _("批准抽取后变更"),
        "change.refused": _("不批准抽取后变更"),
        "change.dropped": _("撤回抽取后变更申请"),
        "inspection.planned": _("安排检查日期"),
        "sheet.relisted": _("换用新版检查表"),
        "sheet.accepted": _("审核通过检查记录"),
        "sheet.returned": _("退回检查记录"),
        "sheet.entered": _("录入检查结果"),
        "correction.requested": _("申请更正结果"),
        "correction.submit": _("申请更正结果"),
        "correction.endorse": _("审核更正申请"),
        "correction.approve": _("批准更正结果"),
        "correction.refuse": _("不批准更正结果"),
        "correction.drop": _("撤回更正申请"),
        "correction.take_over": _("接手更正申请"),
        "receipt.recorded": _("平台回执已登记"),
        "publication.recorded": _("公示情况已登记"),
        "results.rebuilt": _("重建结果公示查询表"),
        "archive.taken": _("案卷已下载"),
        "follow_up.followed": _("按结果更新后续处置"),
        "follow_up.open": _("新增后续处置"),
        "follow_up.recounted": _("按放假通知重新计算处置期限"),
        "follow_up.restate": _("按更正结果更新后续处置"),
        "follow_up.reopen": _("恢复后续处置"),
        "follow_up.void": _("取消后续处置"),
        "follow_up.decide": _("决定后续处置"),
        "follow_up.attach": _("补充后续处置材料"),
        "follow_up.finish": _("办结后续处置"),
        "follow_up.publish": _("公开后续处置结果"),
        "warning.set_aside": _("搁置问题预警"),
        "clue.report": _("收到公众举报"),
        "clue.accept": _("受理线索"),
        "clue.reject": _("线索不予受理"),
        "clue.merge": _("线索并案"),
        "clue.assign": _("转办线索"),
        "clue.give_back": _("退回转办的线索"),
        "clue.transfer": _("移送线索"),
        "clue.finish": _("办结线索"),
        "clue.reopen": _("重新受理线索"),
        "clue.link": _("认定线索的检查对象"),
        "clue.note": _("补充线索情况"),
        "clue.read_contact": _("查看举报人联系方式"),
        "telling.notice_made": _("制作检查结果告知书"),
        "telling.delivered": _("登记送达"),
        "telling.delivery_void": _("作废送达登记"),
        "telling.code_issued": _("生成企业验证码"),
        "telling.link_revoked": _("停用企业链接"),
        "telling.answered": _("答复企业提交的内容"),
        "firm.opened": _("企业打开链接"),
        "firm.read": _("企业确认收到告知书"),
        "firm.view": _("企业陈述申辩"),
        "firm.proof": _("企业提交改正证明"),
        "revisit.drawn": _("回访对象已抽取"),
        "revisit.compared": _("登记回访各项结果"),
        "revisit.recorded": _("回访结果已登记"),
        "inspection.closed": _("检查办结"),
        "calendar.imported": _("导入放假通知"),
        "setting.changed": _("修改本县设置"),
        "backup.verified": _("备份核对通过"),
        "backup.restored": _("从备份恢复"),
        "job.retried": _("立即运行定时任务"),
        "photo.lost_below_lock": _("已录入结果的照片缺失"),
        "county.founded": _("建立本县"),
    }


def _register_deeds() -> dict[str, str]:
    return {
        "firm.added": _("登记检查对象"),
        "firm.changed": _("修改检查对象"),
        "firm.status_changed": _("变更检查对象状态"),
        "officer.added": _("登记执法人员"),
        "officer.changed": _("修改执法人员"),
        "officer.status_changed": _("变更执法人员状态"),
        "officers.confirmed": _("确认本部门人员名单"),
        "recusal.added": _("登记回避"),
        "recusal.ended": _("解除回避"),
        "item.added": _("添加抽查事项"),
        "item.changed": _("修改抽查事项"),
        "item.withdrawn": _("停用抽查事项"),
        "item.restored": _("恢复抽查事项"),
        "item.guide_confirmed": _("确认检查指引"),
        "items.province_imported": _("导入省级事项清单"),
        "items.published": _("公布抽查事项清单"),
        "checklists.imported": _("导入检查表"),
        "checklist.draft_begun": _("起草检查表"),
        "checklist.draft_discarded": _("作废检查表草稿"),
        "checklist.published": _("启用新版检查表"),
        "tag.added": _("添加标签"),
        "tag.changed": _("修改标签"),
        "tag.retired": _("停用标签"),
        "tag.used": _("恢复标签"),
        "tag.deleted": _("删除标签"),
        "deadline.reminded": _("提醒经办人"),
        "phrase.added": _("添加常用语"),
        "phrase.changed": _("修改常用语"),
        "phrase.retired": _("停用常用语"),
        "phrase.used": _("恢复常用语"),
        "expert.saved": _("登记专家或机构"),
        "assistant.named": _("指定协助人员"),
        "assistant.taken_back": _("取消协助人员"),
        "group.saved": _("登记领导小组成员"),
        "team.saved": _("登记执法队伍"),
        "team.opened": _("恢复执法队伍"),
        "team.closed": _("停用执法队伍"),
        "department.added": _("添加部门"),
        "department.renamed": _("部门更名"),
        "department.alias_added": _("添加部门别称"),
        "department.alias_removed": _("删除部门别称"),
        "import.received": _("收到导入文件"),
        "import.dropped": _("放弃导入"),
        "import.failed": _("导入失败"),
        **{f"{one}.imported": _("导入：{register}", register=word) for one, word in _registers()},
        **{
            f"{one}.import_undone": _("撤销导入：{register}", register=word)
            for one, word in _registers()
        },
    }


def _registers() -> list[tuple[str, str]]:
    return [
        ("firms", _("检查对象")),
        ("vehicles", _("车辆")),
        ("tiers", _("信用风险分类")),
        ("officers", _("执法人员")),
        ("experts", _("专家与机构")),
        ("departments", _("部门")),
        ("teams", _("执法队伍")),
        ("group", _("领导小组")),
        ("items", _("抽查事项")),
        ("tags", _("标签库")),
    ]


def _phone_deeds() -> dict[str, str]:
    return {
        "person.added": _("添加账号"),
        "person.roles_set": _("设定账号角色"),
        "account.opened": _("开通账号"),
        "account.changed": _("修改账号"),
        "account.closed": _("停用账号"),
        "account.reopened": _("恢复账号"),
        "password.set": _("设定密码"),
        "password.renewed": _("重置密码"),
        "session.opened": _("登录"),
        "device.bound": _("手机登记"),
        "device.renamed": _("手机改名"),
        "device.revoked": _("停用手机"),
        "device.wipe_ordered": _("要求手机清除数据"),
        "device.wiped": _("手机已清除数据"),
        "device.imported": _("导入手机未上传内容"),
        "device.released": _("放行手机等待的内容"),
        "device.lost": _("手机内容丢失"),
        "device.fork": _("手机被复制"),
        "device.chain_broken": _("手机记录不连续"),
        "device.push_only_used": _("停用后补传内容"),
        "op.id_reuse": _("操作编号重复"),
    }

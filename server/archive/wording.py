"""Words for what a file's parts are called, how they stand and whose turn it is."""

from __future__ import annotations

from domain.archive import Part, PartState, Standing, Turn
from server.i18n import translate as _


def part_word(part: Part) -> str:
    """As it stands in the index 卷内目录."""
    words = {
        Part.DRAW: _("抽取记录及编号"),
        Part.TEAM: _("人员更换和对象撤出"),
        Part.ASSISTANTS: _("协助人员"),
        Part.NOTICE: _("检查告知书及签收"),
        Part.RECORD: _("现场检查记录表"),
        Part.SIGNATURES: _("签字或拒签记录"),
        Part.PHOTOS: _("取证照片及清单"),
        Part.RESULT: _("检查结果"),
        Part.CORRECTIONS: _("结果更正"),
        Part.FOLLOW_UP: _("后续处置"),
        Part.TELLING: _("检查结果告知书及送达"),
        Part.RECEIPT: _("平台录入回执"),
        Part.PUBLICATION: _("公示情况"),
        Part.CLOSED: _("办结记录"),
    }
    return words[part]


def state_word(state: PartState) -> str:
    """齐全, 不需要, 缺."""
    return {
        PartState.THERE: _("齐全"),
        PartState.NOT_NEEDED: _("不需要"),
        PartState.MISSING: _("缺"),
    }[state]


def turn_word(turn: Turn | None) -> str:
    """Who has to do something; empty where nobody has to."""
    words = {
        Turn.OFFICERS: _("检查人员"),
        Turn.LEAD: _("组长"),
        Turn.OFFICE: _("办公室"),
        Turn.APPROVER: _("审批的负责人"),
        Turn.AUTHOR: _("申请人"),
        Turn.ADMINISTRATOR: _("系统管理员"),
    }
    return words[turn] if turn is not None else ""


def why_word(one: Standing) -> str:
    """Why it stands so; empty where there is nothing to add."""
    tell = {
        PartState.THERE: _there,
        PartState.NOT_NEEDED: _not_needed,
        PartState.MISSING: _missing,
    }[one.state]
    return tell(one)


def _there(one: Standing) -> str:
    match one.part, one.why:
        case Part.NOTICE, "signed":
            return _("当事人已签收")
        case Part.NOTICE, "refused":
            return _("当事人拒绝签收，已记明")
        case Part.SIGNATURES, "signed":
            return _("检查人员和当事人已签字")
        case Part.SIGNATURES, "refused":
            return _("当事人拒绝签字，已记明原因，检查人员已签字")
        case Part.SIGNATURES, "unsigned":
            return _("退回后修改，未再经当事人签字，已记明原因")
        case Part.SIGNATURES, "void":
            return _("当事人签字后记录有改动，原签名保留")
        case Part.SIGNATURES, "outcome":
            return _("无法正常检查，由检查人员签字")
        case Part.RESULT, _why:
            return _("第 {n} 版", n=one.count)
        case Part.PHOTOS, _why:
            return _("共 {n} 张", n=one.count)
        case Part.ASSISTANTS, _why:
            return _("共 {n} 名", n=one.count)
        case Part.CLOSED, _why:
            return _("检查已办结")
        case ((Part.CORRECTIONS | Part.TEAM), _why):
            return _("共 {n} 件", n=one.count)
    return ""


def _not_needed(one: Standing) -> str:
    words = {
        "withdrawn": _("检查已撤回，不再执行"),
        "outcome": _("无法正常检查，没有送达"),
        "no_problem": _("未发现问题"),
    }
    of_none = {
        Part.PHOTOS: _("没有照片，检查项也不要求"),
        Part.CORRECTIONS: _("没有更正"),
        Part.TEAM: _("没有变更"),
        Part.ASSISTANTS: _("没有专家或专业机构协助"),
    }
    return words.get(one.why) or of_none.get(one.part, "")


def _missing(one: Standing) -> str:
    if one.why == "not_entered":
        return _("检查结果尚未录入")
    words = {
        (Part.TEAM, "waiting"): _("{n} 件变更申请待审批", n=one.count),
        (Part.NOTICE, "unsigned"): _("告知书没有签收，也没有拒签记录"),
        (Part.RECORD, "open"): _("尚未填完提交"),
        (Part.RECORD, "returned"): _("已退回，待修改后重新提交"),
        (Part.SIGNATURES, "unsigned"): _("签字不全"),
        (Part.PHOTOS, "lost"): _("{n} 张照片的文件在服务器上找不到", n=one.count),
        (Part.PHOTOS, "waiting"): _("{n} 张尚在手机，未收到", n=one.count),
        (Part.PHOTOS, "required"): _("缺少必须拍摄的照片"),
        (Part.PHOTOS, "not_yet"): _("检查尚未完成"),
        (Part.CORRECTIONS, "waiting"): _("{n} 件更正申请待审批", n=one.count),
        (Part.CORRECTIONS, "drafts"): _("{n} 件修改待申请人提交或撤回", n=one.count),
        (Part.FOLLOW_UP, "none"): _("发现问题，处置尚未登记"),
        (Part.FOLLOW_UP, "open"): _("发现问题，处置尚未办结"),
        (Part.TELLING, "none"): _("检查结果尚未告知企业"),
        (Part.TELLING, "open"): _("更正后的结果尚未告知企业"),
        (Part.RECEIPT, "none"): _("平台回执尚未登记"),
        (Part.RECEIPT, "open"): _("更正后的版本尚未登记平台回执"),
        (Part.CLOSED, "open"): _("各部门录入、问题处置完毕后办结"),
        (Part.PUBLICATION, "none"): _("公示尚未登记"),
        (Part.PUBLICATION, "open"): _("更正后的版本尚未登记公示"),
    }
    return words.get((one.part, one.why), "")

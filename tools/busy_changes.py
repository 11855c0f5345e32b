"""What changed after the draws of a busy week: an officer replaced, others asked for, two firms
withdrawn whose tiers have nobody left, and a draw that was made on the official platform."""

from __future__ import annotations

from datetime import timedelta

from tools.busy_county import NOW, WITHDRAWN, County

ADDRESS = "10.0.0.2"
PLATFORM = "晋省双随机监管工作平台"


def add_changes(county: County, joint: list[int], freight: list[int]) -> None:
    """On visits nobody has been to; the first of the joint task keeps its team. All firms of that
    task were drawn: nobody is left to take a place."""
    _replace(county, joint[1])
    _withdraw(county, joint[2])
    for last in freight[3:][-1:]:
        _withdraw(county, last)
    _import(county)


def _replace(county: County, inspection_id: int) -> None:
    """One approved, one waiting, one refused, one of a department without a head in sight."""
    from server.draws import change_service as changes

    with county.desk():
        lead, head = county.actor("zuzhang"), county.actor("zhuyao")
        first, second = _members(county, inspection_id, "tr")
        refused = changes.request_replacement(
            lead, inspection_id, second, "other", "当日另有会议，希望改派。"
        )
        changes.refuse_change(head, refused.id, "可以调整检查日期，不属于更换人员的情形。")
        done = changes.request_replacement(
            lead, inspection_id, first, "recusal", "与该企业安全负责人系亲属，本人申请回避。"
        )
        changes.approve_replacement(
            head, done.id, "5 2 6 1 3 3 4 6", "现场掷骰子，督查室乔如是见证", county.password,
            ADDRESS, "情况属实，同意更换。",
        )  # fmt: skip
        changes.request_replacement(
            lead, inspection_id, second, "sick_leave", "急性肠胃炎，医嘱休息三天。"
        )
        other = _members(county, inspection_id, "mr")[0]
        changes.request_replacement(
            county.actor("shichang2"), inspection_id, other, "left_post", "借调至市局专班。"
        )


def _withdraw(county: County, inspection_id: int) -> None:
    from server.draws import change_service as changes

    with county.desk():
        asked = changes.request_withdrawal(
            county.actor("bangong"), inspection_id, "moved_out",
            "4 月 27 日查询国家企业信用信息公示系统，住所已变更至邻县，登记机关随迁。", True,
        )  # fmt: skip
        changes.approve_withdrawal(
            county.actor("zhuyao"), asked.id, county.password, ADDRESS, "同意撤出并替补。"
        )


def _import(county: County) -> None:
    """Two firms of the trade whose own pool was given up."""
    from server.draws.official import OfficialFile, import_official
    from server.planning.service import list_own_tasks
    from server.registry.service import list_firms, list_officers

    with county.desk():
        actor = county.actor("bangong")
        task = next(one for one in list_own_tasks(actor) if one.category == WITHDRAWN)
        home = county.actor("zuzhang").department_id
        team = list_officers(actor, department_id=home).rows[2:4]
        firms = list_firms(actor, category=WITHDRAWN).rows[:2]
        lines = ["回执号,抽取时间,企业名称,统一社会信用代码,部门,执法人员,执法证号"]
        lines += [
            f"PT2026042800317,2026-04-28 10:20,{firm.name},{firm.uscc},交通运输局,"
            f"{one.name},{one.cert_no}"
            for firm in firms
            for one in team
        ]
        file = OfficialFile("抽查结果导出.csv", "\r\n".join(lines).encode("gb18030"), PLATFORM)
        import_official(actor, task.id, file, NOW.date() + timedelta(days=1))


def _members(county: County, inspection_id: int, code: str) -> list[int]:
    """Officers of a department on the team, the lead first."""
    from server.inspections.service import get_inspection

    found = get_inspection(county.actor("ducha"), inspection_id)
    team = [one for one in found.team if one.removed_at is None and one.department.code == code]
    return [one.officer_id for one in sorted(team, key=lambda one: not one.is_lead)]

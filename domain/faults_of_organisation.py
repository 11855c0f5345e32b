"""Faults of departments, teams, the leading group, experts and agencies."""

from typing import Final

from domain.fault_spec import FaultSpec as F

ORGANISATION_FAULTS: Final[tuple[F, ...]] = (
    F(
        "assistant.locked",
        409,
        "检查结果已全部录入，不能再登记协助人员。",
        "All results are entered; no assistant can be named any more.",
    ),
    F(
        "assistant.twice",
        409,
        "“{name}”已登记为本次检查的协助人员。",
        "“{name}” is named as an assistant of this visit already.",
    ),
    F("county.bad_code", 422, "行政区划代码须为六位数字。", "The code of a county is six digits."),
    F(
        "county.exists",
        409,
        "这里已是“{name}”。另一个县或演示数据须用另一个 SUICHA_HOME（或数据库）。",
        "This installation is “{name}”. Another county, or the demo, needs a SUICHA_HOME (or "
        "database) of its own.",
    ),
    F("department.bad_code", 422, "部门代码须为 2 至 12 个小写字母。",
      "The code of a department is two to twelve small letters."),
    F("department.bad_name", 422, "请填写名称，最多 {max} 字。",
      "Give a name of at most {max} characters."),
    F(
        "department.changed_meanwhile",
        409,
        "您填写期间，别人已把该部门改名为“{name}”。您填写的名称还没有保存，请核对后再按“保存”。",
        "Somebody else renamed the department to “{name}” meanwhile. The name you typed is not "
        "stored yet; look at it again, then press “Save”.",
    ),
    F(
        "department.named_in_plan",
        409,
        "计划“{plan}”中写有“{alias}”，删除后该任务将找不到部门，请保留。",
        "The plan “{plan}” names “{alias}”; without it the task would know no department.",
    ),
    F("department.taken", 409, "“{name}”已代表某个部门，不能重复。",
      "“{name}” stands for a department already."),
    F(
        "expert.expired",
        409,
        "“{name}”的资质已于 {day} 到期，请先更新。",
        "The qualification of “{name}” ran out on {day}; update it first.",
    ),
    F("expert.taken", 409, "编号“{number}”已在库中（{name}）。",
      "The number “{number}” is in the register already ({name})."),
    F(
        "group.bad_period",
        422,
        "卸任日期不能早于任职日期。",
        "The last day cannot lie before the first.",
    ),
    F(
        "group.taken",
        409,
        "{name}自该日起担任该职责，已登记过。",
        "{name} is on record with this part from that day already.",
    ),
    F(
        "team.officer_elsewhere",
        409,
        "{name} 属于其他部门，不能编入本队伍。",
        "{name} belongs to another department and cannot join this team.",
    ),
    F("team.taken", 409, "本部门已有名为“{name}”的队伍。",
      "The department has a team named “{name}” already."),
)  # fmt: skip

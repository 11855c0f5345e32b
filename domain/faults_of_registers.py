"""Faults of register entries: vehicles, officers, recusals, tags, and two who edit at once.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

REGISTER_FAULTS: Final[tuple[F, ...]] = (
    # entries
    F(
        "register.changed_meanwhile",
        409,
        "您打开表单之后，别人修改了这条记录。",
        "Somebody else changed this entry after you opened the form.",
    ),
    # firms
    F(
        "firm.uscc_taken",
        409,
        "库中已有使用该代码的对象：{name}。",
        "The register has a firm with this code: {name}.",
    ),
    # officers
    F(
        "officer.account_taken",
        409,
        "该账号已关联执法人员{name}。",
        "This account belongs to the officer {name}.",
    ),
    F(
        "officer.account_elsewhere",
        422,
        "该账号属于其他部门的人员，不能关联。",
        "This account belongs to somebody of another department.",
    ),
    F(
        "officer.cert_taken",
        409,
        "库中已有使用该执法证号的人员：{name}。",
        "The register has an officer with this certificate number: {name}.",
    ),
    F(
        "officer.other_department",
        422,
        "{name}的人员由该部门自行提供和修改。",
        "Officers of {name} are handed in and changed by that department.",
    ),
    # recusals
    F("recusal.exists", 409, "该对象已在回避名单中。", "The firm is on the list already."),
    F("recusal.not_found", 404, "未找到该回避记录。", "The recusal was not found."),
    # tags
    F("tag.duplicate", 409, "标签库中已有“{name}”。", "The library has “{name}” already."),
    F(
        "tag.in_use",
        409,
        "“{name}”正在使用，可以停用，不能删除。",
        "“{name}” is in use: it can be retired, not deleted.",
    ),
    F("tag.not_found", 404, "未找到该标签。", "The tag was not found."),
    F(
        "tag.of_province",
        409,
        "“{name}”是省级标签，不能改成本地标签。",
        "“{name}” is a label of the province and does not become a local one.",
    ),
    F(
        "tag.retired",
        422,
        "标签“{name}”已停用，请改用在用的标签，或在标签库中恢复使用。",
        "The label “{name}” is retired; use another, or bring it back in the library.",
    ),
    F(
        "tag.unknown",
        422,
        "标签库中没有“{name}”，请先在标签库中添加。",
        "The library has no “{name}”; add it there first.",
    ),
    # vehicles
    F(
        "vehicle.duplicate",
        409,
        "车牌号 {plate} 已登记在{name}名下。",
        "The plate {plate} is registered with {name}.",
    ),
    F("vehicle.not_found", 404, "未找到该车辆。", "The vehicle was not found."),
)

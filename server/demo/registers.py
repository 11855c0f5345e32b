"""What the demo's registers hold beyond their files: labels, vehicles, an officer's recusal, and
what a department confirmed of its officers."""

from __future__ import annotations

from domain.access import Actor
from server.accounts.service import find_department
from server.demo.county import read_rows
from server.registry import service as registry

CODE = "统一社会信用代码"
# A firm that is drawn in none of the tutorials' tasks: who matches whom there stays as written.
CONFIRMED = ("ee", "来函确认：人员、证件与名录一致")
RECUSED = ("14059900012", "91140599MA9Q8946XG", "其配偶在该企业任职")


def fill_registers(actor: Actor) -> None:
    """After firms and officers were imported."""
    rows = read_rows("firm_labels.csv")
    firms = {one.uscc: one for one in registry.list_firms_by_uscc(actor, [r[CODE] for r in rows])}
    for row in rows:
        values = {"labels": row["标签"].split(), "area": row["片区"]}
        registry.apply_change(actor, "firms", firms[row[CODE]], values, "form")
    for row in read_rows("vehicles.csv"):
        (firm,) = registry.list_firms_by_uscc(actor, [row[CODE]])
        vehicle = {
            "plate": row["车牌号"],
            "color": row["号牌颜色"],
            "kind": row["车辆类型"],
            "permit_no": row["道路运输证号"],
        }
        registry.save_vehicle(actor, firm.id, vehicle)
    cert_no, uscc, reason = RECUSED
    (officer,) = registry.list_officers(actor, cert_no).rows
    (firm,) = registry.list_firms_by_uscc(actor, [uscc])
    registry.add_recusal(actor, officer.id, firm.id, reason)
    code, note = CONFIRMED
    department = find_department(code)
    assert department is not None
    registry.confirm_officers(actor, department.id, note)

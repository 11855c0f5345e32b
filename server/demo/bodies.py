"""The demo county's teams, leading group and experts: made up, like everybody in it."""

from __future__ import annotations

from datetime import date

from domain.access import Actor
from server.accounts.service import find_department
from server.organisation import service
from server.registry.service import list_all_officers

DOCUMENT = "泽交字〔2026〕1号"
SINCE = date(2026, 1, 5)
GROUP = (
    ("head", "方守拙", "局长"),
    ("deputy", "石见山", "副局长"),
    ("member", "林知远", "综合执法队负责人"),
    ("office_head", "江月白", "法治办负责人"),
    ("liaison", "江月白", ""),
)
EXPERTS = (
    ("expert", "古文渊", "泽源职业技术学院", "ZJ-2025-031", ["hazmat"]),
    ("agency", "泽源县安衡检测有限公司", "", "91140599MA0K00021B", ["vehicle_test", "repair"]),
)


def add_bodies(actor: Actor) -> None:
    """Two teams of the bureau, its leading group, an expert and an agency."""
    home = find_department("tr")
    assert home is not None
    own = [one.id for one in list_all_officers(actor) if one.department_id == home.id]
    service.add_team(actor, home.id, "执法一中队", own[:6], own[0])
    service.add_team(actor, home.id, "执法二中队", own[6:], own[6] if own[6:] else None)
    for role, name, post in GROUP:
        service.add_member(
            actor, role=role, name=name, post=post, department_id=home.id,
            document_no=DOCUMENT, since=SINCE, until=None,
        )  # fmt: skip
    for kind, name, unit, number, labels in EXPERTS:
        service.add_expert(
            actor,
            {
                "kind": kind, "name": name, "unit": unit, "number": number, "valid_until": None,
                "labels": labels, "phone": "", "is_active": True,
            },
        )  # fmt: skip

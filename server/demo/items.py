"""The demo's item list: claimed from a made-up provincial list, published, and one step further on,
so that every state of the list can be seen."""

from __future__ import annotations

from domain.access import Actor
from server.demo.county import DEMO
from server.registry.items.guides import confirm_guide
from server.registry.items.province import claim_items, import_province_list, list_claims
from server.registry.items.province_file import read_province_file
from server.registry.items.publication import publish_items
from server.registry.items.versions import change_item, find_item, set_status
from server.registry.models import InspectionItem

NOT_CLAIMED = ("JT-011", "JT-012")
RAISED = "repair"  # above its plan's 5 %, so that the draw's page has something to explain
GUIDED = ("passenger", "hazmat")
STEPS = """一、亮证告知，说明检查事项和依据
二、核对经营许可证与实际经营范围
三、按检查表抽查车辆、人员和台账
四、告知结果，听取意见，双方签字"""
MATERIALS = """经营许可证、营业执照
车辆和从业人员台账
安全生产管理制度及记录"""
POINTS = "许可类别、班线与实际经营是否一致；抽查车辆不少于 5 台，不足 5 台的全查。"


def load_items(actor: Actor) -> None:
    """In the running unit of work, after the checklists."""
    import_province_list(actor, "省级随机抽查事项清单.csv", (DEMO / "items.csv").read_bytes())
    lines = [row.province.code for row in list_claims(actor) if row.province is not None]
    claim_items(actor, [code for code in lines if code not in NOT_CLAIMED], "认领省级清单")
    for row in read_province_file((DEMO / "own-items.csv").read_bytes()):
        item = _get(actor, row.code)
        change_item(actor, item.id, row.fields, seen=item.version, reason="补全六要素")
    raised = _get(actor, RAISED)
    change_item(
        actor, raised.id, {"ratio_percent": "30"}, seen=raised.version, reason="维修质量投诉增多"
    )
    set_status(actor, _get(actor, "waterway").id, "withdrawn", "本县没有水路运输经营者")
    for code in GUIDED:
        item = _get(actor, code)
        words = {"steps": STEPS, "materials": MATERIALS, "points": POINTS}
        confirm_guide(actor, item.id, **words, item_version=item.version, seen=0)
    publish_items(actor)
    item = _get(actor, "hazmat")
    content = f"{item.content}、装卸作业"
    change_item(actor, item.id, {"content": content}, seen=item.version, reason="增加装卸作业")


def _get(actor: Actor, code: str) -> InspectionItem:
    item = find_item(actor, code)
    assert item is not None, "the lists were imported before"
    return item

"""The demo's plans as a living document: published and reported, one adjustment approved, one
waiting for the unit head, one task found in both joint plans."""

from __future__ import annotations

import io
from datetime import timedelta

from domain.access import Actor
from domain.plan_changes import AdjustmentKind
from domain.plan_headers import PlanKind
from domain.plan_typed import TypedTask, read_typed
from server.planning.adjusting import approve_adjustment, request_adjustment
from server.planning.linking import confirm_link, see_links
from server.planning.models import Plan, PlanTask
from server.planning.service import list_plans, values_of
from server.planning.versions import publish_plan, report_version
from server.runtime import today

# Of the tasks nothing is drawn for.
ADJUSTED, LINKED = "driver_training", "ride_hailing"
# 责任股所 of the bureau's own tasks; the others' is whoever leads them in the plan.
UNITS = {"passenger": "综合执法队", "taxi": "综合执法队", "hazmat": "法治办", "repair": "法治办"}


def live_with_plans(office: Actor, head: Actor, password: str) -> None:
    """In the running unit of work, right after the import; the head signs with the password."""
    own = [one for one in list_plans(office) if one.kind != PlanKind.COUNTY_JOINT]
    for number, plan in enumerate(own, start=9):
        for task in plan.tasks:
            task.responsible_unit = UNITS.get(task.category or "", "")
        publish_plan(office, plan.id)
        _report(office, plan, 1, number)
    internal = next(one for one in own if one.kind == PlanKind.INTERNAL)
    _raise_a_ratio(office, head, password, internal)
    _ask_for_a_task(office, internal)
    for pair in see_links(office, internal.year).proposed:
        if pair.own.category == LINKED:
            confirm_link(office, pair.own.id, pair.county.id)


def _raise_a_ratio(office: Actor, head: Actor, password: str, plan: Plan) -> None:
    task = next(one for one in plan.tasks if one.category == ADJUSTED)
    values = values_of(task) | {"ratio_text": "40%", "ratio_percent": "40"}
    order = request_adjustment(
        office,
        plan.id,
        AdjustmentKind.CHANGE,
        task.id,
        values,
        "学员投诉增多，提高驾驶员培训机构抽查比例。",
        io.BytesIO(_paper()),
        "关于调整驾驶员培训机构抽查比例的请示.pdf",
    )
    approve_adjustment(head, order.id, "同意。", password=password, address="")
    _report(office, plan, 2, 21)
    publish_plan(office, plan.id)


def _ask_for_a_task(office: Actor, plan: Plan) -> None:
    like: PlanTask = plan.tasks[0]
    typed = TypedTask(
        name="对道路运输站场的监管",
        item_codes=["station"],
        item_text="对道路运输站场经营者的监督检查",
        object_scope="县内道路运输站场",
        category="station",
        ratio_text="50% 1次/年",
        window_text="6月-12月",
        initiators="法治办",
        lead_units="交通运输事业发展中心",
        inspecting_bodies="综合执法队",
        risk_text=like.risk_text,
        checklist_codes=["common", "station"],
        responsible_unit="法治办",
        completion_text="全年",
    )
    values, _wrong = read_typed(PlanKind.INTERNAL, typed, plan.year)
    request_adjustment(
        office,
        plan.id,
        AdjustmentKind.ADD,
        None,
        values,
        "对象库新增运输站场，按监管对象全覆盖的原则列入计划。",
        io.BytesIO(_paper()),
        "关于增加运输站场抽查任务的请示.pdf",
    )


def _report(office: Actor, plan: Plan, version: int, number: int) -> None:
    day = today() - timedelta(days=1)
    report_version(office, plan.id, version, day, f"泽交字〔{plan.year}〕{number}号")


def _paper() -> bytes:
    """A blank page: the smallest PDF with a table that leads to its objects."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj%b endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    return content + (
        b"xref\n0 4\n0000000000 65535 f \n%btrailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, start)
    )

"""One joint visit of a busy county, carried out by two departments from the first finding to what
the firm answered: a record of every kind of either."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.followup import Decision, Disposal
from server.audit.roots import make_root
from server.db import unit_of_work
from server.demo import service
from server.runtime import SITE_ZONE
from tools.busy_county import JOINT, LEADS, NOW, County, Visit, draw_evidence, inspections_of
from tools.busy_matters import OfficerPhone

# What each found: in no word of ours, so that an answer with it tells of that department's record.
FINDING = {"tr": "车厢标志灯不亮，罚单夹在乙栏", "mr": "营业执照悬于丙室，住所不符"}
LISTS = ("driver_training", "frost")  # in the second county the one is called as the other


def work_together(county: County) -> None:
    """The first joint visit, by both departments to the end; a day later than the county's now."""
    joint = inspections_of(county, JOINT)[0]
    _wind(county, NOW.date() + timedelta(days=1))
    _begin(county, joint)
    for code, office in (("tr", "bangong"), ("mr", "shichangban")):
        visit = Visit(county, joint, code)
        failing = next(one.code for one in visit.items if one.type == "judge")
        visit.whole({failing: ("fail", FINDING[code])})
        if code == "tr":
            _pause(county, joint)
        visit.accept()
        visit.enter()
        late = OfficerPhone(county, visit.accounts[1], joint)
        entity = f"answer:{code}/{failing}"
        told = {"reason": "复核时发现记录有误", "note": "补记一行"}
        late.make(late.space, "correction.propose", entity, told, base={})
        asked = late.push()[0]
        assert asked["status"] == "applied"
        _prove(county, joint, code, visit.accounts[1], str(asked["proposal"]))
        _record(county, joint, code, office)
        _tell(county, joint, code, office)
        _sign(county, code)
        _train(county, code, office)
    _hand_over(county, joint)
    with county.desk():
        home = service.find_demo()
        assert home is not None
        make_root(home.id)


def _begin(county: County, inspection_id: int) -> None:
    """What lies half done on the desks: drafts, an import, an assistant of the visit."""
    from domain.plan_headers import PlanKind
    from server.exchange.service import receive_file
    from server.organisation import service as organisation
    from server.planning.drafting import create_plan
    from server.registry.checklists import find_checklist
    from server.registry.editing.drafts import start_draft

    with county.desk():
        office = county.actor("bangong")
        start_draft(office, next(code for code in LISTS if find_checklist(code)))
        create_plan(office, PlanKind.INTERNAL, NOW.year, "尚未定稿的计划")
        expert = organisation.list_available(NOW.date())[0]
        organisation.name_assistant(office, inspection_id, expert.id, "检测设备读数")
        file = "姓名,单位,执法证号\r\n校验甲,市场监督管理局,14059900999".encode()
        for account in ("bangong", "shichangban"):
            receive_file(county.actor(account), "officers", "人员.csv", file)


def _pause(county: County, inspection_id: int) -> None:
    """The term is to rest for a week; nobody has decided yet."""
    from domain.pauses import Span
    from server.deadlines import pauses

    with county.desk():
        day = county.clock().astimezone(SITE_ZONE).date()
        paper = pauses.Evidence(_paper("送检", inspection_id, "tr"), "送检单.jpg")
        span = Span(day + timedelta(days=1), day + timedelta(days=7))
        pauses.request_pause(
            county.actor("bangong"), inspection_id, "testing", "制动性能送检", span, paper
        )


def _record(county: County, inspection_id: int, code: str, office: str) -> None:
    from server.followup import service as followup
    from server.phrases.service import add_phrases
    from server.publication.service import Proof, Told, record_publication, record_receipt

    day = county.clock().astimezone(SITE_ZONE).date()
    with county.desk():
        actor = county.actor(office)
        proof = Proof(_paper("回执", inspection_id, code), "回执.jpg")
        record_receipt(actor, inspection_id, code, Told(1, day, proof=proof), f"01{code}{day:%j}")
        record_publication(actor, inspection_id, code, Told(1, day, proof=proof), "公示系统", "")
        wanted = followup.Wanted()
        cases = [
            line.case
            for line in followup.list_cases(actor, wanted).rows
            if line.case.inspection_id == inspection_id
        ]
        due = day + timedelta(days=9)
        order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期改正", due, "")
        paper = followup.Paper(_paper("改正", inspection_id, code), "改.jpg")
        followup.decide(actor, cases[0].id, order, 1, paper)
        if code != "tr":
            add_phrases(actor, [("营业执照未悬挂于醒目位置", "")])


def _train(county: County, code: str, office: str) -> None:
    from domain.training import TrainingKind
    from server.training.service import Course, Material, list_choices, record_training

    with county.desk():
        actor = county.actor(office)
        officers = [number for one in list_choices(actor) for number, _name in one.officers]
        course = Course(
            TrainingKind.OFFICERS, county.clock().date(), Decimal(2), "抽取前培训", "取证",
            "会议室", "局法治办", frozenset(officers[:1]), frozenset(),
        )  # fmt: skip
        record_training(actor, course, Material(_paper("培训", 0, code), "课件.jpg"))


def _hand_over(county: County, inspection_id: int) -> None:
    """Materials and numbers of the department that takes part, to the one that leads."""
    from server.deadlines import materials
    from server.inspections.service import get_inspection
    from server.reports import joining, parts
    from server.reports.part_standing import read_standing

    with county.desk():
        lead, other = county.actor("bangong"), county.actor("shichangban")
        task_id = get_inspection(lead, inspection_id).task_id
        materials.hand_over(other, task_id, "检查记录", "沟通要早", county.clock().date())
        (line,) = [
            one
            for one in read_standing(other, task_id).lines
            if one.department.id == other.department_id
        ]
        parts.hand_over(other, task_id, parts.seen_of(line.parts), "")
        joining.join_parts(lead, task_id)


def _prove(county: County, inspection_id: int, code: str, account: str, order: str) -> None:
    from server.corrections.evidence import Paper, keep_papers, record_papers

    with county.desk():
        kept = keep_papers([Paper(_paper("更正", inspection_id, code), "更正.jpg")])
        with unit_of_work():
            record_papers(county.actor(account), order, kept)


def _tell(county: County, inspection_id: int, code: str, office: str) -> None:
    """The firm is told by hand, states its view and hands in proof; somebody reports a clue."""
    from domain.clues import ClueKind, Deed, StepKind
    from domain.telling import Delivery, Way
    from server.accounts.service import find_department
    from server.clues import service as clues
    from server.db import scope_to
    from server.telling import service as telling

    day = county.clock().astimezone(SITE_ZONE).date()
    with county.desk():
        actor = county.actor(office)
        notice = telling.make_notice(actor, inspection_id, code, 1)
        by_hand = Delivery(Way.DIRECT, day, "王建国、李明", "陈经理", has_proof=True)
        proof = telling.Proof(_paper("送达", inspection_id, code), "送达.jpg")
        telling.record_delivery(actor, inspection_id, code, notice.id, by_hand, proof)
        secret = telling.issue_code(actor, inspection_id, code)
        token = telling.view_telling(actor, inspection_id, code).link
        assert token is not None
        opened = telling.open_link(token.token, secret, "192.0.2.1")
        link, visit = telling.require_visit(token.token, opened)
        telling.state_view(link, visit, code, "请予复核。", "陈经理", None)
        scope_to(actor.jurisdiction_id)
        picture = _paper("举报", inspection_id, code)
        report = clues.Report(ClueKind.VEHICLE, "车况不良", once=clues.make_once(), files=[picture])
        clues.receive(actor.jurisdiction_id, report, "192.0.2.1")
        clue = max(
            (line.clue for line in clues.list_clues(county.actor("ducha"), clues.Wanted()).rows),
            key=lambda one: one.id,
        )
        home, department = county.actor("bangong"), find_department(code)
        assert department is not None
        clues.handle(home, clue.id, Deed(StepKind.ACCEPT, "受理"), 1)
        assigned = Deed(StepKind.ASSIGN, "请核实", department_id=department.id)
        paper = clues.Paper(_paper("线索", inspection_id, code), "线索.jpg")
        clues.handle(home, clue.id, assigned, 2, paper)


def _sign(county: County, code: str) -> None:
    from domain.signatures import Signature
    from server.inspections import day_summary
    from server.inspections.day import view_day

    day = county.clock().astimezone(SITE_ZONE).date()
    with county.desk():
        lead = county.actor(LEADS[code])
        draft = day_summary.find_draft(lead, view_day(lead, day))
        assert draft is not None
        day_summary.sign_day(
            lead, day, seen=draft.seen, remark="情况正常",
            signature=Signature(typed_name=lead.name), password=county.password,
            address="192.0.2.1",
        )  # fmt: skip


def _paper(name: str, inspection_id: int, code: str) -> io.BytesIO:
    return io.BytesIO(draw_evidence(f"{name}{inspection_id}{code}", 1))


def _wind(county: County, day: date) -> None:
    county.clock.at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=SITE_ZONE).astimezone(
        county.clock.at.tzinfo
    )

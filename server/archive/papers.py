"""The papers of a file that are made for it: cover, draw, changes, result, corrections, closing
note. Notice, record and photos have templates of their own."""

from __future__ import annotations

from datetime import date

from domain.archive import Part, PartState, Standing
from domain.results import firm_result
from server.accounts.service import get_person
from server.archive.contents import Dossier, SheetFile
from server.archive.wording import part_word, turn_word, why_word
from server.corrections.reading import OrderView
from server.documents.ceremony import read_ceremony
from server.documents.content import (
    Block,
    Code,
    Column,
    Fact,
    Facts,
    Heading,
    Numbered,
    Paragraph,
    Signatures,
    Table,
)
from server.documents.wording import day_words, instant_words
from server.draws import service as draws
from server.draws.change_wording import kind_word, reason_word
from server.draws.official import find_official
from server.inspections import service as inspections
from server.inspections.models import Sheet
from server.inspections.wording import result_word, verdict_word

ITEMS = (
    Column("序号", 7, is_centred=True),
    Column("检查项", 39),
    Column("判定", 11, is_centred=True),
    Column("检查结果", 24),
    Column("照片", 8, is_centred=True),
    Column("严重程度", 11, is_centred=True),
)
STEPS = (Column("时间", 27), Column("事项", 18), Column("办理人", 16), Column("说明", 39))
CHANGES = (Column("检查项", 29), Column("内容", 17), Column("原内容", 27), Column("更正为", 27))
TEAM = (Column("时间", 27), Column("事项", 33), Column("原因", 24), Column("审批", 16))
SEVERITIES = {"minor": "一般", "major": "较重", "critical": "严重"}
ORDER_STATES = {
    "draft": "草稿", "submitted": "已提交待审批", "approved": "已批准", "refused": "已退回",
    "dropped": "已撤回",
}  # fmt: skip
CHANGE_STATES = {
    "requested": "待审批", "approved": "已批准", "refused": "未批准", "dropped": "已撤回",
}  # fmt: skip
ORDER_STEPS = {
    "received": "送达", "imported": "由文件导入", "asked": "申请更正", "submit": "提交",
    "endorse": "审核同意", "approve": "批准", "refuse": "退回", "drop": "撤回",
    "take_over": "由检查组采用",
}  # fmt: skip


def cover_facts(dossier: Dossier, made_on: date) -> Facts:
    """What stands on the cover 卷宗封面 above the word whether it is complete."""
    found = dossier.inspection
    ended = sorted({one.sheet.ended_on for one in dossier.sheets if one.sheet.ended_on})
    team = inspections.last_team(found)
    return Facts(
        (
            (Fact("案卷编号", (found.number,)),),
            (Fact("被检查单位", (found.firm.name,)),),
            (Fact("统一社会信用代码", (found.firm.uscc,)),),
            (Fact("抽查任务", (f"{found.task.task_no} {found.task.name}",)),),
            (Fact("抽取编号", (found.draw.public_id,)),),
            (
                Fact(
                    "检查部门",
                    tuple(dossier.county + one.sheet.department.name for one in dossier.sheets),
                ),
            ),
            (
                Fact(
                    "检查人员",
                    tuple(
                        f"{one.officer.name}（{one.officer.cert_no}，{one.department.name}）"
                        for one in team
                    ),
                ),
            ),
            (Fact("检查结束日期", tuple(map(day_words, ended)) or ("尚未结束",)),),
            (Fact("检查结果", _result_lines(dossier)),),
            (Fact("整理日期", (day_words(made_on),)),),
            (Fact("保管期限"),),
        )
    )


def missing_lines(dossier: Dossier, at_most: int | None = None) -> Numbered:
    """Each missing part: whose, why, whose turn; the last of ``at_most`` lines counts the rest."""
    lines = [_missing_line(sheet, one) for sheet, one in dossier.missing]
    if at_most is not None and len(lines) > at_most:
        rest = len(lines) - at_most + 1
        lines = [*lines[: at_most - 1], f"其余 {rest} 件见卷内目录"]
    return Numbered(tuple(lines))


def _missing_line(sheet: Sheet | None, one: Standing) -> str:
    whose = f"{sheet.department.name} " if sheet is not None else ""
    return f"{whose}{part_word(one.part)}：{why_word(one)}（待{turn_word(one.turn)}办理）"


def _result_lines(dossier: Dossier) -> tuple[str, ...]:
    """Each department's, and the worst of several: it is the firm's."""
    lines = tuple(map(_result_line, dossier.sheets))
    versions = (file.view.version for file in dossier.sheets)
    firm = firm_result(one.result_code if one is not None else None for one in versions)
    if firm.code is None or firm.sheets == 1:
        return lines
    rest = "" if firm.is_final else f"（{firm.sheets} 个部门中 {firm.entered} 个已录入）"
    return (*lines, f"各部门结果中最重的：{result_word(firm.code)}{rest}")


def _result_line(file: SheetFile) -> str:
    version = file.view.version
    told = result_word(version.result_code) if version is not None else "尚未录入"
    return f"{file.sheet.department.name}：{told}"


def draw_paper(dossier: Dossier, host_url: str) -> tuple[Block, ...]:
    """Where the visit comes from (R041): the number under which anybody can check the draw."""
    draw = dossier.inspection.draw
    people, ceremony = draws.people_of(draw), read_ceremony(draw.ceremony)
    official = find_official(draw)
    told: list[tuple[str, str]] = [
        ("抽取编号", draw.public_id),
        ("抽查任务", f"{draw.task.task_no} {draw.task.name}"),
        ("抽取时间", instant_words(draw.drawn_at)),
        ("操作人", people["drawn_by"] or people["frozen_by"]),
        ("监督人", ceremony.witness),
        ("地点", ceremony.place),
    ]
    if official is not None:
        told += [
            ("官方平台", official.platform),
            ("平台编号", official.official_no),
            ("平台文件", official.file_name),
            ("平台文件校验值（SHA-256）", official.file_sha256),
        ]
    else:
        told += [
            ("抽取池冻结时间", instant_words(draw.frozen_at)),
            ("抽取池摘要（SHA-256）", draw.pool_sha256),
            ("公开随机数", draw.seed or ""),
            ("随机数来源", draw.seed_source),
        ]
    facts = Facts(tuple((Fact(label, (text,)),) for label, text in told if text))
    url = f"{host_url.rstrip('/')}/public/draws/{draw.public_id}"
    lines = ("抽取记录已公布，任何人可以扫码重新计算核对，不用登录。", url)
    return (facts, Code(url, lines))


def team_paper(dossier: Dossier) -> tuple[Block, ...]:
    """Who was replaced, or why the firm was taken out."""
    rows = []
    for one in dossier.changes:
        names = " → ".join(who.name for who in (one.officer, one.joined) if who is not None)
        rows.append(
            (
                instant_words(one.decided_at or one.requested_at),
                " ".join(filter(None, (kind_word(one.kind), names))),
                "：".join(filter(None, (reason_word(one.reason), one.words))),
                CHANGE_STATES.get(one.state, one.state),
            )
        )
    return (Table.of_rows(TEAM, rows),)


def result_paper(file: SheetFile) -> tuple[Block, ...]:
    """The result of each item in the version in force, and how the sheet came to it."""
    version = file.view.version
    assert version is not None, "made for an entered sheet alone"
    items = [
        (
            str(place),
            f"{one.item.code} {one.item.text}",
            verdict_word(one.verdict),
            result_word(one.result),
            str(len(one.photos)) if one.photos else "",
            SEVERITIES.get(one.item.severity, one.item.severity) if one.is_finding else "",
        )
        for place, one in enumerate(file.view.items, start=1)
    ]
    return (
        Facts(
            (
                (Fact("检查结果", (result_word(version.result_code),)),),
                (
                    Fact("版本", (f"第 {version.version} 版",)),
                    Fact("录入时间", (instant_words(version.entered_at),)),
                ),
                (Fact("内容校验值（SHA-256）", (version.digest,)),),
            )
        ),
        Heading("各项结果"),
        Table.of_rows(ITEMS, items),
        Heading("办理经过"),
        Table.of_rows(STEPS, _steps(file)),
    )


def _steps(file: SheetFile) -> list[tuple[str, ...]]:
    """The oldest first."""
    sheet, view = file.sheet, file.view
    found = [(one.at, "退回", one.who, one.reason) for one in view.returns]
    if sheet.submitted_at is not None:
        found.append((sheet.submitted_at, "提交", _name(sheet.submitted_by), ""))
    if sheet.accepted_at is not None:
        found.append((sheet.accepted_at, "审核通过", _name(sheet.accepted_by), ""))
    for one in reversed(view.versions):
        what = "录入并锁定" if one.version == 1 else f"更正为第 {one.version} 版"
        by = str(one.snapshot["entered"]["by"])
        found.append((one.entered_at, what, by, f"{result_word(one.result_code)}"))
    ordered = sorted(found, key=lambda one: one[0])
    return [(instant_words(at), what, who, why) for at, what, who, why in ordered]


def _name(person_id: int | None) -> str:
    return get_person(person_id).name if person_id is not None else ""


def corrections_paper(file: SheetFile) -> tuple[Block, ...]:
    """Every order about this sheet, the refused ones too: each with what it changes and its way."""
    blocks: list[Block] = []
    for place, order in enumerate(file.orders, start=1):
        blocks += _order(place, order)
    return tuple(blocks)


def _order(place: int, one: OrderView) -> list[Block]:
    proposal = one.order.proposal
    blocks: list[Block] = [
        Heading(f"{place}. {one.what}（{ORDER_STATES.get(one.state, one.state)}）"),
        Facts(
            (
                (Fact("更正单编号", (one.number or "—",)),),
                (
                    Fact("申请人", (one.author,)),
                    Fact("送达时间", (instant_words(proposal.made_at),)),
                ),
                (Fact("检查项", (one.item,)),),
                (Fact("更正理由", (one.order.reason or "—",)),),
            )
        ),
    ]
    if one.evidence:
        names = tuple(f"{e.name}（SHA-256 {e.sha256[:16]}）" for e in one.evidence)
        blocks.append(Facts(((Fact("附件", names),),)))
    if one.changes:
        rows = [(line.item, line.what, line.old, line.new) for line in one.changes]
        blocks.append(Table.of_rows(CHANGES, rows))
    steps = [
        (
            instant_words(event["at"]),
            ORDER_STEPS.get(event["what"], event["what"]),
            event["who"],
            event["note"] + (f" 形成第 {event['version']} 版" if event.get("version") else ""),
        )
        for event in one.events
    ]
    blocks.append(Table.of_rows(STEPS, steps))
    return blocks


def closing_paper(dossier: Dossier) -> tuple[Block, ...]:
    """卷内备考表: what whoever files it confirms with a pen."""
    photos = sum(len(one.view.photos) for one in dossier.sheets)
    blocks: list[Block] = [
        Paragraph(
            f"本卷由系统按整理当日的记录生成，照片 {photos} 张按打印尺寸缩小；原始照片、锁定内容和"
            "各文件的校验值在同一检查的案卷压缩包（ZIP）内，可以用 suicha archive verify 逐个核对。"
        )
    ]
    if dossier.hidden:
        names = "、".join(one.department.name for one in dossier.hidden)
        blocks.append(Paragraph(f"{names}的结果表由该部门自行立卷，不收入本卷。"))
    if dossier.missing:
        blocks += [Paragraph("整理时尚缺："), missing_lines(dossier)]
    else:
        blocks.append(Paragraph("整理时卷内材料齐全。"))
    blocks += [
        Facts(((Fact("情况说明", ("　",) * 4),),)),
        Signatures(("立卷人", "检查人"), has_dates=True),
    ]
    return tuple(blocks)


def is_there(file: SheetFile, part: Part) -> bool:
    """Whether the part is on record."""
    return any(one.part is part and one.state is PartState.THERE for one in file.parts)

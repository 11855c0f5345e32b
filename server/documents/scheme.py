"""联合抽查方案 (R051): the outline a bureau prints before the draw and sends to the departments
that take part. Filled as far as plan and draw say; the office goes on writing the Word file."""

from __future__ import annotations

from collections.abc import Sequence

from server.documents.content import (
    Block,
    Column,
    Heading,
    Paper,
    Paragraph,
    Table,
)
from server.documents.draw_facts import DrawFacts
from server.documents.wording import COUNTED, EMPTY_DATE, day_words, law_title

PARTS = (
    Column("部门", 27),
    Column("分工", 16, is_centred=True),
    Column("检查事项", 39),
    Column("名录库人员", 18, is_centred=True),
)
# The ground of every joint draw; the State Council's opinion of 2019.
OPINION = (
    "《国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见》（国发〔2019〕5 号）"
)


def build_scheme(facts: DrawFacts) -> Paper:
    """Of a frozen or a drawn pool."""
    kind = "部门联合抽查方案" if facts.is_joint else "随机抽查方案"
    chapters = (
        ("工作目标", _aims(facts)),
        ("检查依据", _grounds(facts)),
        ("任务分工", _parts(facts)),
        ("检查对象和比例", _objects(facts)),
        ("检查事项", _items(facts)),
        ("时间安排", _times(facts)),
        ("工作要求", _demands(facts)),
    )
    blocks: list[Block] = []
    for place, (title, told) in enumerate(chapters):
        blocks += [Heading(f"{COUNTED[place]}、{title}"), *told]
    blocks += [Paragraph(facts.lead_body, at_end=True), Paragraph(EMPTY_DATE, at_end=True)]
    year = facts.task.plan.year
    return Paper((f"{facts.county}{year}年“{facts.task.name}”", kind), tuple(blocks))


def _aims(facts: DrawFacts) -> Sequence[Block]:
    together = "统筹各部门检查，做到进一次门、查多项事，" if facts.is_joint else ""
    return [
        Paragraph(
            f"为全面推行“双随机、一公开”监管，规范涉企检查，{together}减轻企业负担，"
            f"按照《{facts.task.plan.title}》安排，对{facts.objects}开展随机抽查，制定本方案。"
        )
    ]


def _grounds(facts: DrawFacts) -> Sequence[Block]:
    laws = dict.fromkeys(law_title(law) for one in facts.items for law in one.laws)
    return [Paragraph((f"{OPINION}、" if facts.is_joint else "") + "".join(laws) + "。")]


def _parts(facts: DrawFacts) -> Sequence[Block]:
    counts = facts.pool.officers if facts.pool else {}
    rows = [
        (
            f"{facts.county}{one.department.name}",
            _role(facts, one.department.id),
            "、".join(item.name for item in one.items),
            f"{counts.get(one.department.name, 0)} 人",
        )
        for one in facts.items
    ]
    lead = (
        f"{facts.lead_body}牵头组织，负责制定方案、召开部门联席会议、抽取检查对象和人员、汇总结果；"
        "配合部门按职责选派执法检查人员，检查本部门事项。"
    )
    if facts.ceremony.met_on:
        lead += f"部门联席会议已于{day_words(facts.ceremony.met_on)}召开。"
    table = Table.of_rows(PARTS, rows)
    return [Paragraph(lead), table] if facts.is_joint else [table]


def _role(facts: DrawFacts, department_id: int) -> str:
    """The first body the plan names leads what it initiates."""
    if not facts.is_joint:
        return "实施"
    if department_id not in facts.initiators:
        return "配合"
    return "发起、牵头" if department_id == facts.initiators[0] else "发起"


def _objects(facts: DrawFacts) -> Sequence[Block]:
    task, pool = facts.task, facts.pool
    ratio = f"计划抽查比例和频次：{task.ratio_text}。" if task.ratio_text else ""
    blocks: list[Block] = [Paragraph(f"检查对象为{facts.objects}。{ratio}")]
    if pool is None:
        return blocks
    blocks.append(Paragraph("".join(facts.reasons)))
    if facts.rows:
        blocks.append(
            Paragraph(
                f"已抽取 {len(facts.rows)} 户，名单和人员见选派（抽取）记录单"
                f"（抽取编号 {facts.draw.public_id}）。"
            )
        )
    else:
        blocks.append(
            Paragraph(
                f"抽取前冻结对象库 {pool.firms} 户，公开产生随机数后抽取，抽取过程可由任何人复核。"
            )
        )
    return blocks


def _items(facts: DrawFacts) -> Sequence[Block]:
    return [
        Paragraph(
            f"（{COUNTED[place]}）{one.department.name}："
            + "、".join(f"{item.name}（{len(item.entries)} 项）" for item in one.items)
            + "。"
        )
        for place, one in enumerate(facts.items)
    ] + [Paragraph("具体检查内容、依据和方式见抽查事项表。")]


def _times(facts: DrawFacts) -> Sequence[Block]:
    task = facts.task
    drawn = facts.draw.drawn_at
    first = f"{day_words(facts.draw_day)}已完成。" if drawn else "年　　月　　日前完成，公开进行。"
    days = sorted(row.inspection.planned_on for row in facts.rows
                  if row.inspection and row.inspection.planned_on)  # fmt: skip
    window = f"计划时间为{task.window_text}" if task.window_text else "按年度抽查计划"
    begin = f"，自{day_words(days[0])}起实施" if days else ""
    return [
        Paragraph(f"（一）抽取和匹配：{first}"),
        Paragraph(f"（二）实地检查：{window}{begin}。"),
        Paragraph(
            f"（三）录入和公示：每户检查结束后 {facts.entry_days} 个工作日内，"
            "由检查部门录入并公示结果。"
        ),
        Paragraph("（四）后续处理：发现的问题依法处理，处理情况一并归档。"),
    ]


def _demands(facts: DrawFacts) -> Sequence[Block]:
    together = "各部门同时到场，一次完成检查。" if facts.is_joint else ""
    return [
        Paragraph(
            "（一）规范检查。每部门执法检查人员不少于 2 人，主动出示执法证件，送达告知书，"
            f"按检查表逐项检查。{together}"
        ),
        Paragraph(
            "（二）落实责任。谁检查、谁录入、谁公示；抽取产生的对象和人员不得随意更换，"
            "确需更换的按程序审批并记录。"
        ),
        Paragraph("（三）处理到位。检查发现的问题逐一后续处理，涉嫌犯罪的依法移送。"),
        Paragraph(
            "（四）廉洁守纪。应当回避的主动回避，保守企业商业秘密，不得影响企业正常生产经营。"
        ),
    ]

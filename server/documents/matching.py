"""双随机匹配结果人员信息 (R054, annex 6): who goes to whom, group by group."""

from __future__ import annotations

from server.documents.content import Column, Fact, Facts, Paper, Paragraph, Table
from server.documents.draw_facts import DrawFacts
from server.documents.wording import instant_words

COLUMNS = (
    Column("组别", 7, is_centred=True, is_merged=True),
    Column("姓名", 11),
    Column("单位", 17),
    Column("执法证号", 17),
    Column("业务专长标签", 21),
    Column("对应对象", 20, is_merged=True),
    Column("组长", 7, is_centred=True),
)


def build_matching(facts: DrawFacts) -> Paper:
    """Of a draw that was made: one group for each firm, each department's lead first."""
    task, draw = facts.task, facts.draw
    return Paper(
        title=("双随机匹配结果人员信息",),
        blocks=(
            Facts(
                (
                    (Fact("任务编号", (task.task_no,)), Fact("抽取编号", facts.number)),
                    (Fact("任务名称", (task.name,)),),
                    (
                        Fact("匹配时间", (instant_words(draw.drawn_at),)),
                        Fact("组数", (f"{len(facts.rows)} 组",)),
                    ),
                )
            ),
            Table(
                COLUMNS,
                tuple(
                    tuple(
                        (
                            str(row.place),
                            one.name,
                            team.department,
                            one.cert_no,
                            "、".join(facts.label_word(label) for label in one.labels),
                            row.firm.name,
                            "组长" if place == 0 else "",
                        )
                        for team in row.teams
                        for place, one in enumerate(team.officers)
                    )
                    for row in facts.rows
                ),
            ),
            Paragraph(f"制表单位：{facts.home_body}", is_addressed=True),
        ),
    )

"""抽查事项表 (R055, annex 7): which department checks what, on which ground and how."""

from __future__ import annotations

from server.documents.content import Block, Column, Fact, Facts, Heading, Paper, Table
from server.documents.draw_facts import DepartmentItems, DrawFacts, basis_words, method_words
from server.documents.wording import COUNTED

ITEMS = (
    Column("部门", 13, is_merged=True),
    Column("抽查事项", 17),
    Column("类别", 8, is_centred=True),
    Column("依据", 33),
    Column("对象", 17),
    Column("方式", 12),
)
ENTRIES = (
    Column("序号", 7, is_centred=True),
    Column("抽查事项", 17),
    Column("检查内容", 36),
    Column("依据", 26),
    Column("方式", 14),
)


def build_item_table(facts: DrawFacts) -> Paper:
    """The items of all departments, then each department's check contents."""
    task = facts.task
    blocks: list[Block] = [
        Facts(
            (
                (Fact("任务编号", (task.task_no,)), Fact("抽取编号", facts.number)),
                (Fact("任务名称", (task.name,)),),
                (Fact("计划的抽查事项", (task.item_text,) if task.item_text else (task.name,)),),
                (Fact("对象范围", (facts.objects,)),),
            )
        ),
        Heading("一、抽查事项"),
        Table(ITEMS, tuple(_rows(one, facts.objects) for one in facts.items)),
    ]
    for place, one in enumerate(facts.items, start=1):
        blocks += [
            Heading(f"{COUNTED[place]}、{one.department.name}的检查内容"),
            Table.of_rows(ENTRIES, _entries(one)),
        ]
    kind = "开展跨部门联合随机抽查事项表" if facts.is_joint else "随机抽查事项表"
    return Paper(title=(kind,), blocks=tuple(blocks))


def _rows(one: DepartmentItems, objects: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            one.department.name,
            f"{item.name}（{len(item.entries)} 项）",
            item.kind,
            item.basis,
            item.objects or objects,
            item.methods,
        )
        for item in one.items
    )


def _entries(one: DepartmentItems) -> list[tuple[str, ...]]:
    told = [(item.name, entry) for item in one.items for entry in item.entries]
    return [
        (str(place), name, entry.text, basis_words(entry.basis), method_words(entry.methods))
        for place, (name, entry) in enumerate(told, start=1)
    ]

"""选派（抽取）记录单 (R047, annex 2): what was drawn from, how, and what came out."""

from __future__ import annotations

from server.documents.content import (
    Block,
    Code,
    Column,
    Fact,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from server.documents.draw_facts import DrawFacts
from server.documents.wording import SUPERSEDED, day_words, instant_words, tier_word
from server.draws.reading import FrozenPool

FIRMS = (
    Column("序号", 7, is_centred=True),
    Column("名称", 29),
    Column("统一社会信用代码", 26),
    Column("住所", 27),
    Column("风险等级", 11, is_centred=True),
)
MAX_PLACES = 40
OFFICERS = (
    Column("序号", 7, is_centred=True),
    Column("姓名", 14),
    Column("单位", 24),
    Column("执法证号", 20),
    Column("检查的对象（序号）", 35),
)


def build_record_sheet(facts: DrawFacts) -> Paper:
    """Of a draw that was made."""
    kind = "跨部门联合“双随机”抽查" if facts.is_joint else "“双随机”抽查"
    people = _officers(facts)
    return Paper(
        title=(kind, "执法人员、市场主体选派（抽取）记录单"),
        blocks=(
            *_set_aside(facts),
            _head(facts),
            Heading(f"一、抽中对象（{len(facts.rows)} 户）"),
            Table.of_rows(FIRMS, [
                (str(row.place), row.firm.name, row.firm.uscc, row.firm.address,
                 tier_word(row.tier))
                for row in facts.rows
            ]),
            Heading(f"二、抽中人员（{len(people)} 人）"),
            Table.of_rows(OFFICERS, people),
            Heading("三、随机数和复核"),
            *_proof(facts),
            Heading("四、签字"),
            Signatures(_places(facts)),
        ),
    )  # fmt: skip


def _set_aside(facts: DrawFacts) -> list[Block]:
    if facts.draw.state != SUPERSEDED:
        return []
    return [
        Paragraph(f"本次抽取已由重抽代替，结果不再执行，本表仅供存档。原因：{facts.draw.reason}")
    ]


def _head(facts: DrawFacts) -> Facts:
    draw, task, ceremony = facts.draw, facts.task, facts.ceremony
    number = Fact("任务编号", (task.task_no,))
    if task.official_no:
        number = Fact("任务编号", (task.task_no, f"上级平台编号 {task.official_no}"))
    pool = facts.pool
    platform, at = ceremony.platform or facts.platform, instant_words(draw.drawn_at)
    meeting = " ".join(filter(None, (day_words(ceremony.met_on), ceremony.met)))
    rows = [
        (number, Fact("抽取编号", facts.number)),
        (Fact("任务名称", (task.name,)),),
        (Fact("平台", (platform,)), Fact("平台回执号")),
        (Fact("抽取时间", (at,)), Fact("抽取地点", _line(ceremony.place))),
        (Fact("在场人员", ceremony.present),),
        *([(Fact("部门联席会议", _line(meeting)),)] if facts.is_joint else []),
        (Fact("抽取条件", conditions(facts)),),
    ]  # fmt: skip
    if pool:
        rows.append(
            (
                Fact("对象库户数", (f"{pool.firms} 户",)),
                Fact("应抽数", (f"{pool.quota.total} 户（实抽 {len(facts.rows)} 户）",)),
            )
        )
    return Facts(tuple(rows))


def conditions(facts: DrawFacts) -> tuple[str, ...]:
    """Why so many firms, and who could be matched to them."""
    pool = facts.pool
    if pool is None:
        return ()
    officers = "、".join(f"{name} {count} 人" for name, count in pool.officers.items())
    return (
        f"对象：{facts.objects}",
        *facts.reasons,
        f"人员：{officers}；每部门每户 2 人，应当回避的除外。{_labels(facts, pool)}",
    )


def _labels(facts: DrawFacts, pool: FrozenPool) -> str:
    """Which departments' officers had to carry which label."""
    asking: dict[str, list[str]] = {}
    for name in pool.officers:
        if name in pool.labels:
            asking.setdefault(facts.label_word(pool.labels[name]), []).append(name)
    return "".join(
        f"{'、'.join(names)}按业务标签“{label}”筛选。" for label, names in asking.items()
    )


def _officers(facts: DrawFacts) -> list[tuple[str, ...]]:
    """Everybody once, department by department, in the order in which they were matched."""
    visits: dict[int, list[str]] = {}
    people: dict[int, tuple[str, str, str]] = {}
    order: dict[str, int] = {}
    for row in facts.rows:
        for team in row.teams:
            order.setdefault(team.department, len(order))
            for one in team.officers:
                visits.setdefault(one.id, []).append(str(row.place))
                people[one.id] = (one.name, team.department, one.cert_no)
    ranked = sorted(people.items(), key=lambda one: order[one[1][1]])
    return [
        (str(place), *told, _places_of(visits[officer]))
        for place, (officer, told) in enumerate(ranked, start=1)
    ]


def _places_of(visits: list[str]) -> str:
    """A cell of hundreds of numbers says nothing, and fits no page."""
    if len(visits) > MAX_PLACES:
        return f"{len(visits)} 户，见双随机匹配结果人员信息"
    return "、".join(visits)


def _proof(facts: DrawFacts) -> tuple[Facts, Code]:
    draw = facts.draw
    return (
        Facts(
            (
                (Fact("随机数", _line(draw.seed or "")),),
                (Fact("来源和监督人", _line(draw.seed_source)),),
                (Fact("抽取池摘要", ("SHA-256", draw.pool_sha256)),),
                (Fact("冻结时间", (instant_words(draw.frozen_at),)),),
            )
        ),
        Code(
            facts.public_url,
            (
                "抽取池在随机数产生之前冻结并公布摘要；任何人扫码即可重新计算，核对本次抽取结果。",
                facts.public_url,
            ),
        ),
    )


def _places(facts: DrawFacts) -> tuple[str, ...]:
    witness = facts.ceremony.witness
    return (
        f"操作人：{facts.ceremony.operator or facts.operator}",
        f"监督人：{witness}" if witness else "监督人",
        *(one.department.name for one in facts.items if facts.is_joint),
    )


def _line(text: str) -> tuple[str, ...]:
    return (text,) if text else ()

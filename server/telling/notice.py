"""检查结果告知书 (R093): the paper, from the facts kept with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.documents.content import (
    Block,
    Code,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Numbered,
    Paper,
    Paragraph,
    Signatures,
    Signed,
    Table,
)
from server.documents.wording import day_words, file_name, instant_words
from server.runtime import today
from server.telling.models import NoticeDelivery

TITLE = "检查结果告知书"
ITEMS = (
    Column("检查项", 13),
    Column("检查内容", 36),
    Column("检查情况", 27),
    Column("结果", 24),
)
PROBLEMS = (
    Column("检查项", 13),
    Column("发现的问题", 34),
    Column("处理", 21),
    Column("期限", 18, is_centred=True),
    Column("办理机关", 14),
)
CHANGES = (Column("检查项", 34), Column("栏目", 14), Column("原内容", 26), Column("更正为", 26))
# 送达方式, ticked by whoever hands the paper over.
WAYS = "□ 直接送达　□ 留置送达　□ 邮寄送达　□ 公告送达"
SIGNED_WAY = "■ 直接送达　□ 留置送达　□ 邮寄送达　□ 公告送达"
ORDERED = (
    "责令改正的，请在期限内改正，并将改正情况和证明材料报送我单位；"
    "逾期不改正的，依法处理。期限栏为空的，处理意见另行告知。"
)
RIGHTS = (
    "对检查情况和结果有异议的，有权陈述和申辩，可以当面、书面或者扫描下方二维码提出。"
    "我单位将予以复核；理由成立的，予以采纳。",
    "拟作出行政处罚等处理决定的，将另行书面告知；你单位依法享有的听证、申请行政复议、"
    "提起行政诉讼等权利不受本告知书影响。",
    "有权要求对商业秘密保密；认为检查人员违法违规的，有权投诉、举报。",
)


def build_document(
    facts: dict[str, Any], link_url: str, delivery: NoticeDelivery | None = None
) -> Document:
    """One paper. ``link_url`` is empty where the firm's link is revoked; of a ``delivery`` that was
    signed for on the pad the receipt is filled in."""
    name = file_name(TITLE, facts["number"])
    return Document(name, (Paper((TITLE,), tuple(_blocks(facts, link_url, delivery))),), today())


def signed_receipt(delivery: NoticeDelivery) -> Signed | None:
    """What the receiver drew, with what it was drawn for; None where nobody did."""
    drawn = delivery.signature
    if drawn is None:
        return None
    return Signed(
        "受送达人签收",
        drawn.strokes,
        (drawn.width, drawn.height),
        (
            f"签收人：{delivery.receiver}；送达人：{delivery.servers}",
            f"告知书 {delivery.notice.number}，{day_words(delivery.delivered_on)}送达，"
            f"登记时间 {instant_words(delivery.recorded_at)}",
            f"签署内容校验值（SHA-256）：{drawn.digest}",
        ),
    )


def list_blocks(facts: dict[str, Any]) -> list[Block]:
    """What it says, without link and place to sign: for the file of the visit."""
    body = _body(facts)
    return [
        Paragraph(f"{facts['firm']['name']}：", is_addressed=True),
        Paragraph(_opening(facts, body)),
        _head(facts),
        *_changes(facts["correction"], facts["version"]),
        Heading("一、检查结果"),
        Paragraph(f"本次检查结果：{facts['result']}。"),
        Table.of_rows(
            ITEMS,
            [(one["code"], one["text"], one["found"], one["result"]) for one in facts["items"]],
        ),
        Heading("二、发现的问题和处理"),
        *_problems(facts["problems"]),
        Heading("三、你单位的权利"),
        Numbered(RIGHTS),
    ]


def _blocks(facts: dict[str, Any], link_url: str, delivery: NoticeDelivery | None) -> list[Block]:
    blocks = list_blocks(facts)
    if link_url:
        blocks.append(Code(link_url, _code_lines()))
    blocks += [
        Paragraph(f"检查结果校验值（SHA-256）：{facts['digest']}"),
        Paragraph(_body(facts), at_end=True),
        Paragraph(day_words(date.fromisoformat(facts["made_on"])), at_end=True),
        Heading("送达回证"),
    ]
    signed = signed_receipt(delivery) if delivery is not None else None
    if signed is not None:
        return [*blocks, Facts(((Fact("送达方式", (SIGNED_WAY,)),),)), signed]
    return [
        *blocks,
        Facts(((Fact("送达方式", (WAYS,)),), (Fact("送达地点"), Fact("备注")))),
        Signatures(("受送达人签收", "送达人（二人以上）"), has_dates=True),
    ]


def _body(facts: dict[str, Any]) -> str:
    return f"{facts['county']}{facts['department']}"


def _opening(facts: dict[str, Any], body: str) -> str:
    ended = day_words(date.fromisoformat(facts["ended_on"])) if facts["ended_on"] else ""
    if facts["correction"]:
        return (
            f"{body}{ended}对你单位进行“双随机、一公开”检查的结果经批准更正，"
            f"现将更正后的结果（第 {facts['version']} 版）告知如下，此前告知的结果以本告知书为准。"
        )
    return f"{body}{ended}对你单位进行了“双随机、一公开”检查，现将检查情况和结果告知如下："


def _head(facts: dict[str, Any]) -> Facts:
    firm = facts["firm"]
    place = (firm["address"],) if firm["address"] else ()
    officers = tuple(f"{one['name']}，执法证号 {one['cert_no']}" for one in facts["officers"])
    return Facts(
        (
            (Fact("告知书编号", (facts["number"],)),),
            (Fact("被检查对象", (_named(firm), *place)),),
            (Fact("抽查任务", (f"{facts['task']['name']}（{facts['task']['no']}）",)),),
            (Fact("检查编号", (facts["inspection"],)),),
            (Fact("检查依据", ("".join(facts["laws"]),)),),
            (Fact("检查人员", officers),),
        )
    )


def _named(firm: dict[str, str]) -> str:
    return f"{firm['name']}（{firm['uscc']}）" if firm["uscc"] else firm["name"]


def _changes(correction: dict[str, Any] | None, version: int) -> list[Block]:
    if not correction:
        return []
    rows = [(one["item"], one["what"], one["old"], one["new"]) for one in correction["lines"]]
    told: list[Block] = [
        Heading(f"更正说明（第 {version - 1} 版更正为第 {version} 版）"),
        Paragraph(f"更正理由：{correction['reason']}"),
    ]
    # Notices made before orders had numbers say none.
    if number := correction.get("number"):
        told.insert(1, Paragraph(f"更正单编号：{number}"))
    return [*told, Table.of_rows(CHANGES, rows)] if rows else told


def _problems(problems: list[dict[str, str]]) -> list[Block]:
    if not problems:
        return [Paragraph("本次检查未发现问题。")]
    rows = [
        (
            one["code"],
            "：".join(filter(None, (one["text"], one["finding"]))),
            one["disposal"] or "待作出处理决定",
            day_words(date.fromisoformat(one["due_on"])) if one["due_on"] else "",
            one["body"],
        )
        for one in problems
    ]
    return [Table.of_rows(PROBLEMS, rows), Paragraph(ORDERED)]


def _code_lines() -> tuple[str, ...]:
    return (
        "扫码并输入验证码，可查看本单位的检查记录和本告知书，提出陈述申辩，提交改正证明。",
        "验证码由送达人员另行告知，一次有效；请勿转告他人。",
    )

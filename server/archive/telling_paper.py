"""The papers of how the firm was told: each notice as it was made, deliveries, what it said."""

from __future__ import annotations

from server.accounts.service import get_person
from server.archive.later import LaterSteps
from server.documents.content import Block, Column, Heading, Table
from server.documents.wording import day_words, instant_words
from server.telling.models import FirmActRow, NoticeDelivery
from server.telling.notice import list_blocks, signed_receipt
from server.telling.wording import act_word, way_word

DELIVERIES = (
    Column("告知书", 22),
    Column("方式", 13),
    Column("送达日期", 19),
    Column("送达人、签收人", 20),
    Column("登记和凭证", 26),
)
ACTS = (Column("时间", 24), Column("事项", 20), Column("内容", 30), Column("部门答复", 26))


def telling_paper(later: LaterSteps) -> tuple[Block, ...]:
    """Notices the oldest first, without the place to sign: what was signed is among the
    attachments."""
    told = later.told
    blocks: list[Block] = []
    for one in told.notices:
        blocks += [Heading(f"告知书 {one.number}（第 {one.version} 版结果）")]
        blocks += list_blocks(one.facts)
    if told.deliveries:
        blocks += [Heading("送达登记")]
        blocks += [Table.of_rows(DELIVERIES, [_delivery(one) for one in told.deliveries])]
        blocks += [signed for one in told.deliveries if (signed := signed_receipt(one))]
    if told.acts:
        blocks += [Heading("企业的陈述申辩和改正证明")]
        blocks += [Table.of_rows(ACTS, [_act(one) for one in told.acts])]
    return tuple(blocks)


def _delivery(one: NoticeDelivery) -> tuple[str, ...]:
    by = get_person(one.recorded_by).name if one.recorded_by else "企业自行确认"
    way = f"{way_word(one.way)}（作废此前登记）" if one.is_void else way_word(one.way)
    people = "；".join(filter(None, (one.servers, one.receiver, one.post_no)))
    note = (f"{by} {instant_words(one.recorded_at)}", one.note, one.reason)
    paper = _paper(one.document_name, one.document_sha256)
    return (
        one.notice.number, way, day_words(one.delivered_on), people,
        "；".join(filter(None, (*note, paper))),
    )  # fmt: skip


def _act(one: FirmActRow) -> tuple[str, ...]:
    said = (one.signer, one.text, _paper(one.document_name, one.document_sha256))
    answer = ""
    if one.answer is not None:
        taken = "已核收" if one.answer.is_accepted else "未核收"
        told = (taken if one.kind == "proof" else "已答复", one.answer.text)
        answer = f"{'：'.join(filter(None, told))}（{get_person(one.answer.person_id).name}）"
    return instant_words(one.at), act_word(one.kind), "；".join(filter(None, said)), answer


def _paper(name: str, sha256: str) -> str:
    return f"附件：{name}（SHA-256 {sha256[:16]}）" if sha256 else ""

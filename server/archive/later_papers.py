"""The papers of what followed the entry: cases of follow-up, platform receipts, publications."""

from __future__ import annotations

from collections.abc import Iterable

from server.accounts.service import get_person
from server.archive.later import LaterSteps
from server.documents.content import Block, Column, Fact, Facts, Heading, Table
from server.documents.wording import day_words, instant_words
from server.followup.models import FollowUp
from server.followup.wording import disposal_word, due_word, state_word, step_word
from server.inspections.wording import result_word
from server.publication.models import PlatformReceipt, Publication

STEPS = (Column("时间", 27), Column("事项", 18), Column("办理人", 16), Column("说明", 39))
RECORDS = (
    Column("版本", 11, is_centred=True),
    Column("回执号", 27),  # twenty digits on one line
    Column("回执日期", 18),
    Column("登记", 18),
    Column("说明和证明材料", 26),
)
CHANNELS = (
    Column("版本", 12, is_centred=True),
    Column("公示渠道", 21),
    Column("公示日期", 20),
    Column("登记", 21),
    Column("说明和证明材料", 26),
)


def follow_up_paper(later: LaterSteps) -> tuple[Block, ...]:
    """Each case with its decision, its outcome and every step."""
    return tuple(block for case in later.cases for block in _case(case))


def _case(case: FollowUp) -> list[Block]:
    told = [
        ("检查结果", result_word(case.result_code)),
        ("发现的情况", case.finding),
        ("处置决定", disposal_word(case.disposal)),
        ("办理机关", case.body),
        ("案号或文号", case.case_no),
        (due_word(case.disposal), day_words(case.due_on)),
        ("办理结果", case.outcome),
        ("办结日期", day_words(case.done_on)),
        ("公示内容", case.public_text),
    ]
    steps = [
        (
            instant_words(one.at),
            step_word(one.action),
            get_person(one.person_id).name,
            _note(one.reason, one.document_name, one.document_sha256),
        )
        for one in case.steps
    ]
    return [
        Heading(f"{case.item_code} {case.item_text}（{state_word(case.state)}）"),
        Facts(tuple((Fact(label, (text,)),) for label, text in told if text)),
        Table.of_rows(STEPS, steps),
    ]


def receipts_paper(later: LaterSteps) -> tuple[Block, ...]:
    """Every entry: a mistake is a later one with its reason."""
    return (
        Table.of_rows(
            RECORDS,
            [(_version(o), o.number, day_words(o.received_on), *_rest(o)) for o in later.receipts],
        ),
    )


def publications_paper(later: LaterSteps) -> tuple[Block, ...]:
    """The same of publications."""
    rows = [
        (
            _version(one),
            " ".join(filter(None, (one.channel, one.address))),
            day_words(one.published_on),
            *_rest(one),
        )
        for one in later.publications
    ]
    return (Table.of_rows(CHANNELS, rows),)


def _version(one: PlatformReceipt | Publication) -> str:
    return f"第 {one.version} 版" + ("（作废）" if one.is_void else "")


def _rest(one: PlatformReceipt | Publication) -> tuple[str, str]:
    who = f"{get_person(one.recorded_by).name} {instant_words(one.recorded_at)}"
    return who, _note(one.reason, one.document_name, one.document_sha256)


def _note(reason: str, name: str, sha256: str | None) -> str:
    """A paper that is attached is in the ZIP; here stand its name and the head of its hash."""
    paper = f"附件：{name}（SHA-256 {sha256[:16]}）" if sha256 else ""
    return "；".join(_filled((reason, paper)))


def _filled(parts: Iterable[str]) -> Iterable[str]:
    return (one for one in parts if one)

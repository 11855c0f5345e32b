"""告知书 (R056, annex 5): what the firm is told, in the words of the phone and the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.documents.content import (
    Block,
    Code,
    Fact,
    Facts,
    Heading,
    Numbered,
    Paper,
    Paragraph,
    Signatures,
)
from server.documents.wording import day_words, law_title
from server.inspections import notice_words as words
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.registry import service as registry

DELIVERY = "□ 现场送达　　□ 邮寄送达　　□ 电子送达　　□ 其他"


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """One visit: officers and items of all departments, as the firm meets them at its door."""

    inspection: Inspection
    sections: tuple[tuple[str, int], ...]
    laws: tuple[str, ...]
    door_url: str


def read_notices(found: Iterable[Inspection], host_url: str) -> list[NoticeOf]:
    """The visits of one draw share their lists, so each list is read once."""
    titles: dict[str, str] = {}
    notices = []
    for inspection in found:
        sections, laws = [], []
        for one in (one for sheet in inspection.sheets for one in sheet.lists):
            reference = one["list"]
            if reference not in titles:
                titles[reference] = registry.get_checklist(reference).title
            wanted = set(one["items"])
            items = [i for i in registry.list_check_items(reference) if i.code in wanted]
            sections.append((titles[reference], len(items)))
            laws += [basis.law for item in items for basis in item.basis]
        door = f"{host_url.rstrip('/')}/check/{inspections.door_token(inspection.id)}"
        notices.append(NoticeOf(inspection, tuple(sections), tuple(dict.fromkeys(laws)), door))
    return notices


def build_notice(county: str, notice: NoticeOf) -> Paper:
    """For a pen to sign: a receipt drawn on the phone stays with the sheet it was drawn on."""
    inspection = notice.inspection
    bodies = "、".join(f"{county}{sheet.department.name}" for sheet in inspection.sheets)
    blocks: tuple[Block, ...] = (
        Paragraph(f"{inspection.firm.name}：", is_addressed=True),
        Paragraph(words.notice_opening(bodies)),
        Facts(tuple((one,) for one in _facts(notice))),
        Code(notice.door_url, ("扫码核对本次检查",), is_aside=True),
        Heading("你单位的权利"),
        Numbered(tuple(words.firm_rights())),
        Heading("你单位的义务"),
        Paragraph(words.firm_duty()),
        Heading("告知书签收"),
        Signatures(("被检查单位签收人", "检查人员"), has_dates=True),
    )
    return Paper((words.notice_title(),), blocks)


def _facts(notice: NoticeOf) -> list[Fact]:
    inspection = notice.inspection
    firm = inspection.firm
    return [
        Fact("被检查对象", (f"{firm.name}（{firm.uscc}）", *_lines(firm.address))),
        Fact("任务", (f"{inspection.task.name}（{inspection.number}）",)),
        Fact("检查时间", _lines(day_words(inspection.ended_on or inspection.planned_on))),
        Fact("检查事项", tuple(words.notice_sections(list(notice.sections)))),
        Fact(
            "检查人员",
            tuple(
                words.notice_officer(one.officer.name, one.officer.cert_no, one.department.name)
                for one in inspections.active_team(inspection)
            ),
        ),
        Fact("检查依据", ("".join(law_title(law) for law in notice.laws),)),
        Fact("请准备", (words.papers_to_prepare(),)),
        Fact("送达方式", (DELIVERY,)),
    ]  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return (text,) if text else ()

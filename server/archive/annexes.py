"""What other subjects add to the file of a visit. A subject that has something to bind writes a
reader and adds it to one of the three lists at the end; nothing else here has to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.access import Actor
from domain.archive import Standing, judge_assistants, judge_closing
from server.accounts.service import get_person
from server.documents.content import Block, Column, Table
from server.documents.wording import instant_words
from server.followup import service as followup
from server.inspections.models import Inspection, Sheet
from server.organisation.experts import list_assistants

ASSISTANTS = (
    Column("姓名或名称", 24),
    Column("单位", 24),
    Column("协助内容", 28),
    Column("登记", 24),
)
CLOSINGS = (Column("时间", 30), Column("事项", 20), Column("办理人", 18), Column("说明", 32))


@dataclass(frozen=True, slots=True)
class Annex:
    """``standing`` is its line in index and page, ``blocks`` are its paper (none: it has no page),
    ``documents`` what goes into the ZIP as it was sent: (name, SHA-256). Only what this reader may
    see."""

    standing: Standing
    blocks: tuple[Block, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()


OfVisit = Callable[[Actor, Inspection], Annex]
OfSheet = Callable[[Actor, Inspection, Sheet], Annex]


def read_assistants(_actor: Actor, found: Inspection) -> Annex:
    """协助人员: experts and agencies, those who were taken back too."""
    named = list_assistants([found.id])
    rows = [
        (
            one.expert.name,
            one.expert.unit,
            one.task,
            instant_words(one.added_at)
            + (f"（已撤回：{one.removed_reason}）" if one.removed_at is not None else ""),
        )
        for one in named
    ]
    standing = judge_assistants(sum(one.removed_at is None for one in named))
    return Annex(standing, (Table.of_rows(ASSISTANTS, rows),) if rows else ())


def read_closing(_actor: Actor, found: Inspection) -> Annex:
    """办结, and each time the visit was opened again; the oldest first."""
    closings = followup.list_closings(found.id)
    rows = [
        (
            instant_words(one.at),
            "办结" if one.action == "close" else "更正后重新办理",
            get_person(one.person_id).name,
            one.note,
        )
        for one in reversed(closings)
    ]
    standing = judge_closing(
        is_closed=followup.is_closed(closings), is_withdrawn=found.withdrawn_at is not None
    )
    return Annex(standing, (Table.of_rows(CLOSINGS, rows),) if rows else ())


# In the order in which they are bound: before the departments' papers, among them, behind them.
BEFORE_SHEETS: tuple[OfVisit, ...] = (read_assistants,)
OF_SHEET: tuple[OfSheet, ...] = ()
AFTER_SHEETS: tuple[OfVisit, ...] = (read_closing,)

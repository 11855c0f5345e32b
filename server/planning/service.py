"""Use cases of annual plans, for pages, commands and other subjects; each lives in the file of its
name."""

from __future__ import annotations

from domain.errors import message
from server.planning.drafting import (
    TASKS,
    WRITABLE_KINDS,
    add_task,
    can_edit,
    create_plan,
    discard_plan,
    edit_plan,
    edit_task,
    remove_task,
)
from server.planning.importing import ImportReport, import_plan
from server.planning.linking import count_undecided
from server.planning.reading import (
    count_draws,
    get_plan,
    get_task,
    hold_task,
    is_own,
    list_own_tasks,
    list_plans,
    lock_task,
    takes_part,
)
from server.planning.remarks import read_remarks, regulator_of_task
from server.planning.task_items import TaskItems, read_task_items
from server.planning.understanding import UnderstoodRow
from server.planning.values import values_of
from server.planning.visit_days import visit_warnings

__all__ = [
    "TASKS",
    "WRITABLE_KINDS",
    "ImportReport",
    "TaskItems",
    "UnderstoodRow",
    "add_task",
    "can_edit",
    "count_draws",
    "count_undecided",
    "create_plan",
    "discard_plan",
    "edit_plan",
    "edit_task",
    "get_plan",
    "get_task",
    "hold_task",
    "import_plan",
    "is_own",
    "list_own_tasks",
    "list_plans",
    "lock_task",
    "note_text",
    "read_remarks",
    "read_task_items",
    "regulator_of_task",
    "remove_task",
    "takes_part",
    "values_of",
    "visit_warnings",
]


def note_text(note: str, locale: str) -> str:
    """A stored note (``code`` or ``code:count``) for a person."""
    code, _, count = note.partition(":")
    return message(code, locale, {"count": count} if count else None)

"""What a page was asked to begin a task's form with: another row, or several joined (一业一查)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from domain.access import Actor
from server.boundary import whole_number
from server.planning.joining import joined_values
from server.planning.models import PlanTask
from server.planning.reading import get_task
from server.planning.values import values_of


@dataclass(frozen=True, slots=True)
class Joining:
    """``values`` are what the form begins with, empty for a blank one; ``rows`` the internal tasks
    taken in, which the plan should then no longer have."""

    values: Mapping[str, Any]
    rows: tuple[PlanTask, ...]


def read_joining(actor: Actor, base: PlanTask | None) -> Joining:
    """From ``join`` (ids of internal tasks) and ``with`` (codes of departments), else ``from`` (one
    row to copy); ``base`` is the task that is changed. Raises ``plan.not_found``."""
    joined = request.args.getlist("join", type=whole_number)
    if joined:
        values, rows = joined_values(actor, base, joined, request.args.getlist("with"))
        return Joining(values, tuple(rows))
    if base is not None:
        return Joining(values_of(base), ())
    like = request.args.get("from", type=whole_number)
    return Joining(values_of(get_task(actor, like)) if like else {}, ())

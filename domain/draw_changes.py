"""What may change after a draw, and how it stands on record (part 7 row 17; R049).

Two kinds: an officer is replaced by lot (`draw_replacements`), or a firm that cannot be inspected
is withdrawn, on request with the next one of its tier in its place (`draw_withdrawals`). The
record of a draw itself never changes: what holds now is the record with the effects of the
approved changes laid over it, in the order in which they were approved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from domain.draw_pool import Officer

CHANGE_ALGORITHM: Final = "suicha-change-1"


class ChangeKind(StrEnum):
    """更换人员, 撤出对象."""

    REPLACEMENT = "replacement"
    WITHDRAWAL = "withdrawal"


class ChangeState(StrEnum):
    """REQUESTED waits for the unit head; DROPPED was taken back by who asked."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    DROPPED = "dropped"


class ReplacementReason(StrEnum):
    """Why an officer cannot go: 回避, 病假, 离岗, 执法证失效, 其他."""

    RECUSAL = "recusal"
    SICK_LEAVE = "sick_leave"
    LEFT_POST = "left_post"
    CERTIFICATE = "certificate"
    OTHER = "other"


class WithdrawalReason(StrEnum):
    """Why a firm cannot be inspected, known before the visit: 已注销, 迁出本县, 重复登记,
    任务收回."""

    DEREGISTERED = "deregistered"
    MOVED_OUT = "moved_out"
    DOUBLE_ENTRY = "double_entry"
    TASK_TAKEN_BACK = "task_taken_back"


@dataclass(slots=True)
class Standing:
    """A draw as it stands: the officers by (firm, department), and every firm that was ever drawn
    or put in another's place."""

    teams: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def load(self) -> Counter[str]:
        """Visits of this draw by officer."""
        return Counter(one for team in self.teams.values() for one in team)


def standing_of(record: Mapping[str, Any], effects: Sequence[Mapping[str, Any]]) -> Standing:
    """The draw's record with the effects laid over it. An effect is `{"kind": "replacement",
    "firm", "department", "leaves", "joins"}` or `{"kind": "withdrawal", "firm", "substitute": id |
    null, "assignments": [{firm, department, officers}]}`. Raises KeyError or ValueError for one
    that does not fit."""
    standing = Standing(used={one["id"] for one in record["firms"]})
    _assign(standing, record["assignments"])
    for effect in effects:
        if effect["kind"] == ChangeKind.REPLACEMENT:
            team = standing.teams[effect["firm"], effect["department"]]
            team[team.index(effect["leaves"])] = effect["joins"]
        elif effect["kind"] == ChangeKind.WITHDRAWAL:
            for key in [key for key in standing.teams if key[0] == effect["firm"]]:
                del standing.teams[key]
            if effect["substitute"] is not None:
                standing.used.add(effect["substitute"])
                _assign(standing, effect["assignments"])
        else:
            raise ValueError(f"unknown kind of change: {effect['kind']}")
    return standing


def find_bar(officer: Officer, firm: str, area: str | None, label: str | None) -> str | None:
    """Why this officer cannot visit this firm: `label`, `area`, `recused`; None where nothing
    does. The rule of the draw itself."""
    if label is not None and label not in officer.labels:
        return "label"
    if officer.area and area and officer.area != area:
        return "area"
    return "recused" if firm in officer.recused_firms else None


def compare_fields(
    recorded: Mapping[str, Any], recomputed: Mapping[str, Any], names: Iterable[str]
) -> list[str]:
    """One line per field that differs, in the words of `verify_draw`."""
    return [
        f"{name}: recorded {recorded[name]!r}, recomputed {recomputed[name]!r}"
        for name in names
        if recorded[name] != recomputed[name]
    ]


def list_misfits(record: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Fields that are missing or unknown, and another algorithm than ours."""
    lines = [f"{name}: missing" for name in names if name not in record]
    lines += [f"{name}: unknown field" for name in record if name not in names]
    if not lines and record["algorithm"] != CHANGE_ALGORITHM:
        told = record["algorithm"]
        lines.append(f"algorithm: recorded {told!r}, only {CHANGE_ALGORITHM!r} is known")
    return lines


def _assign(standing: Standing, assignments: Iterable[Mapping[str, Any]]) -> None:
    for one in assignments:
        standing.teams[one["firm"], one["department"]] = list(one["officers"])

"""Bodies named in plan tables: who initiates, leads, cooperates, inspects (R024–R026)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DutyRole(StrEnum):
    """The duty a body has in a task."""

    INITIATOR = "initiator"
    LEAD_UNIT = "lead_unit"
    COOPERATOR = "cooperator"
    ADVISER = "adviser"


@dataclass(frozen=True, slots=True)
class Duty:
    """A body and its duty; `role` None where the cell names no duty."""

    body: str
    role: DutyRole | None


_DUTY_WORDS: Final = {
    "发起": DutyRole.INITIATOR,
    "牵头": DutyRole.LEAD_UNIT,
    "配合": DutyRole.COOPERATOR,
    "指导": DutyRole.ADVISER,
}
_SEPARATORS: Final = re.compile(r"[\s、，,；;]+")
# A bare place + 分局 is the second half of a name that was wrapped in print; 公安分局 and the like
# stand for themselves.
_BRANCH: Final = re.compile(r"(?!.*(?:公安|生态|环境|市场|交通|税务|资源|国土))[一-鿿]{2,5}分局")


def parse_parties(text: str) -> tuple[str, ...]:
    """The bodies of a cell, in order, separated by blanks or 、. The branch office
    `市生态环境局 阳城分局` is ONE body and comes back without the blank. Empty for a blank cell."""
    bodies: list[str] = []
    for piece in filter(None, _SEPARATORS.split(text)):
        if bodies and bodies[-1].endswith("局") and _BRANCH.fullmatch(piece):
            bodies[-1] += piece
        else:
            bodies.append(piece)
    return tuple(bodies)


def parse_duties(text: str) -> tuple[Duty, ...]:
    """`法治办发起/交通运输事业发展中心牵头` gives two duties, in order. A part without a known duty
    word keeps its body with role None."""
    duties: list[Duty] = []
    for part in filter(None, (part.strip() for part in re.split(r"[/／]", text))):
        role = _DUTY_WORDS.get(part[-2:])
        named = part[:-2] if role is not None else part
        duties += [Duty(body, role) for body in parse_parties(named)]
    return tuple(duties)

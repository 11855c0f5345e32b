"""告知: the firm is told what was found and what is demanded of it (R093, R065).

Each department tells its own result. A notice says what one version of the result says; who was
told of version 1 has not been told of version 2. The link for the firm opens with a code of its
own: the link is printed, the code is given another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

CODE_DIGITS: Final = 8
MAX_TRIES: Final = 5
CODE_LIFE: Final = timedelta(days=7)  # a letter may lie in the post room over a weekend
VISIT_LIFE: Final = timedelta(minutes=60)
# 民事诉讼法 (2023) art. 95, which 行政处罚法 art. 61 refers to: announced, it counts after 30 days.
ANNOUNCED_AFTER_DAYS: Final = 30
_BETWEEN: Final = " -\u3000\u2013\u2014"
MAX_ACTS: Final = 60  # of one link: a firm's whole correspondence, not a store for anybody's files


class Way(StrEnum):
    """送达方式: 直接送达, 留置送达, 邮寄送达, 电子送达, 公告送达."""

    DIRECT = "direct"
    LEFT = "left"
    POST = "post"
    ELECTRONIC = "electronic"
    ANNOUNCED = "announced"


class TellingState(StrEnum):
    """Of one department's result: nobody told the firm of the version in force; told; the firm has
    stated its view and nobody has answered it yet."""

    NOT_TOLD = "not_told"
    TOLD = "told"
    VIEW_STATED = "view_stated"


class FirmAct(StrEnum):
    """What a firm does behind its link: opens it, confirms that it has read, 陈述申辩, hands in
    proof of a correction."""

    OPEN = "open"
    READ = "read"
    VIEW = "view"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Delivery:
    """送达 as typed at the office."""

    way: Way
    delivered_on: date
    servers: str  # 送达人
    receiver: str = ""  # 签收人
    post_no: str = ""
    note: str = ""
    has_proof: bool = False
    is_signed: bool = False  # the receiver signed on the pad


# 送达回证, photo of what was left, receipt of the post office, picture of the announcement.
NEEDS_PROOF: Final = frozenset({Way.DIRECT, Way.LEFT, Way.ANNOUNCED})
BY_HAND: Final = tuple(one for one in Way if one is not Way.ELECTRONIC)


def faults_of_delivery(told: Delivery, made_on: date, today: date) -> dict[str, str]:
    """Field → code of the catalogue, everything at once; empty where it may stand. ``made_on``: the
    day the notice was made. 电子送达 is what the firm itself confirms, never what an office types.
    """
    found = {}
    if told.way is Way.ELECTRONIC:
        found["way"] = "telling.electronic_by_firm"
    if told.delivered_on > today:
        found["delivered_on"] = "telling.in_future"
    elif told.delivered_on < made_on:
        found["delivered_on"] = "telling.before_notice"
    if not told.servers:
        found["servers"] = "telling.needs_servers"
    if told.way is Way.DIRECT and not told.receiver:
        found["receiver"] = "telling.needs_receiver"
    if told.way is Way.POST and not told.post_no:
        found["post_no"] = "telling.needs_post_no"
    if told.way in (Way.LEFT, Way.ANNOUNCED) and not told.note:
        found["note"] = "telling.needs_note"
    if told.is_signed and told.way is not Way.DIRECT:
        found["signature"] = "telling.signed_other_way"
    elif told.way in NEEDS_PROOF and not told.has_proof and not told.is_signed:
        found["document"] = "telling.needs_proof"
    return found


def effective_on(way: Way, delivered_on: date) -> date:
    """视为送达之日."""
    if way is Way.ANNOUNCED:
        return delivered_on + timedelta(days=ANNOUNCED_AFTER_DAYS)
    return delivered_on


def state_of(is_told: bool, has_open_view: bool) -> TellingState:
    """A view waits for its answer whether or not the firm was told formally."""
    if has_open_view:
        return TellingState.VIEW_STATED
    return TellingState.TOLD if is_told else TellingState.NOT_TOLD


def read_code(text: str) -> str:
    """The digits of a code as somebody types them, with blanks, hyphens and full-width digits;
    empty for what is no code."""
    told = [one for one in text.strip() if one not in _BETWEEN]
    if len(told) != CODE_DIGITS or not all(one.isdecimal() for one in told):
        return ""
    return "".join(str(int(one)) for one in told)


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What decides whether a code may still be tried."""

    expires_at: datetime
    tries: int
    is_used: bool
    is_revoked: bool
    is_link_revoked: bool


def may_try(code: CodeFacts, now: datetime) -> bool:
    """Neither used, revoked, expired nor tried too often; the last second is too late."""
    is_dead = code.is_used or code.is_revoked or code.is_link_revoked
    return not is_dead and code.tries < MAX_TRIES and now < code.expires_at


def proof_may_be_handed_in(case_state: str) -> bool:
    """While a case waits or is under way; a closed one is the office's to open."""
    return case_state in ("open", "decided")


def photos_of(snapshot: Mapping[str, Any]) -> frozenset[str]:
    """Hashes of the pictures a version names: what the firm may see of them."""
    return frozenset(sha for item in snapshot.get("items", ()) for sha in item.get("photos", ()))

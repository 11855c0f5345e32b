"""National result codes of an item and of a firm (R069, R083).

The codes are those of 国家企业信用信息公示系统 (domain research 3.1); the result is per item, the
firm's is its worst item.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.judging import Judgement, Verdict
from domain.outcomes import OutcomeFact, VisitOutcome


class Result(NamedTuple):
    """One code of the national form."""

    code: int
    zh: str
    en: str
    is_problem: bool


NO_ISSUE: Final = 1
PENDING: Final = 8
RESULTS: Final[Mapping[int, Result]] = {
    result.code: result
    for result in (
        Result(1, "未发现问题", "No problem found", False),
        Result(2, "未按规定公示应当公示的信息", "Required information not published", True),
        Result(3, "公示信息隐瞒真实情况、弄虚作假", "Published information false", True),
        Result(4, "通过登记的住所（经营场所）无法联系", "Not reachable at its address", True),
        Result(5, "发现问题已责令改正", "Problem found, ordered to correct", True),
        Result(6, "不配合检查情节严重", "Serious non-cooperation", True),
        Result(7, "未发现开展本次抽查涉及的经营活动", "Not engaged in the business", False),
        Result(8, "发现问题待后续处理", "Problem found, handling pending", True),
    )
}
WORST_FIRST: Final = (6, 4, 8, 5, 3, 2, 7, 1)


class LocalResult(StrEnum):
    """What a bureau knows more exactly than the national form; it leaves as one of its codes."""

    CLOSED = "closed"
    DEREGISTERED = "deregistered"
    LICENCE_REVOKED = "licence_revoked"
    REGISTRATION_CANCELLED = "registration_cancelled"
    MOVED_OUT = "moved_out"


# Still at its address but out of business: 7. Gone from its address: 4.
EXPORTED_AS: Final[Mapping[LocalResult, int]] = {
    LocalResult.CLOSED: 7,
    LocalResult.DEREGISTERED: 7,
    LocalResult.LICENCE_REVOKED: 7,
    LocalResult.REGISTRATION_CANCELLED: 7,
    LocalResult.MOVED_OUT: 4,
}
DEREGISTERED: Final = "deregistered"  # as the firm register says it


def is_problem(code: int) -> bool:
    """Whether the code counts as 发现问题. Raises KeyError for a code outside 1–8."""
    return RESULTS[code].is_problem


def worst(codes: Iterable[int]) -> int | None:
    """The firm's result for lists and reports: its worst item; None without any."""
    return min(codes, key=WORST_FIRST.index, default=None)


class FirmResult(NamedTuple):
    """What a visit came to over all departments' sheets: ``code`` is the worst that is entered,
    None while nothing is; ``entered`` of ``sheets`` have a result."""

    code: int | None
    entered: int
    sheets: int

    @property
    def is_final(self) -> bool:
        """Whether no department's result is still to come."""
        return self.entered == self.sheets > 0


def firm_result(sheets: Iterable[int | None]) -> FirmResult:
    """Of the result of each department's version in force, None for a sheet that is not entered."""
    told = list(sheets)
    entered = [code for code in told if code is not None]
    return FirmResult(worst(entered), len(entered), len(told))


def suggest_code(judgement: Judgement, outcome: OutcomeFact | None = None) -> int | None:
    """The code offered for an item. A failure is offered as pending (8): "ordered to correct" (5)
    claims an order only the officer knows of. None while the item cannot be judged. Where nothing
    could be checked, the code of the ``outcome``."""
    if outcome is not None:
        return outcome.result
    match judgement.verdict:
        case Verdict.PASS | Verdict.NA | Verdict.RECORDED:
            return NO_ISSUE
        case Verdict.FAIL:
            return PENDING
        case Verdict.MISSING | Verdict.NEEDS_VERDICT:
            return None


def local_result(outcome: VisitOutcome, firm_status: str = "") -> LocalResult | None:
    """The local value an outcome on record stands for; None where the national code says it all.
    ``firm_status`` is what the register said at entry."""
    match outcome:
        case VisitOutcome.CLOSED if firm_status == DEREGISTERED:
            return LocalResult.DEREGISTERED
        case VisitOutcome.CLOSED:
            return LocalResult.CLOSED
        case VisitOutcome.MOVED:
            return LocalResult.MOVED_OUT
        case VisitOutcome.DEREGISTERED:
            return LocalResult.DEREGISTERED
        case VisitOutcome.LICENCE_REVOKED:
            return LocalResult.LICENCE_REVOKED
        case VisitOutcome.REGISTRATION_CANCELLED:
            return LocalResult.REGISTRATION_CANCELLED
        case _:
            return None

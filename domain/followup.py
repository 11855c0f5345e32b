"""后续处置: what becomes of every problem found (R043, R065, R089–R092; domain research 3.1).

Each item entered with a problem code has one case. It is decided on with a reason, and done once
what its decision asks for has happened. A correction that takes the problem away voids the case,
one that brings it opens it: nothing is deleted, nothing is forgotten.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.calendar import WorkCalendar
from domain.deadlines import due_date, working_days_left
from domain.result_codes import is_problem

MAX_TERM_DAYS: Final = 366  # a later day is a slip of the pen


class Disposal(StrEnum):
    """后续处置 of one problem: 责令改正, 行政处罚, 移送其他行政机关, 移送司法机关, 转办, 抄告,
    无须后续处置."""

    CORRECTION_ORDER = "correction_order"
    PENALTY = "penalty"
    TRANSFER_AGENCY = "transfer_agency"
    TRANSFER_JUDICIAL = "transfer_judicial"
    REASSIGN = "reassign"
    NOTIFY = "notify"
    NONE = "none"


class CaseState(StrEnum):
    """open: nobody has decided; decided: under way; done; void: no problem after a correction."""

    OPEN = "open"
    DECIDED = "decided"
    DONE = "done"
    VOID = "void"


class StepKind(StrEnum):
    """What can happen to a case. RESTATE: another problem code while it waits for its decision;
    REOPEN: a correction asks for a decision anew."""

    OPEN = "open"
    RESTATE = "restate"
    REOPEN = "reopen"
    VOID = "void"
    DECIDE = "decide"
    ATTACH = "attach"
    FINISH = "finish"
    PUBLISH = "publish"


def recount_term(begun_on: date, due: date, old: WorkCalendar, new: WorkCalendar) -> date:
    """The day after as many working days by the ``new`` calendar as lay before ``due`` by the
    ``old`` one: a notice on days off moves the day, never the term."""
    term = working_days_left(due, begun_on, old)
    return due_date(begun_on, term, new).due if term >= 1 else due


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of an entered sheet with a problem code, as the snapshot tells it."""

    item: str
    text: str
    severity: str
    result: int
    finding: str


def problems_of(items: Iterable[Mapping[str, object]]) -> list[Problem]:
    """The problems among the items of a version's snapshot, in their order."""
    found = []
    for one in items:
        result, answer = one.get("result"), one.get("answer")
        if not isinstance(result, int) or not is_problem(result):
            continue
        note = answer.get("note") if isinstance(answer, Mapping) else ""
        found.append(
            Problem(
                item=str(one["code"]),
                text=str(one.get("text") or ""),
                severity=str(one.get("severity") or "minor"),
                result=result,
                finding=str(note or "").strip(),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What is on record of an item's case."""

    state: CaseState
    result: int


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What a version does to the case of one item; without a problem only VOID."""

    item: str
    step: StepKind
    problem: Problem | None


def compare_cases(known: Mapping[str, KnownCase], problems: Iterable[Problem]) -> list[CaseChange]:
    """What has to happen so that exactly the problems in force have a case that is not void. A
    decision that was made about another result code does not stand for the new one."""
    changes = []
    wanted = {one.item: one for one in problems}
    for item, problem in wanted.items():
        case = known.get(item)
        if case is None:
            changes.append(CaseChange(item, StepKind.OPEN, problem))
        elif case.state is CaseState.VOID:
            changes.append(CaseChange(item, StepKind.REOPEN, problem))
        elif case.result != problem.result:
            is_open = case.state is CaseState.OPEN
            step = StepKind.RESTATE if is_open else StepKind.REOPEN
            changes.append(CaseChange(item, step, problem))
    changes += [
        CaseChange(item, StepKind.VOID, None)
        for item, case in known.items()
        if item not in wanted and case.state is not CaseState.VOID
    ]
    return changes


class Body(StrEnum):
    """Which body is competent: the department that found it, that of the item, market supervision,
    or the police and the prosecution."""

    OWN = "own"
    ITEM = "item"
    MARKET = "market"
    JUSTICE = "justice"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is offered for a case; a person decides."""

    disposal: Disposal
    body: Body


# 2, 3 and 4 are about what a firm has registered and published: 经营异常名录 is kept by market
# supervision (domain research 3.1).
_REGISTRATION_RESULTS: Final = (2, 3, 4)
_UNCOOPERATIVE: Final = 6
_ORDERED: Final = 5


def propose(
    result: int, severity: str, *, item_is_foreign: bool, is_market: bool, is_crime: bool = False
) -> Proposal:
    """谁审批谁负责、谁主管谁监管、谁管辖谁负责 (R090, R091): suspected crime goes to justice;
    an item of another department to that department; what concerns registration to market
    supervision; the rest stays with the department that found it, as a penalty where the firm
    would not cooperate or the item is a critical one, else as an order to correct."""
    if is_crime:
        return Proposal(Disposal.TRANSFER_JUDICIAL, Body.JUSTICE)
    if item_is_foreign:
        return Proposal(Disposal.TRANSFER_AGENCY, Body.ITEM)
    if result in _REGISTRATION_RESULTS and not is_market:
        return Proposal(Disposal.TRANSFER_AGENCY, Body.MARKET)
    if result == _UNCOOPERATIVE or (severity == "critical" and result != _ORDERED):
        return Proposal(Disposal.PENALTY, Body.OWN)
    return Proposal(Disposal.CORRECTION_ORDER, Body.OWN)


def list_disposals(result: int, severity: str) -> list[Disposal]:
    """What may be decided. 后续处置无例外: that nothing follows only for a minor item which was put
    right on the spot (result 5)."""
    may_be_none = result == _ORDERED and severity == "minor"
    return [one for one in Disposal if one is not Disposal.NONE or may_be_none]


NEEDS_BODY: Final = frozenset(
    {
        Disposal.TRANSFER_AGENCY,
        Disposal.TRANSFER_JUDICIAL,
        Disposal.REASSIGN,
        Disposal.NOTIFY,
    }
)
# 改正证明, 处罚决定书, 移送函: without the paper it has not happened.
NEEDS_DOCUMENT: Final = frozenset(
    {
        Disposal.CORRECTION_ORDER,
        Disposal.PENALTY,
        Disposal.TRANSFER_AGENCY,
        Disposal.TRANSFER_JUDICIAL,
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a case, as typed. ``due_on``: by when it is to be done."""

    disposal: Disposal
    body: str
    reason: str
    due_on: date | None
    case_no: str


def faults_of_decision(
    decision: Decision, result: int, severity: str, own: Collection[str], today: date
) -> dict[str, str]:
    """Field → code of the catalogue, everything at once; empty where it may stand. ``own`` are the
    names of the department that decides: nothing is handed over to oneself."""
    found = {}
    if decision.disposal not in list_disposals(result, severity):
        found["disposal"] = "follow_up.not_allowed"
    if not decision.reason:
        found["reason"] = "follow_up.needs_reason"
    if decision.disposal in NEEDS_BODY and not decision.body:
        found["body"] = "follow_up.needs_body"
    if decision.disposal in NEEDS_BODY - {Disposal.REASSIGN} and decision.body in own:
        found["body"] = "follow_up.body_is_own"
    if decision.disposal is Disposal.PENALTY and not decision.case_no:
        found["case_no"] = "follow_up.needs_case_no"
    if decision.disposal is Disposal.CORRECTION_ORDER and decision.due_on is None:
        found["due_on"] = "follow_up.needs_due"
    if decision.due_on is not None and not is_possible_due(decision.due_on, today):
        found["due_on"] = "follow_up.due_out_of_range"
    return found


def is_possible_due(due_on: date, today: date) -> bool:
    """Neither in the past nor further than a year away."""
    return today <= due_on <= last_possible_due(today)


def last_possible_due(today: date) -> date:
    """The last day a decision may set."""
    return today + timedelta(days=MAX_TERM_DAYS)


# A letter of transfer is written with the decision; that something was corrected or fined is not.
_PAPER_OF_DECISION_COUNTS: Final = frozenset({Disposal.TRANSFER_AGENCY, Disposal.TRANSFER_JUDICIAL})


def lacks_document(disposal: Disposal, with_decision: bool, since: bool) -> bool:
    """Whether the paper is missing without which it is not done: one attached ``with_decision`` or
    ``since``."""
    has_paper = since or (with_decision and disposal in _PAPER_OF_DECISION_COUNTS)
    return disposal in NEEDS_DOCUMENT and not has_paper

"""What becomes of a problem: cases in step with versions, proposals, what a decision needs."""

from datetime import date

import pytest

from domain.followup import (
    Body,
    CaseState,
    Decision,
    Disposal,
    KnownCase,
    Problem,
    StepKind,
    compare_cases,
    faults_of_decision,
    lacks_document,
    list_disposals,
    problems_of,
    propose,
)

TODAY = date(2026, 3, 10)


def problem(item: str, result: int = 8) -> Problem:
    return Problem(item, "检查项", "minor", result, "")


def decision(disposal: Disposal, **more: object) -> Decision:
    given = {"body": "", "reason": "情况属实", "due_on": None, "case_no": "", **more}
    return Decision(disposal, **given)  # type: ignore[arg-type]


def test_items_with_a_problem_code_alone_are_problems() -> None:
    items = [
        {"code": "A", "text": "甲", "severity": "major", "result": 8, "answer": {"note": " 缺证 "}},
        {"code": "B", "text": "乙", "severity": "minor", "result": 1, "answer": {}},
        {"code": "C", "text": "丙", "severity": "minor", "result": 7, "answer": {}},
        {"code": "D", "text": "丁", "severity": "minor", "result": None, "answer": {}},
    ]
    assert problems_of(items) == [Problem("A", "甲", "major", 8, "缺证")]


def test_a_first_version_opens_a_case_for_each_problem() -> None:
    found = compare_cases({}, [problem("A"), problem("B", 5)])
    assert [(one.item, one.step) for one in found] == [("A", StepKind.OPEN), ("B", StepKind.OPEN)]


@pytest.mark.parametrize(
    ("state", "result", "now", "step"),
    [
        (CaseState.OPEN, 8, 8, None),
        (CaseState.DECIDED, 8, 8, None),
        (CaseState.DONE, 8, 8, None),
        (CaseState.OPEN, 8, 6, StepKind.RESTATE),
        (CaseState.DECIDED, 8, 6, StepKind.REOPEN),
        (CaseState.DONE, 5, 6, StepKind.REOPEN),
        (CaseState.VOID, 8, 8, StepKind.REOPEN),
        (CaseState.OPEN, 8, None, StepKind.VOID),
        (CaseState.DONE, 8, None, StepKind.VOID),
        (CaseState.VOID, 8, None, None),
    ],
)
def test_a_correction_brings_each_case_in_step(
    state: CaseState, result: int, now: int | None, step: StepKind | None
) -> None:
    problems = [problem("A", now)] if now is not None else []
    found = compare_cases({"A": KnownCase(state, result)}, problems)
    assert [one.step for one in found] == ([step] if step else [])


@pytest.mark.parametrize(
    ("result", "severity", "more", "disposal", "body"),
    [
        (8, "minor", {}, Disposal.CORRECTION_ORDER, Body.OWN),
        (8, "critical", {}, Disposal.PENALTY, Body.OWN),
        (5, "critical", {}, Disposal.CORRECTION_ORDER, Body.OWN),
        (6, "minor", {}, Disposal.PENALTY, Body.OWN),
        (4, "minor", {}, Disposal.TRANSFER_AGENCY, Body.MARKET),
        (4, "minor", {"is_market": True}, Disposal.CORRECTION_ORDER, Body.OWN),
        (8, "major", {"item_is_foreign": True}, Disposal.TRANSFER_AGENCY, Body.ITEM),
        (8, "minor", {"is_crime": True}, Disposal.TRANSFER_JUDICIAL, Body.JUSTICE),
    ],
)
def test_the_competent_body_follows_from_who_is_in_charge(
    result: int, severity: str, more: dict[str, bool], disposal: Disposal, body: Body
) -> None:
    asked = {"item_is_foreign": False, "is_market": False, **more}
    found = propose(result, severity, **asked)
    assert (found.disposal, found.body) == (disposal, body)


def test_nothing_follows_only_for_a_minor_problem_put_right_on_the_spot() -> None:
    assert Disposal.NONE in list_disposals(5, "minor")
    assert Disposal.NONE not in list_disposals(8, "minor")
    assert Disposal.NONE not in list_disposals(5, "major")
    told = faults_of_decision(decision(Disposal.NONE), 8, "minor", ["交通运输局"], TODAY)
    assert told == {"disposal": "follow_up.not_allowed"}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (decision(Disposal.CORRECTION_ORDER), {"due_on": "follow_up.needs_due"}),
        (decision(Disposal.CORRECTION_ORDER, due_on=TODAY), {}),
        (
            decision(Disposal.CORRECTION_ORDER, due_on=date(2026, 3, 9)),
            {"due_on": "follow_up.due_out_of_range"},
        ),
        (
            decision(Disposal.CORRECTION_ORDER, due_on=date(2062, 3, 9)),
            {"due_on": "follow_up.due_out_of_range"},
        ),
        (decision(Disposal.PENALTY), {"case_no": "follow_up.needs_case_no"}),
        (decision(Disposal.TRANSFER_JUDICIAL), {"body": "follow_up.needs_body"}),
        (
            decision(Disposal.TRANSFER_AGENCY, reason=""),
            {"reason": "follow_up.needs_reason", "body": "follow_up.needs_body"},
        ),
        (decision(Disposal.NOTIFY, body="市场监督管理局"), {}),
        (decision(Disposal.NOTIFY, body="交通运输局"), {"body": "follow_up.body_is_own"}),
        (decision(Disposal.REASSIGN, body="交通运输局"), {}),
    ],
)
def test_a_decision_says_all_it_lacks_at_once(made: Decision, told: dict[str, str]) -> None:
    assert faults_of_decision(made, 8, "minor", ["交通运输局"], TODAY) == told


def test_an_order_is_no_proof_of_correction_but_a_letter_of_transfer_is_one() -> None:
    assert lacks_document(Disposal.CORRECTION_ORDER, True, False)
    assert not lacks_document(Disposal.CORRECTION_ORDER, False, True)
    assert not lacks_document(Disposal.TRANSFER_AGENCY, True, False)
    assert lacks_document(Disposal.TRANSFER_JUDICIAL, False, False)
    assert not lacks_document(Disposal.REASSIGN, False, False)

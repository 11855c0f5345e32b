"""Correction orders: who decides, on what, and never on their own."""

from dataclasses import replace

import pytest

from domain.access import Role
from domain.corrections import (
    ApprovalRule,
    Proposal,
    ProposalAction,
    ProposalState,
    decide,
    heads_match,
)
from domain.errors import Refused

AUTHOR, DEPUTY, HEAD = 1, 2, 3
HEADS: dict[str, str | None] = {"value": "op-7", "note": None}
DRAFT = Proposal(ProposalState.DRAFT, AUTHOR, "数字写反", HEADS)
SUBMITTED = replace(DRAFT, state=ProposalState.SUBMITTED)
EITHER = ApprovalRule(frozenset({Role.UNIT_HEAD, Role.DEPUTY_HEAD}))
ENDORSED_FIRST = ApprovalRule(needs_endorsement=True)
A = ProposalAction


def _code(outcome: ProposalState | Refused) -> str:
    assert isinstance(outcome, Refused)
    return outcome.code


def test_author_submits_or_drops_and_nobody_else_does() -> None:
    inspector = {Role.INSPECTOR}
    assert decide(DRAFT, A.SUBMIT, AUTHOR, inspector, HEADS) is ProposalState.SUBMITTED
    assert decide(DRAFT, A.DROP, AUTHOR, inspector, HEADS) is ProposalState.DROPPED
    assert _code(decide(DRAFT, A.SUBMIT, HEAD, {Role.UNIT_HEAD}, HEADS)) == "correction.wrong_role"


def test_submission_needs_a_reason() -> None:
    silent = replace(DRAFT, reason=" ")
    assert _code(decide(silent, A.SUBMIT, AUTHOR, set(), HEADS)) == "correction.needs_reason"


def test_unit_head_approves_or_refuses() -> None:
    head = {Role.UNIT_HEAD}
    assert decide(SUBMITTED, A.APPROVE, HEAD, head, HEADS) is ProposalState.APPROVED
    assert decide(SUBMITTED, A.REFUSE, HEAD, head, HEADS) is ProposalState.REFUSED


def test_author_never_decides_even_as_unit_head() -> None:
    for action in (A.APPROVE, A.REFUSE, A.ENDORSE):
        outcome = decide(SUBMITTED, action, AUTHOR, set(Role), HEADS)
        assert _code(outcome) == "correction.own_proposal"


def test_whose_words_were_taken_over_decides_no_more_than_who_took_them() -> None:
    taken = replace(SUBMITTED, first_author_person_ids=frozenset({HEAD}))
    for action in (A.APPROVE, A.REFUSE, A.ENDORSE):
        assert _code(decide(taken, action, HEAD, set(Role), HEADS)) == "correction.own_words"
        assert _code(decide(taken, action, AUTHOR, set(Role), HEADS)) == "correction.own_proposal"
    assert decide(taken, A.APPROVE, 9, {Role.UNIT_HEAD}, HEADS) is ProposalState.APPROVED


def test_deputy_approves_only_where_the_setting_says_so() -> None:
    deputy = {Role.DEPUTY_HEAD}
    assert _code(decide(SUBMITTED, A.APPROVE, DEPUTY, deputy, HEADS)) == "correction.wrong_role"
    assert decide(SUBMITTED, A.APPROVE, DEPUTY, deputy, HEADS, EITHER) is ProposalState.APPROVED


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.UNIT_HEAD])
def test_no_other_role_approves_by_default(role: Role) -> None:
    assert _code(decide(SUBMITTED, A.APPROVE, 9, {role}, HEADS)) == "correction.wrong_role"


def test_endorsement_comes_first_and_from_another_person_where_it_is_asked() -> None:
    head = {Role.UNIT_HEAD}
    outcome = decide(SUBMITTED, A.APPROVE, HEAD, head, HEADS, ENDORSED_FIRST)
    assert _code(outcome) == "correction.not_endorsed"
    endorsed = decide(SUBMITTED, A.ENDORSE, DEPUTY, {Role.DEPUTY_HEAD}, HEADS, ENDORSED_FIRST)
    assert endorsed is ProposalState.SUBMITTED
    by_deputy = replace(SUBMITTED, endorser_person_id=DEPUTY)
    outcome = decide(by_deputy, A.APPROVE, HEAD, head, HEADS, ENDORSED_FIRST)
    assert outcome is ProposalState.APPROVED
    both = {Role.UNIT_HEAD, Role.DEPUTY_HEAD}
    outcome = decide(by_deputy, A.APPROVE, DEPUTY, both, HEADS, ENDORSED_FIRST)
    assert _code(outcome) == "correction.own_endorsement"


def test_only_the_deputy_endorses() -> None:
    assert _code(decide(SUBMITTED, A.ENDORSE, HEAD, {Role.UNIT_HEAD}, HEADS)) == (
        "correction.wrong_role"
    )


def test_approval_is_refused_when_a_head_moved_and_refusal_is_not() -> None:
    moved = {**HEADS, "value": "op-9"}
    assert _code(decide(SUBMITTED, A.APPROVE, HEAD, {Role.UNIT_HEAD}, moved)) == "correction.stale"
    assert decide(SUBMITTED, A.REFUSE, HEAD, {Role.UNIT_HEAD}, moved) is ProposalState.REFUSED


def test_heads_match_looks_at_the_fields_of_the_order_only() -> None:
    assert heads_match({"value": "a"}, {"value": "a", "note": "b"})
    assert heads_match({"note": None}, {})
    assert not heads_match({"note": None}, {"note": "b"})
    assert not heads_match({"value": "a"}, {})


@pytest.mark.parametrize(
    "state", [ProposalState.APPROVED, ProposalState.REFUSED, ProposalState.DROPPED]
)
@pytest.mark.parametrize("action", ProposalAction)
def test_decided_order_is_final(state: ProposalState, action: ProposalAction) -> None:
    done = replace(SUBMITTED, state=state)
    assert _code(decide(done, action, HEAD, set(Role), HEADS)) == "correction.wrong_state"

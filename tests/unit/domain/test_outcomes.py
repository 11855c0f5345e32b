"""Where nothing could be checked: the vectors both ends run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.entry import SheetFacts, entry_preconditions
from domain.judging import Judgement, Missing, Verdict
from domain.outcomes import OutcomeFact, VisitOutcome, find_outcome
from domain.result_codes import RESULTS, suggest_code

Vectors = Callable[[str], Any]

ITEMS = ("A", "B")
UNTOUCHED = Judgement(Verdict.MISSING, (Missing.VALUE,))


def unmet(outcome: OutcomeFact, code: int) -> list[str]:
    """What entering asks for where two officers were there and signed, and nobody else did."""
    facts = SheetFacts(
        is_ended=True,
        checked_in={1, 2},
        judgements=dict.fromkeys(ITEMS, UNTOUCHED),
        photos=(),
        signed_officers={1, 2},
        firm_signed=False,
        firm_refusal_reason=None,
        open_siblings=(),
        results=dict.fromkeys(ITEMS, code),
        is_accepted=True,
        outcome=outcome,
    )
    return [one.code for one in entry_preconditions(facts)]


def test_outcome_vectors_have_every_outcome_once(vectors: Vectors) -> None:
    assert [case["outcome"] for case in vectors("outcomes")["cases"]] == list(VisitOutcome)


def test_outcome_vectors_lead_to_their_code_and_to_no_other(vectors: Vectors) -> None:
    for case in vectors("outcomes")["cases"]:
        told = OutcomeFact(VisitOutcome(case["outcome"]), "A", "门头已拆", 1)
        assert suggest_code(UNTOUCHED, told) == case["result"], case
        accepted = [code for code in RESULTS if unmet(told, code) == []]
        assert accepted == [case["result"]], case


def test_outcome_vectors_ask_for_their_evidence(vectors: Vectors) -> None:
    file = vectors("outcomes")
    for case in file["cases"]:
        for one in file["evidence"]:
            answers = {"A": {"outcome": case["outcome"], "note": one["kept"]["note"]}}
            found = find_outcome(answers, {"A": one["kept"]["photos"]}, ITEMS)
            assert found is not None
            assert unmet(found, case["result"]) == one["missing"], (case, one)

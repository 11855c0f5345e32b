"""Result codes, and the preconditions of entry, each alone and all at once."""

from dataclasses import replace
from itertools import permutations

import pytest

from domain.errors import FAULTS, message
from domain.judging import Judgement, Missing, Verdict
from domain.outcomes import OutcomeFact, VisitOutcome, find_outcome
from domain.results import (
    RESULTS,
    WORST_FIRST,
    PhotoFact,
    SheetFacts,
    entry_preconditions,
    firm_result,
    is_problem,
    suggest_code,
    worst,
)

READY = SheetFacts(
    is_ended=True,
    checked_in={1, 2},
    judgements={"A": Judgement(Verdict.PASS), "B": Judgement(Verdict.FAIL)},
    photos=[PhotoFact("9c1e", ("B",), True)],
    signed_officers={1, 2},
    firm_signed=True,
    firm_refusal_reason=None,
    open_siblings=[],
    results={"A": 1, "B": 5},
    is_accepted=True,
)


def test_one_to_eight_are_named_in_both_languages_and_two_are_no_problem() -> None:
    assert list(RESULTS) == list(range(1, 9))
    assert [code for code in RESULTS if not is_problem(code)] == [1, 7]
    assert all(result.zh and result.en.isascii() for result in RESULTS.values())


def test_firm_takes_its_worst_item() -> None:
    assert sorted(WORST_FIRST) == list(RESULTS)
    for place, code in enumerate((6, 4, 8, 5, 3, 2, 7, 1)):
        milder = (6, 4, 8, 5, 3, 2, 7, 1)[place:]
        assert worst(reversed(milder)) == code
    assert {worst(order) for order in permutations((1, 5, 8))} == {8}
    assert worst([]) is None
    with pytest.raises(ValueError, match="not in"):
        worst([9])


def test_a_visit_comes_to_the_worst_of_its_departments_once_all_have_entered() -> None:
    told = firm_result([1, None, 5, 7])
    assert (told.code, told.entered, told.sheets, told.is_final) == (5, 3, 4, False)
    assert {firm_result(order).code for order in permutations((6, 4, 8, 5, 3, 2, 7, 1))} == {6}
    assert firm_result([7, 1]).is_final
    assert firm_result([None]) == (None, 0, 1)
    assert not firm_result([]).is_final


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASS, 1),
        (Verdict.NA, 1),
        (Verdict.RECORDED, 1),
        (Verdict.FAIL, 8),
        (Verdict.MISSING, None),
        (Verdict.NEEDS_VERDICT, None),
    ],
)
def test_suggested_code_claims_nothing_unproven(verdict: Verdict, code: int | None) -> None:
    assert suggest_code(Judgement(verdict)) == code


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("refused", 6),
        ("closed", 7),
        ("moved", 4),
        ("unreachable", 4),
        ("not_engaged", 7),
        ("deregistered", 7),
        ("licence_revoked", 7),
        ("registration_cancelled", 7),
    ],
)
def test_where_nothing_could_be_checked_each_item_has_the_code_of_the_reason(
    outcome: str, code: int
) -> None:
    fact = OutcomeFact(VisitOutcome(outcome), "COM-04", "", 0)
    assert {suggest_code(Judgement(verdict), fact) for verdict in Verdict} == {code}


def test_the_outcome_is_the_first_on_the_sheet_with_its_account_and_its_pictures() -> None:
    answers: dict[str, dict[str, object]] = {
        "COM-04": {"value": "fail", "outcome": "moved", "note": " 已搬至邻县 "},
        "COM-05": {"outcome": None, "note": "不在场"},
        "OFF-LIST": {"outcome": "closed"},
    }
    found = find_outcome(answers, {"COM-04": 2, "COM-05": 1}, ["COM-05", "COM-04"])
    assert found == OutcomeFact(VisitOutcome.MOVED, "COM-04", "已搬至邻县", 2)
    assert find_outcome(answers, {}, ["COM-05"]) is None


def test_complete_sheet_may_be_entered() -> None:
    assert entry_preconditions(READY) == []


def _codes(facts: SheetFacts) -> list[str]:
    return [unmet.code for unmet in entry_preconditions(facts)]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (replace(READY, is_ended=False), ["entry.not_ended"]),
        (replace(READY, checked_in=[1, 1]), ["entry.officers", "entry.signature_officer"]),
        (
            replace(READY, judgements={**READY.judgements,
                                       "A": Judgement(Verdict.MISSING, (Missing.VALUE,))}),
            ["entry.answer"],
        ),
        (
            replace(READY, judgements={**READY.judgements,
                                       "A": Judgement(Verdict.NEEDS_VERDICT, (Missing.VERDICT,))}),
            ["entry.answer"],
        ),
        (
            replace(READY, judgements={**READY.judgements,
                                       "B": Judgement(Verdict.FAIL, (Missing.PHOTO,))}),
            ["entry.photo_required"],
        ),
        (replace(READY, photos=[PhotoFact("9c1e", ("B",), False)]), ["entry.photo_not_received"]),
        (replace(READY, signed_officers={1}), ["entry.signature_officer"]),
        (replace(READY, signed_officers={1, 3}), ["entry.signature_officer"]),
        (replace(READY, firm_signed=False), ["entry.signature_firm"]),
        (replace(READY, firm_signed=False, firm_refusal_reason="  "), ["entry.signature_firm"]),
        (replace(READY, firm_signed=False, firm_refusal_reason="拒绝签字"), []),
        (
            replace(READY, firm_signed=False, firm_refusal_reason="拒绝签字", signed_officers={1}),
            ["entry.signature_officer", "entry.signature_firm"],
        ),
        (replace(READY, open_siblings=["answer:tr/A"]), ["entry.conflict"]),
        (replace(READY, results={"A": 1}), ["entry.result"]),
        (replace(READY, results={"A": 1, "B": 9}), ["entry.result_unknown"]),
        (replace(READY, results={"A": 1, "B": 5, "Z": 1}), ["entry.result_unknown"]),
        (replace(READY, results={"A": 1, "B": 1}), ["entry.result_contradicts"]),
        (replace(READY, is_accepted=False), ["entry.not_accepted"]),
        (replace(READY, is_accepted=False, acceptance_required=False), []),
    ],
)  # fmt: skip
def test_each_gap_is_reported_by_its_own_code(facts: SheetFacts, codes: list[str]) -> None:
    assert _codes(facts) == codes


CLOSED = OutcomeFact(VisitOutcome.CLOSED, "A", "门头已拆，邻居称三月停业", 1)
# Closed: nothing filled in, nobody of the firm there, every entry with the one code of it.
SHUT = replace(
    READY,
    judgements={
        "A": Judgement(Verdict.FAIL, (Missing.PHOTO,)),
        "B": Judgement(Verdict.MISSING, (Missing.VALUE,)),
        "C": Judgement(Verdict.MISSING),
    },
    firm_signed=False,
    results={"A": 7, "B": 7, "C": 7},
    outcome=CLOSED,
)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (SHUT, []),
        (replace(SHUT, outcome=replace(CLOSED, note="")), ["entry.outcome_note"]),
        (replace(SHUT, outcome=replace(CLOSED, photos=0)), ["entry.outcome_photo"]),
        (replace(SHUT, photos=[PhotoFact("9c1e", ("A",), False)]), ["entry.photo_not_received"]),
        (replace(SHUT, signed_officers={1}), ["entry.signature_officer"]),
        (replace(SHUT, checked_in={1}), ["entry.officers", "entry.signature_officer"]),
        (replace(SHUT, results={"A": 7, "B": 7}), ["entry.result"]),
        (replace(SHUT, results={"A": 7, "B": 1, "C": 7}), ["entry.result_contradicts"]),
        (replace(SHUT, results={"A": 7, "B": 4, "C": 7}), ["entry.result_contradicts"]),
        (replace(SHUT, open_siblings=["answer:tr/A"]), ["entry.conflict"]),
    ],
)  # fmt: skip
def test_where_nothing_could_be_checked_the_account_and_its_picture_stand_for_the_list(
    facts: SheetFacts, codes: list[str]
) -> None:
    assert _codes(facts) == codes


def test_optional_item_nobody_answered_needs_no_result() -> None:
    judgements = {**READY.judgements, "C": Judgement(Verdict.MISSING)}
    assert _codes(replace(READY, judgements=judgements)) == []


def test_everything_unmet_is_reported_at_once_and_can_be_told() -> None:
    nothing = SheetFacts(
        is_ended=False,
        checked_in=(),
        judgements={
            "A": Judgement(Verdict.MISSING, (Missing.VALUE,)),
            "B": Judgement(Verdict.FAIL, (Missing.PHOTO,)),
            "C": Judgement(Verdict.PASS),
        },
        photos=[PhotoFact("77ab", ("B", "C"), False)],
        signed_officers=(),
        firm_signed=False,
        firm_refusal_reason=None,
        open_siblings=["answer:tr/C"],
        results={"B": 1, "C": 9},
        is_accepted=False,
    )
    unmet = entry_preconditions(nothing)
    # The last two stand instead of the list, where nothing could be checked.
    blank = OutcomeFact(VisitOutcome.MOVED, "A", "", 0)
    instead = entry_preconditions(replace(nothing, outcome=blank))
    again = entry_preconditions(replace(nothing, firm_signed=True, firm_unsigned=True))
    assert {one.code for one in (*unmet, *instead, *again)} == {
        code for code in FAULTS if code.startswith("entry.")
    } - {"entry.seen_stale"}
    assert len({one.code for one in unmet}) == len(unmet)
    for one in (*unmet, *instead):
        for locale in ("zh_CN", "en"):
            assert "…" not in message(one.code, locale, one.details)
    waiting = next(one for one in unmet if one.code == "entry.photo_not_received")
    assert waiting.details == {"count": 1, "items": ["B", "C"], "photos": ["77ab"]}

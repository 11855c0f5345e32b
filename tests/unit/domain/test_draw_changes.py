"""Replacements and substitutes follow from what was frozen; a changed record is caught."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from domain.canonical import canonical_sha256
from domain.draw import DrawRules, Officer, PoolFirm, build_pool, build_record, match_officers
from domain.draw_changes import ReplacementReason, WithdrawalReason, standing_of
from domain.draw_files import verify_record
from domain.draw_officers import Matched
from domain.draw_replacements import (
    Candidate,
    Vacancy,
    draw_replacement,
    freeze_candidates,
    list_bars,
)
from domain.draw_withdrawals import Withdrawal, effect_of, withdraw_firm
from domain.errors import Fault

SEED, DRAW, CHANGE = "35162441", "CQ20260304-AAAAAAAA", "BG20260305-BBBBBBBB"
VACANCY = Vacancy("F1", "tr", "o0", label="repair", area="城关")


def candidates() -> list[Candidate]:
    fit = [Candidate(f"o{n}", ("repair",)) for n in range(1, 9)]
    return [
        *fit,
        Candidate("o0", ("repair",), was_on_team=True),
        Candidate("x1", ()),
        Candidate("x2", ("repair",), area="西河"),
        Candidate("x3", ("repair",), is_recused=True),
        Candidate("x4", ("repair",), is_certified=False),
    ]


def replaced() -> dict[str, Any]:
    pool = freeze_candidates(VACANCY, candidates())
    return draw_replacement(pool, ReplacementReason.RECUSAL, SEED, DRAW, CHANGE)


def drawn(firms: int = 40, officers: int = 8) -> dict[str, Any]:
    pool = build_pool(
        [PoolFirm(f"F{n:02d}") for n in range(firms)],
        [Officer(f"o{n}", "tr") for n in range(officers)],
        DrawRules(Decimal(10), ("tr",)),
    )
    return dict(build_record(pool, SEED, DRAW))


def withdrawn(record: dict[str, Any], firm: str, before: list[dict[str, Any]] | None = None,
              **more: Any) -> dict[str, Any]:  # fmt: skip
    asked = Withdrawal(
        CHANGE, firm, WithdrawalReason.DEREGISTERED, more.get("wants", True),
        more.get("closed", {}), frozenset(more.get("unavailable", ())),
    )  # fmt: skip
    return {**withdraw_firm(DRAW, record, before or [], asked), "draw": record}


def test_candidates_in_another_order_give_the_same_replacement() -> None:
    turned = freeze_candidates(VACANCY, candidates()[::-1])
    again = draw_replacement(turned, ReplacementReason.RECUSAL, SEED, DRAW, CHANGE)
    assert again == replaced()


def test_who_cannot_go_is_never_drawn_whatever_the_seed() -> None:
    pool = freeze_candidates(VACANCY, candidates())
    bars = list_bars(pool)
    assert {key: bar for key, bar in bars.items() if bar} == {
        "o0": "team", "x1": "label", "x2": "area", "x3": "recused", "x4": "certificate",
    }  # fmt: skip
    joined = {
        draw_replacement(pool, ReplacementReason.OTHER, f"{SEED}{n}", DRAW, CHANGE)["joins"]
        for n in range(200)
    }
    assert joined == {f"o{n}" for n in range(1, 9)}


def test_nobody_eligible_is_a_refusal() -> None:
    pool = freeze_candidates(VACANCY, [Candidate("o0", was_on_team=True)])
    with pytest.raises(Fault) as refused:
        draw_replacement(pool, ReplacementReason.OTHER, SEED, DRAW, CHANGE)
    assert refused.value.code == "change.none_eligible"


def test_substitute_is_matched_as_the_draw_itself_would() -> None:
    """With no load yet the rule is the draw's own."""
    record = drawn()
    record["assignments"] = []
    made = withdrawn(record, record["firms"][0]["id"])
    assert made["substitute"] is not None
    firm = PoolFirm(made["substitute"]["id"])
    officers = [Officer(f"o{n}", "tr") for n in range(8)]
    matched = match_officers([firm], officers, ["tr"], SEED, DRAW)
    assert isinstance(matched, Matched)
    assert made["assignments"][0]["officers"] == list(matched.assignments[0].officers)


def test_load_of_the_moment_comes_before_the_lot() -> None:
    record = drawn()
    made = withdrawn(record, record["firms"][0]["id"])
    load = standing_of(record, [{**effect_of(made), "substitute": None}]).load()
    picked = made["assignments"][0]["officers"]
    others = {f"o{n}" for n in range(8)} - set(picked)
    assert max(load[one] for one in picked) <= min(load[one] for one in others)


def test_next_one_is_the_lowest_ticket_that_was_not_used() -> None:
    record = drawn()
    first = withdrawn(record, record["firms"][0]["id"])
    second = withdrawn(record, first["substitute"]["id"], [effect_of(first)])
    assert record["firms"][-1]["ticket"] < first["substitute"]["ticket"]
    assert first["substitute"]["ticket"] < second["substitute"]["ticket"]
    assert verify_record(first) == verify_record(second) == []


def test_without_a_substitute_the_record_says_why() -> None:
    record = drawn(firms=3)
    firm = record["firms"][0]["id"]
    assert withdrawn(record, firm)["why_none"] == "none_left"
    assert withdrawn(record, firm, wants=False)["why_none"] == "not_wanted"
    many = drawn(officers=2)
    short = withdrawn(many, many["firms"][0]["id"], unavailable={"o1"})
    assert short["why_none"] == "too_few_officers" and short["substitute"] is None
    official = withdraw_firm(DRAW, None, [], Withdrawal(
        CHANGE, "F1", WithdrawalReason.MOVED_OUT, True, {}, frozenset()))  # fmt: skip
    assert official["why_none"] == "official"
    for one in (withdrawn(record, firm), short, {**official, "draw": None}):
        assert verify_record(one) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every leaf of a record."""
    if isinstance(value, dict):
        return [p for key, one in value.items() for p in places(one, (*path, key))]
    if isinstance(value, list):
        return [p for key, one in enumerate(value) for p in places(one, (*path, key))]
    return [path]


def changed(record: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    copied = copy.deepcopy(record)
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = not old if isinstance(old, bool) else f"{old}1"
    return copied


def test_one_changed_value_anywhere_is_caught() -> None:
    # The number of a withdrawal is its name only: nothing is drawn by it.
    for record, free in (
        (replaced(), []),
        (withdrawn(drawn(), drawn()["firms"][0]["id"]), [("change_id",)]),
    ):
        assert verify_record(record) == []
        missed = [p for p in places(record) if verify_record(changed(record, p)) == []]
        assert missed == free


def test_forged_draw_with_a_fitting_digest_is_caught_by_the_draw_itself() -> None:
    record = drawn()
    made = withdrawn(record, record["firms"][0]["id"])
    forged = copy.deepcopy(record)
    forged["firms"].reverse()
    lines = verify_record({**made, "draw": forged, "draw_sha256": canonical_sha256(forged)})
    assert lines and all(line.startswith("draw.firms") for line in lines)


def test_files_that_are_no_record_are_differences_not_errors() -> None:
    for made in ({"kind": "replacement"}, {"kind": "withdrawal"}, {"kind": "official"}, {}):
        assert verify_record(made) != []
    broken = {**replaced(), "pool": {"officers": 3}}
    assert "cannot be read" in verify_record(broken)[0]

"""Each rule of the protocol broken once: the machine must find an example in which it matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.model import broken_phones, broken_servers
from tests.model.breach import Breach
from tests.model.house import House
from tests.model.machine import Machine, profile
from tests.model.phone import Phone

pytestmark = pytest.mark.timeout(600)
ANSWERS = {"answer": 6, "sync": 4}
FORKS = {**ANSWERS, "copy": 2, "restore": 2, "clone": 1, "push": 2}
# Half a minute together: each run of the tests hunts the first two of each kind.
SOAK = pytest.mark.soak
RESTORES = {**ANSWERS, "backup": 2, "server restore": 2}


def hunt(
    house: House, weights: dict[str, int], stage: str = "fresh", phone: type[Phone] = Phone
) -> str:
    """The invariant that broke first; fails when 60 runs of 25 steps keep them all."""
    variant = type(
        "Variant",
        (Machine,),
        {"house": house, "weights": weights, "stages": (stage,), "phone_class": phone},
    )
    with pytest.raises(Breach) as caught:
        run_state_machine_as_test(variant, settings=profile(60, 25))
    return caught.value.invariant


@pytest.mark.parametrize(
    ("phone", "weights", "invariants"),
    [
        (broken_phones.PrunesOnAnswer, RESTORES, {"I1"}),
        (broken_phones.DequeuesFirst, {**ANSWERS, "request lost": 2}, {"I1"}),
        pytest.param(
            broken_phones.StoresCursorFirst, {**ANSWERS, "pull killed": 3}, {"I6"}, marks=SOAK
        ),
        pytest.param(
            broken_phones.TakesLateAnswers,
            {**ANSWERS, "pull delayed": 3, "pull late": 3},
            {"I14"},
            marks=SOAK,
        ),
        pytest.param(
            broken_phones.DropsWorkWithSpace,
            {**ANSWERS, "unassign": 2, "pull": 3},
            {"I1"},
            marks=SOAK,
        ),
    ],
)
def test_phone_that_breaks_a_rule_is_found(
    house: House, phone: type[Phone], weights: dict[str, int], invariants: set[str]
) -> None:
    assert hunt(house, weights, phone=phone) in invariants


@pytest.mark.parametrize(
    ("variant", "weights", "stage", "invariants"),
    [
        (broken_servers.judges_known_again, {**ANSWERS, "twice": 2}, "fresh", {"I2", "I12"}),
        (broken_servers.sees_no_fork, FORKS, "fresh", {"I9"}),
        pytest.param(
            broken_servers.gives_known_no_place,
            {"answer": 6, "sync": 6, "clone": 2},
            "fresh",
            {"I12"},
            marks=SOAK,
        ),
        pytest.param(
            broken_servers.keeps_epoch_after_restore, RESTORES, "fresh", {"I1", "I21"}, marks=SOAK
        ),
        pytest.param(
            broken_servers.refuses_without_proposal, ANSWERS, "entered", {"I4"}, marks=SOAK
        ),
        pytest.param(
            broken_servers.locks_by_phone_clock,
            {**ANSWERS, "clock": 2},
            "entered",
            {"I3", "I12"},
            marks=SOAK,
        ),
        pytest.param(broken_servers.lets_last_write_win, ANSWERS, "fresh", {"I8"}, marks=SOAK),
        pytest.param(
            broken_servers.cuts_pages_anywhere,
            {"answer": 2, "submit": 2, "sync": 2, "pull": 6},
            "fresh",
            {"I6"},
            marks=SOAK,
        ),
        pytest.param(broken_servers.skips_one, {**ANSWERS, "pull": 2}, "fresh", {"I6"}, marks=SOAK),
    ],
)
def test_server_that_breaks_a_rule_is_found(
    house: House,
    variant: Callable[[], Any],
    weights: dict[str, int],
    stage: str,
    invariants: set[str],
) -> None:
    with variant():
        found = hunt(house, weights, stage)
    assert found in invariants

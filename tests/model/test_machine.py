"""Three phones, one server, everything that can go wrong between them: no invariant breaks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.model.house import House
from tests.model.machine import Machine, profile

pytestmark = pytest.mark.timeout(600)  # the machine may be busy; the work is seconds


def run(house: House, examples: int, steps: int, **more: Any) -> None:
    variant = type("Everything", (Machine,), {"house": house})
    run_state_machine_as_test(variant, settings=profile(examples, steps, **more))


@pytest.mark.proves("I1 I12", "F1 F2 F3 F4 F5 F9 F26")
@pytest.mark.proves("I2", "F2 F3 F4 F5 F9 F26")
@pytest.mark.proves("I13 I15 I21", "F2 F4 F5 F9 F26")
@pytest.mark.proves("I5 I6 I14", "F6 F29 F33")
@pytest.mark.proves("I1 I2 I9 I12", "F14 F15 F16")
@pytest.mark.proves("I1 I12", "F17")
@pytest.mark.proves("I3 I4 I27", "F33 F34")
@pytest.mark.proves("I8", "F2 F4 F5 F16")
@pytest.mark.proves("I1 I2 I11 I16 I20 I21", "F29")
@pytest.mark.proves("I17", "F33")
def test_short_runs_keep_every_invariant(house: House) -> None:
    run(house, 10, 30)


def test_short_runs_keep_every_invariant_on_postgresql(postgres_house: House) -> None:
    run(postgres_house, 3, 25)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_long_runs_keep_every_invariant(house: House) -> None:
    """Other runs each time: what it finds is printed step by step."""
    run(house, 300, 120, derandomize=False)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_long_runs_keep_every_invariant_on_postgresql(postgres_house: House) -> None:
    run(postgres_house, 50, 120, derandomize=False)

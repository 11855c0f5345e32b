"""A phone's clock decides nothing (I22): the same work with clocks off by up to 400 days ends the
same, operation by operation and row by row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model import acts
from tests.model.acts import Edit
from tests.model.at_rest import settle
from tests.model.broken_servers import locks_by_phone_clock
from tests.model.house import House, defects
from tests.model.machine import VALUES, edits, profile
from tests.model.world import World

pytestmark = pytest.mark.timeout(600)
JOBS = ("answer", "answer", "settle", "attach", "remove", "submit", "enter", "sync", "sync")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(JOBS),
        st.integers(0, 2),
        st.lists(edits(), min_size=1, max_size=2),
    ),
    min_size=8,
    max_size=25,
)
DAYS = st.tuples(*[st.integers(-400, 400)] * 3)


def outcome_of(house: House, stage: str, steps: Any, days: tuple[int, ...]) -> object:
    """Verdicts by operation, and all rows without the times phones claimed."""
    world = World(house, stage=stage)
    for phone, shift in zip(world.phones, days, strict=True):
        phone.clock_days = shift
    for what, who, chain in steps:
        phone = world.phones[who]
        chain = [acts.edit_of(phone, one, VALUES) for one in chain]
        if what == "sync":
            world.sync(phone)
        else:
            acts.work(phone, house.field, what, chain)
    settle(world)
    verdicts = {op: one.status for op, one in world.witness.receipts.items() if op in world.made}
    rows = world.witness.state[house.field.space]
    return verdicts, {entity: _timeless(row) for entity, row in rows.items()}


def _timeless(row: dict[str, Any]) -> Any:
    siblings = [(one["op"], one["fields"]) for one in row["siblings"]]
    fields = {
        name: value for name, value in row["fields"].items() if name not in ("at", "manifest")
    }
    return fields, row["heads"], siblings, row["gone"], row["seq"]


@pytest.mark.proves("I22", "F22")
def test_shifted_phone_clocks_change_no_outcome(house: House) -> None:
    @profile(4, 1)
    @given(stage=st.sampled_from(("fresh", "accepted", "entered")), steps=STEPS, days=DAYS)
    def holds(stage: str, steps: list[tuple[str, int, list[Edit]]], days: tuple[int, ...]) -> None:
        assert outcome_of(house, stage, steps, days) == outcome_of(house, stage, steps, (0, 0, 0))

    with defects(house):
        holds()


@pytest.mark.proves("I22", "F22")
def test_server_that_asks_the_phones_clock_is_found(house: House) -> None:
    steps = [("answer", 0, [("own", {"value": 1})])]
    with locks_by_phone_clock(), defects(house), pytest.raises(AssertionError):
        assert outcome_of(house, "entered", steps, (-400, 0, 0)) == outcome_of(
            house, "entered", steps, (0, 0, 0)
        )

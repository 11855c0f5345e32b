"""What happens in a run: people work, the network and the machines fail. Checks are in ``witness``,
``world`` and ``phone``; a step after which an invariant does not hold raises ``Breach``.

All happens through one weighted rule: Hypothesis switches whole rules off at random in each
example, and most examples would have somebody who works and nobody who sends.
"""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model import acts
from tests.model.acts import Edit
from tests.model.at_rest import settle
from tests.model.house import House, defects
from tests.model.kept import Kept
from tests.model.phone import Phone
from tests.model.world import World

VALUES: dict[str, list[Any]] = {
    "PAX-01": ["pass", "fail", "na"],
    "PAX-02": [{"checked": 5, "failed": 0}, {"checked": 5, "failed": 1}],
    "PAX-03": ["台账齐全", "台账缺页"],
    "MR-01": ["pass", "fail"],
}
WORK = {
    "answer": 10, "settle": 3, "attach": 2, "remove": 2, "sign": 1, "checkin": 1, "submit": 1,
    "enter": 3, "propose": 1, "dismiss": 1,
}  # fmt: skip
TALK = {
    "sync": 6, "push": 2, "request lost": 2, "answer lost": 3, "answer cut": 2, "twice": 2,
    "out of order": 2, "first lost": 2, "defect": 2, "dies": 3,
    "old push": 3, "pull": 3, "pull killed": 2, "pull delayed": 2, "pull late": 2,
}  # fmt: skip
OFFICE = {
    "accept": 2, "return": 1, "unassign": 1, "assign": 3, "revoke": 1, "hours": 1, "clock": 2,
}  # fmt: skip
BREAK = {"copy": 2, "restore": 2, "clone": 1, "evict": 1, "backup": 3, "server restore": 1}


@st.composite
def edits(draw: Any) -> Edit:
    """An item and the fields of one edit: value, note or both. Somebody of another department may
    try too."""
    item = draw(st.sampled_from(("own", "own", "own", "own", "own", "PAX-02", "PAX-03", "MR-01")))
    shape = draw(st.sampled_from(("value", "value", "note", "both")))
    fields = {}
    if shape != "note":
        fields["value"] = draw(st.integers(0, 2))
    if shape != "value":
        fields["note"] = draw(st.sampled_from(("甲", "乙")))
    return item, fields


class Machine(RuleBasedStateMachine):
    """``house`` is set by the test that runs it; ``weights`` say how often what happens."""

    house: ClassVar[House]
    phone_class: ClassVar[type[Phone]] = Phone
    stages: ClassVar[tuple[str, ...]] = ("fresh", "accepted", "entered")
    weights: ClassVar[dict[str, int]] = {**WORK, **TALK, **OFFICE, **BREAK}

    def __init__(self) -> None:
        super().__init__()
        self.is_begun = False
        self.is_broken = True  # until the step under way has come to its end
        self.world: World
        self.saved: dict[int, Kept] = {}

    @initialize(stage=st.runner().flatmap(lambda machine: st.sampled_from(machine.stages)))
    def begin(self, stage: str) -> None:
        self._defects = defects(self.house)
        self._defects.__enter__()
        self.world = World(self.house, self.phone_class, stage)
        self.is_begun = True

    @rule(
        what=st.runner().flatmap(lambda m: st.sampled_from(spread(m.weights))),
        who=st.integers(0, 3),
        at=st.integers(0, 60),
        chain=st.lists(edits(), min_size=1, max_size=3),
    )
    def happens(self, what: str, who: int, at: int, chain: list[Edit]) -> None:
        phone = self.world.phones[who % len(self.world.phones)]
        chain = [acts.edit_of(phone, one, VALUES) for one in chain]
        if what in WORK:
            acts.work(phone, self.house.field, what, chain)
        elif what in TALK:
            acts.talk(self.world, phone, what, at, chain[0])
        elif what in OFFICE:
            acts.rule_over(self.world, phone, what, (at % 3 - 1) * 400)
        elif what == "copy":
            self.saved[id(phone)] = phone.snapshot()
        elif what == "restore" and id(phone) in self.saved:
            self.world.put_back(phone, self.saved[id(phone)])
        else:
            acts.destroy(self.world, phone, what, at)

    @invariant()
    def nothing_is_broken(self) -> None:
        self.is_broken = True
        if self.is_begun:
            self.world.look()
        self.is_broken = False

    def teardown(self) -> None:
        if not self.is_begun:
            return
        try:
            if not self.is_broken:
                settle(self.world)
        finally:
            self._defects.__exit__(None, None, None)


def spread(weights: dict[str, int]) -> list[str]:
    """Each name as often as it weighs."""
    return [name for name, weight in weights.items() for _ in range(weight)]


def profile(examples: int, steps: int, **more: Any) -> settings:
    """The same run every time: no database of earlier failures, no clock of the machine's; what is
    found is reported as found, shrinking would take minutes."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
        **{"derandomize": True, **more},
    )

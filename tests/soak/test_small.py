"""The soak in seconds, for every run of the tests: each fault of the network at least once, the
server killed, and everything counted as in the long one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.proxy import FAULTS
from tests.soak.run import Plan, run_soak


@pytest.mark.proves("I1 I12", "F1 F2 F3 F4 F5 F7 F8 F9 F10 F11 F25")
@pytest.mark.proves("I2", "F2 F3 F4 F5 F7 F9 F10 F11 F25")
@pytest.mark.proves("I5", "F1 F2 F3 F4 F7 F8 F9 F10 F25")
@pytest.mark.proves("I6", "F2 F3 F25")
@pytest.mark.proves("I11", "F2 F4 F5 F9 F25")
@pytest.mark.proves("I13", "F25")
@pytest.mark.proves("I14", "F3 F4 F9 F25")
@pytest.mark.timeout(300)
def test_few_phones_on_a_bad_network_and_a_killed_server_end_without_a_difference(
    make_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    plan = Plan(phones=4, seconds=8, seed=20, visits=2, kill_every=(2, 3))
    outcome = run_soak(make_database_url("sqlite"), tmp_path, plan, print)
    assert outcome.count.differences == []
    assert outcome.kills >= 1
    assert outcome.faults.keys() >= FAULTS.keys()
    assert outcome.count.figures["receipts"] > 0
    assert outcome.count.figures["photos hashed again on disk"] > 0

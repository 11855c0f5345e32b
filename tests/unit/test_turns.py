"""The queue of writers on SQLite: across processes, and never without end."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from domain.errors import Fault
from server import turns
from server.turns import turns_of


@pytest.mark.proves("I12", "F31")
def test_a_process_that_keeps_its_turn_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "suicha.sqlite3"
    # Another open file description is to flock what another process is.
    with Path(f"{path}-turn").open("w") as foreign:
        fcntl.flock(foreign, fcntl.LOCK_EX)
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0)
        with pytest.raises(Fault) as refused, turns_of(str(path)).wait():
            pytest.fail("two writers at once")
        assert refused.value.code == "server.busy"
        fcntl.flock(foreign, fcntl.LOCK_UN)
    with (
        turns_of(str(path)).wait(),
        Path(f"{path}-turn").open("w") as foreign,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(foreign, fcntl.LOCK_EX | fcntl.LOCK_NB)

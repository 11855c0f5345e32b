from __future__ import annotations

from pathlib import Path

import pytest

from tools.pictures import replacing


def test_pictures_of_the_last_time_go_when_the_new_ones_are_whole(tmp_path: Path) -> None:
    shown = tmp_path / "screenshots"
    with replacing(shown) as fresh:
        (fresh / "board.png").write_text("first")
        (fresh / "gone.png").write_text("first")
    with replacing(shown) as fresh:
        (fresh / "board.png").write_text("second")
        assert (shown / "board.png").read_text() == "first"
    assert [one.name for one in shown.iterdir()] == ["board.png"]
    assert (shown / "board.png").read_text() == "second"
    assert list(tmp_path.iterdir()) == [shown]


def test_pictures_that_were_not_finished_replace_nothing(tmp_path: Path) -> None:
    shown = tmp_path / "screenshots"
    with replacing(shown) as fresh:
        (fresh / "board.png").write_text("first")
    with pytest.raises(TimeoutError), replacing(shown) as fresh:
        (fresh / "board.png").write_text("second")
        raise TimeoutError
    assert (shown / "board.png").read_text() == "first"
    assert list(tmp_path.iterdir()) == [shown]

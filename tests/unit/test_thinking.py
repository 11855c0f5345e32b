"""One thread computes at a time; who waits for the database lets others."""

from __future__ import annotations

import threading

import pytest

from server.thinking import Thinking

PATIENCE = 10


def test_second_thread_comes_in_only_while_the_first_stands_aside() -> None:
    thinking, said = Thinking(), list[str]()
    has_asked, is_in, may_go = threading.Event(), threading.Event(), threading.Event()

    def second() -> None:
        has_asked.set()
        with thinking.turn():
            said.append("second")
            is_in.set()
            assert may_go.wait(PATIENCE)

    other = threading.Thread(target=second)
    with thinking.turn():
        other.start()
        assert has_asked.wait(PATIENCE)
        said.append("first")
        with thinking.aside():
            assert is_in.wait(PATIENCE)
            said.append("aside")
            may_go.set()
        said.append("first again")
        assert not thinking._turn.acquire(blocking=False)
    other.join(PATIENCE)
    assert said == ["first", "second", "aside", "first again"]
    assert thinking._turn.acquire(timeout=PATIENCE)


def test_thread_without_the_turn_gives_none_away() -> None:
    thinking = Thinking()
    with thinking.aside(), thinking.turn():
        pass
    done = threading.Event()

    def stranger() -> None:
        with thinking.aside():
            assert not thinking._turn.acquire(blocking=False)
            done.set()

    with thinking.turn():
        thread = threading.Thread(target=stranger)
        thread.start()
        thread.join(PATIENCE)
    assert done.is_set()


def test_turn_is_free_again_whatever_is_raised_inside() -> None:
    thinking = Thinking()
    with pytest.raises(ValueError, match="aside"), thinking.turn(), thinking.aside():
        raise ValueError("aside")
    with thinking.turn():
        assert not thinking._turn.acquire(blocking=False)

"""Servers that break one rule of docs/protocol each, made by putting another function where the
real one was imported. A variant whose function is never called proves nothing and says so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from server.fieldsync.epochs import current_epoch
from server.fieldsync.proposals import make_proposal
from sync.apply_answer import set_answer
from sync.cursor import cut_page, start_of
from sync.merge import merge_fields
from sync.operation import Operation
from sync.order import Turn, find_turn, takes_place
from sync.rows import Row

Real = Callable[..., Any]


@contextmanager
def instead_of(real: Real, variant: Callable[..., Any]) -> Iterator[None]:
    """``variant`` is called with the real function first, wherever that was imported."""
    calls = 0

    def called(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return variant(real, *args, **named)

    places = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.startswith(("server.", "sync.")) and module is not None
        for name, value in list(vars(module).items())
        if value is real
    ]
    assert places, f"nobody imports {real.__qualname__}"
    for module, name in places:
        setattr(module, name, called)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, real)
    assert calls, f"{real.__qualname__} was never called: the variant broke nothing"


def judges_known_again() -> Any:
    """No dedupe: an operation that comes again is judged and takes effect again."""

    def variant(real: Real, *args: Any, **named: Any) -> Turn:
        turn: Turn = real(*args, **named)
        return Turn.HELD if turn is Turn.REPLAY else turn

    return instead_of(find_turn, variant)


def sees_no_fork() -> Any:
    """A reused number is taken as if it came in its turn."""

    def variant(real: Real, *args: Any, **named: Any) -> Turn:
        turn: Turn = real(*args, **named)
        return Turn.NEXT if turn is Turn.FORK else turn

    return instead_of(find_turn, variant)


@contextmanager
def gives_known_no_place() -> Iterator[None]:
    """A known operation of a renamed phone does not move its number on."""
    last: list[Turn] = [Turn.NEXT]

    def turn(real: Real, *args: Any, **named: Any) -> Turn:
        last[0] = real(*args, **named)
        return last[0]

    def place(real: Real, *args: Any, **named: Any) -> bool:
        return last[0] is not Turn.REPLAY and bool(real(*args, **named))

    with instead_of(find_turn, turn), instead_of(takes_place, place):
        yield


def keeps_epoch_after_restore() -> Any:
    """Phones never learn that the server forgot something."""
    first: list[str] = []

    def variant(real: Real) -> str:
        first.append(real())
        return first[0]

    return instead_of(current_epoch, variant)


def refuses_without_proposal() -> Any:
    """``rejected_locked`` and ``forbidden`` are answered and nothing is kept for the office."""
    return instead_of(make_proposal, lambda real, *args, **named: None)


def locks_by_phone_clock() -> Any:
    """An edit that says it was made before the lock is taken as if there were none."""

    def variant(
        real: Real, operation: Operation, space: Any, rules: Any, author: Any, sheet: Row
    ) -> Any:
        entered = sheet.fields.get("entered")
        if isinstance(entered, dict) and operation.at[:16] < str(entered["at"])[:16]:
            sheet = replace(sheet, fields={**sheet.fields, "state": "open"})
        return real(operation, space, rules, author, sheet)

    return instead_of(set_answer, variant)


def lets_last_write_win() -> Any:
    """The base is not compared with the head."""

    def variant(real: Real, row: Row, fields: Any, base: Any, *rest: Any, **named: Any) -> Any:
        return real(row, fields, row.heads, *rest, **named)

    return instead_of(merge_fields, variant)


def cuts_pages_anywhere() -> Any:
    """A page may end between two rows of one operation; the next begins behind both."""

    def variant(real: Real, rows: Any, limit: int) -> Any:
        return list(rows[:limit]), len(rows) > limit

    return instead_of(cut_page, variant)


def skips_one() -> Any:
    """The cursor is taken for the first number that is missing."""

    def variant(real: Real, cursor: int, counter: int, is_same_epoch: bool) -> int:
        start: int = real(cursor, counter, is_same_epoch)
        return min(start + 1, counter) if start else 0

    return instead_of(start_of, variant)

"""Tells a test of every statement before it runs: SQLAlchemy's, and COPY, of which SQLAlchemy knows
nothing (``server.fieldsync.receiving.bulk``)."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from server.fieldsync.receiving import bulk

Act = Callable[..., object]
_watched: weakref.WeakKeyDictionary[Engine, list[Act]] = weakref.WeakKeyDictionary()
_real_copy = bulk._copy


def before_each(engine: Engine, act: Act) -> None:
    """``act`` gets the connection first."""
    event.listen(engine, "before_cursor_execute", act)
    _watched.setdefault(engine, []).append(act)
    bulk._copy = _watched_copy


def _watched_copy(connection: Any, *given: Any) -> None:
    for act in _watched.get(connection.engine, ()):
        act(connection)
    _real_copy(connection, *given)

"""What is slow in every test and no test is about.

Each test has an application and a database of its own. Half of the time of a run went into four
things: SQLAlchemy compiled each statement again for each engine, werkzeug wrote and compiled two
functions for each route of each application, Jinja compiled each template for each application,
and each sign-in spent what a guesser should spend.
"""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

from server.accounts import passwords
from server.backups import copying
from server.registry import checklist_import

# what servers in processes of their own use, and test_passwords.py
REAL_HASHER = passwords._hasher


class OneDialect:
    """Engines with the same options share the dialect and with it the statements compiled for it:
    a statement is compiled for a dialect, never for a database."""

    _made: dict[Any, Any] = {}  # noqa: RUF012 - shared on purpose
    _is_made = False

    def __new__(cls, **options: Any) -> Any:
        # two functions of the same text are the same option: JSON is written by a lambda
        same = {name: getattr(value, "__code__", value) for name, value in options.items()}
        return cls._made.setdefault((cls, repr(same)), super().__new__(cls))

    def __init__(self, **options: Any) -> None:
        if not self._is_made:
            super().__init__(**options)
            self._is_made = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        one: Any = engine.dialect
        if not hasattr(one, "compiled"):
            one.compiled = engine._compiled_cache
            one.compiled.capacity = 2000  # of all subjects together; an engine expects 500
        engine._compiled_cache = one.compiled


class Sqlite(OneDialect, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class Postgresql(OneDialect, PGDialect_psycopg):
    supports_statement_cache = True


def share_dialects() -> None:
    """From here on in this process."""
    for name, cls in (("sqlite", Sqlite), ("postgresql.psycopg", Postgresql)):
        registry.register(name, __name__, cls.__name__)


def share_routes() -> None:
    """What werkzeug makes of a rule follows from the rule's text alone: how a path is matched, and
    the functions that build its address. Our converters ask nothing of the map they belong to."""
    compiled: dict[Any, Any] = {}
    compile_rule: Callable[[Rule], None] = Rule.compile

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if key not in compiled:
            compile_rule(rule)
            builders = [one.__func__ for one in (rule._build, rule._build_unknown)]
            parsed = (rule._parts, rule._trace, rule._converters)
            compiled[key] = (parsed, frozenset(rule.arguments), builders)
            return
        parsed, arguments, builders = compiled[key]
        rule._parts, rule._trace, rule._converters = parsed
        rule.arguments = set(arguments)
        rule._build, rule._build_unknown = (one.__get__(rule, None) for one in builders)

    Rule.compile = once  # type: ignore[method-assign]


class Templates(BytecodeCache):
    """Compiled templates, found again by their source."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.code


def share_templates() -> None:
    """Each environment has the same options, so the same source is the same code."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}


def read_checklists_once() -> None:
    """The bundled lists are the same bytes in a hundred tests; nobody changes what was read."""
    read = checklist_import._read
    checklist_import._read = cache(read)


def build_copies_once() -> None:
    """A backup of PostgreSQL is written into a new SQLite file, which all migrations build: the
    first such file of a process is kept. What migrations do is looked at where they are run."""
    upgrade = copying.upgrade_schema
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    is_kept = False

    def build(engine: Engine) -> tuple[str | None, str | None]:
        nonlocal is_kept
        with closing(sqlite3.connect(str(engine.url.database))) as file:
            if is_kept:
                kept.backup(file)
                return None, None
            told = upgrade(engine)
            file.backup(kept)
            is_kept = True
            return told

    copying.upgrade_schema = build


def collect_nothing_yet() -> None:
    """What is imported and collected before the first test all stays: until then, nothing is
    looked for that could go."""
    gc.disable()


def collect_rarely() -> None:
    """What is there before the first test stays to the end: Python's collector need not walk
    thousands of tests and all modules again for each few applications that have gone."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def make_once_a_run(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Path:
    """A copy of what ``make`` left in the place it was given, which the first process of this run
    to ask for it has called: what takes seconds."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return Path(shutil.copytree(folder, factory.mktemp(name) / name))


def hash_cheaply() -> None:
    """argon2id all the same, checked and renewed by the same code; 64 KiB instead of 19 MiB."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

"""The database session, its transactions, and the one place where queries are scoped.

Commit is written here and nowhere else (STYLE 4). SQLite runs WAL with synchronous=FULL and takes
its write lock when a unit of work begins, so that no transaction has to be upgraded half way;
PostgreSQL runs READ COMMITTED with row locks taken by the services that need them.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    MetaData,
    Row,
    Select,
    bindparam,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.types import TypeDecorator

from server.thinking import thinking
from server.turns import turns_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


POOLED = 5  # connections that SQLAlchemy keeps of itself
# 16 MB: what is written again and again is copied into the file once. A push waits for the copying.
DAY_SECONDS = 86_400
CHECKPOINT_PAGES = 4000

db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Only aware values go in, only UTC comes out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: instants carry their zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JurisdictionScoped:
    """Mixin of every table that a county owns; see ``scope_to``."""

    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"), index=True)


def scope_to(jurisdiction_id: int | None) -> None:
    """From here on every SELECT of this session sees one county only (DESIGN §4)."""
    if jurisdiction_id is None:
        db.session.info.pop("jurisdiction_id", None)
    else:
        db.session.info["jurisdiction_id"] = jurisdiction_id


@contextmanager
def in_every_county() -> Iterator[None]:
    """Within, SELECTs see all counties: for what is the whole country's, as the calendar is."""
    county = db.session.info.get("jurisdiction_id")
    scope_to(None)
    try:
        yield
    finally:
        scope_to(county)


def act_on(device_id: str | None) -> None:
    """From here on what this session does is done on that phone; None at a desk."""
    db.session.info["device_id"] = device_id


def acting_device() -> str | None:
    """The phone this session acts on, for the audit log."""
    found: str | None = db.session.info.get("device_id")
    return found


@event.listens_for(Session, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> None:
    scope = state.session.info.get("jurisdiction_id")
    if scope is None or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            JurisdictionScoped,  # type: ignore[arg-type]
            lambda cls: cls.jurisdiction_id == scope,
            include_aliases=True,
        )
    )


class Columns:
    """A query of plain columns, scoped by the county of ``owner``'s table: for what every push and
    pull asks, where building objects would cost more than the question. The statement is built
    once, because building one costs as much as running it; its values are ``bindparam``s."""

    def __init__(self, query: Select[Any], owner: Any) -> None:
        self._anywhere = query
        self._in_county = query.where(owner.__table__.c.jurisdiction_id == bindparam("county"))

    def read(self, **values: Any) -> Sequence[Row[Any]]:
        """The rows, of the county in sight."""
        db.session.flush()
        connection = db.session.connection()
        county = db.session.info.get("jurisdiction_id")
        if county is None:
            return connection.execute(self._anywhere, values).all()
        return connection.execute(self._in_county, {**values, "county": county}).all()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: commits when the block ends, rolls back when it raises.

    Re-entrant: a use case called by another joins the outer transaction, so the outermost block
    alone commits. On SQLite the write lock is taken at once (BEGIN IMMEDIATE).
    """
    session = db.session()
    if session.info.get("in_unit_of_work"):
        yield session
        return
    if session.in_transaction():
        # A read before this block opened a deferred transaction; end it, or SQLite would have to
        # upgrade the lock and could answer SQLITE_BUSY without waiting.
        session.rollback()
    with _turn_to_write(session):
        session.connection(execution_options={"suicha_write": True})
        session.info["in_unit_of_work"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["in_unit_of_work"] = False


def add_unless_there(table: type[Base], **values: object) -> None:
    """A new row, unless one with such a key exists; however many add it at once, one does. Within
    ``unit_of_work``."""
    is_postgresql = db.session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    db.session.execute(insert(table).values(**values).on_conflict_do_nothing())


def end_reading() -> None:
    """Ends the read transaction a look at the database opened: before waiting for somebody else,
    or SQLite could not tidy its log and PostgreSQL would keep old rows. Not inside a unit."""
    db.session.rollback()


def _turn_to_write(session: Session) -> AbstractContextManager[object]:
    url = session.get_bind().engine.url
    is_sqlite = url.get_backend_name() == "sqlite"
    return turns_of(url.database).wait() if is_sqlite else thinking.aside()


def engine_options(url: str, threads: int = 0) -> dict[str, Any]:
    """Options for the engine of this database URL; ``threads`` of one process may each have a
    connection at once, whatever else they wait for."""
    options: dict[str, Any] = {
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True)
    }
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 15, "isolation_level": None}
        if ":memory:" not in url:
            # How large the tables are a connection reads once, when it is made.
            options["pool_recycle"] = DAY_SECONDS
    else:
        options["pool_pre_ping"] = True
        options["connect_args"] = {"connect_timeout": 5, "options": _server_settings(url)}
    if threads > POOLED and ":memory:" not in url:
        options["pool_size"] = threads
    return options


def _server_settings(url: str) -> str:
    """What PostgreSQL is told for each connection: ours, then the address's own (its schema), which
    arguments beside the address would replace."""
    own = make_url(url).query.get("options", "")
    # Compiling a count of a year's parts took longer than counting them.
    return " ".join(["-c jit=off", *([own] if isinstance(own, str) else own)]).strip()


def _use_wal(cursor: Any) -> None:
    """A file stays in WAL mode once it is. The change itself does not wait for others (SQLite
    answers "locked" at once), and two processes may start on an empty home together."""
    give_up = time.monotonic() + 15
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] not in {"wal", "memory"}:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def prepare_engine(engine: Engine) -> None:
    """Installs the SQLite pragmas and the transaction start; nothing to do for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        _use_wal(cursor)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "recursive_triggers=ON",  # or REPLACE would delete past the lock's triggers
            "busy_timeout=15000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        is_write = connection.get_execution_options().get("suicha_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

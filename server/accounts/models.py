"""Tables: counties, departments, people, their roles, sessions and devices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Jurisdiction(db.Model):
    """A county: owner of everything else, and the key for sharding (DESIGN §4)."""

    __tablename__ = "jurisdictions"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Department(JurisdictionScoped, db.Model):
    """A body that inspects; ``code`` is its short name in sheets (``tr``, ``mr``, …)."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    is_home: Mapped[bool] = mapped_column(default=False)
    aliases: Mapped[list[DepartmentAlias]] = relationship(
        back_populates="department", order_by="DepartmentAlias.id"
    )

    @property
    def alias_names(self) -> list[str]:
        """The other spellings, in one order whatever they were added in."""
        return sorted(one.alias for one in self.aliases)

    @alias_names.setter
    def alias_names(self, names: Collection[str]) -> None:
        session = object_session(self)
        assert session is not None, "a department is stored before its spellings"
        for one in [row for row in self.aliases if row.alias not in names]:
            self.aliases.remove(one)
            session.delete(one)
        session.flush()  # or a spelling that moved would be there twice for a moment
        known = {one.alias for one in self.aliases}
        self.aliases += [
            DepartmentAlias(jurisdiction_id=self.jurisdiction_id, alias=name)
            for name in dict.fromkeys(names)
            if name not in known
        ]


class DepartmentAlias(JurisdictionScoped, db.Model):
    """Another spelling of the same body in a plan table (domain.md part 7, row 29)."""

    __tablename__ = "department_aliases"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "alias"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    alias: Mapped[str] = mapped_column(String(80))
    department: Mapped[Department] = relationship(back_populates="aliases")


class Person(JurisdictionScoped, db.Model):
    """Somebody who signs in. ``locale`` is ``zh_CN`` or ``en``."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    account: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default="zh_CN")
    is_active: Mapped[bool] = mapped_column(default=True)
    department: Mapped[Department] = relationship()
    roles: Mapped[list[PersonRole]] = relationship(cascade="all, delete-orphan")


class PersonRole(db.Model):
    """One role of one person (``domain.access.Role``)."""

    __tablename__ = "person_roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)


class SignInSession(db.Model):
    """A signed-in browser; the cookie holds a random token, this row only its SHA-256."""

    __tablename__ = "sign_in_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_quarantined: Mapped[bool] = mapped_column(default=False, server_default=false())
    person: Mapped[Person] = relationship()


class Device(JurisdictionScoped, db.Model):
    """A phone's installation, bound to one person (PROTOCOL §1); ``last_seq`` is its log's end and
    ``link`` what the next operation should name as the one before (None: not known).

    ``heartbeat`` is what the phone last said of itself (docs/protocol 13.7): a claim, never a
    reason. ``wiped_at``: when it said that it had obeyed the wipe order. ``durable_seq``: what a
    verified backup covers, empty where no backup was ever begun.
    """

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    link: Mapped[str | None] = mapped_column(String(64))
    durable_seq: Mapped[int | None] = mapped_column(BigInteger)
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    heartbeat: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str | None] = mapped_column(String(200))
    wipe_ordered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def must_wipe(self) -> bool:
        """Whether the phone is told to delete its stores once its outbox is empty or exported."""
        return self.wipe_ordered_at is not None and self.wiped_at is None


class PushCredential(db.Model):
    """A push-only credential given to a phone (PROTOCOL §10), known by its SHA-256 alone. A phone
    that renamed itself keeps it, so one credential may name several devices of a person."""

    __tablename__ = "push_credentials"
    __table_args__ = (UniqueConstraint("device_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempt(db.Model):
    """A failed sign-in; counted per account and per address to throttle guessing."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key_at", "key", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

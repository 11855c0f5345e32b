"""Tables: reminders, the messages that carry them out of the house, and where those go."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class Reminder(JurisdictionScoped, db.Model):
    """One line of a person's inbox. ``source`` and ``step`` name the term and its rung, so that it
    is written once whoever looks, how often, and after whichever crash. ``why`` is a ``Whom``;
    ``basis`` says how the day was counted when it was written (``counting.dump_basis``)."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("source", "step", "person_id"),
        Index("ix_reminders_person_id_made_at", "person_id", "made_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
    step: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    subject: Mapped[str] = mapped_column(String(200))
    href: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    days_left: Mapped[int | None]
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderPost(JurisdictionScoped, db.Model):
    """That a reminder is to leave by a channel, written with it. ``waiting`` until a message takes
    it with it (``gathered``) or nothing is left to say (``dropped``)."""

    __tablename__ = "reminder_posts"
    __table_args__ = (
        UniqueConstraint("reminder_id", "channel"),
        Index("ix_reminder_posts_state_person_id", "state", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminders.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(12))
    epoch: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))


class ReminderMessage(JurisdictionScoped, db.Model):
    """One message to one place: numbers only. ``taken_at`` is committed before it is sent;
    ``outcome`` is ``sent``, ``failed``, ``gone`` (the place takes nothing any more) or ``unknown``
    where nobody can say whether it left. A refused one waits until ``next_at``."""

    __tablename__ = "reminder_messages"
    __table_args__ = (
        UniqueConstraint("person_id", "channel", "place", "slot", "epoch"),
        Index("ix_reminder_messages_outcome_next_at", "outcome", "next_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(String(16))
    epoch: Mapped[str] = mapped_column(String(40))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(200), default="")


class PushSubscription(JurisdictionScoped, db.Model):
    """Where a browser of the person can be reached, as the browser told it (RFC 8030, 8291)."""

    __tablename__ = "push_subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(500), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    agent: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonChannel(JurisdictionScoped, db.Model):
    """What a person chose for a channel: channels can be turned off, duties cannot."""

    __tablename__ = "person_channels"
    __table_args__ = (UniqueConstraint("person_id", "channel"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(12))
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    address: Mapped[str] = mapped_column(String(120), default="")


class InboxMark(JurisdictionScoped, db.Model):
    """Up to which reminder and which notice (``side_effects``) a person has read the inbox, and the
    instant of the list that was read."""

    __tablename__ = "inbox_marks"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)
    reminder_id: Mapped[int] = mapped_column(default=0, server_default="0")
    notice_id: Mapped[int] = mapped_column(default=0, server_default="0")

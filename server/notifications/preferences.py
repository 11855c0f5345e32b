"""What a person chose: which channels carry reminders out of the house, and the e-mail address.
The inbox cannot be turned off, nor can what it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from domain.reminders import Channel
from server.audit.service import write_event
from server.db import add_unless_there, db, unit_of_work
from server.notifications.reminder_models import PersonChannel

MAX_ADDRESS_CHARACTERS = 120
EVENT = "reminder.channels_chosen"


@dataclass(frozen=True, slots=True)
class Choice:
    """One channel of one person. Without a choice it is on."""

    is_on: bool = True
    address: str = ""


def map_choices(person_id: int) -> dict[Channel, Choice]:
    """All channels of a person."""
    query = select(PersonChannel).where(PersonChannel.person_id == person_id)
    chosen = {Channel(one.channel): one for one in db.session.scalars(query)}
    return {
        channel: Choice(chosen[channel].is_on, chosen[channel].address)
        if channel in chosen
        else Choice()
        for channel in Channel
    }


def list_channels(person_ids: Collection[int]) -> dict[int, list[Channel]]:
    """Person → the channels they have not turned off."""
    query = select(PersonChannel.person_id, PersonChannel.channel).where(
        PersonChannel.person_id.in_(person_ids), PersonChannel.is_on.is_(False)
    )
    off = {(row.person_id, row.channel) for row in db.session.execute(query)}
    return {
        person: [channel for channel in Channel if (person, channel.value) not in off]
        for person in person_ids
    }


def choose_channels(actor: Actor, wanted: Mapping[Channel, Choice]) -> None:
    """Raises ``reminder.bad_address``. Whose phone is subscribed stays so: off is off, whichever
    browser it was."""
    address = wanted[Channel.EMAIL].address
    if address and not is_address(address):
        raise fault("reminder.bad_address")
    with unit_of_work() as work:
        own = {"jurisdiction_id": actor.jurisdiction_id, "person_id": actor.person_id}
        for channel in sorted(wanted):  # in one order, whoever saves at the same moment
            add_unless_there(PersonChannel, **own, channel=channel.value)
        query = select(PersonChannel).where(PersonChannel.person_id == actor.person_id)
        for row in work.scalars(query.order_by(PersonChannel.id).with_for_update()):
            choice = wanted.get(Channel(row.channel))
            if choice is not None:
                row.is_on, row.address = choice.is_on, choice.address
        off = sorted(one.value for one, choice in wanted.items() if not choice.is_on)
        write_event(
            actor.jurisdiction_id, actor.person_id, EVENT, f"person:{actor.person_id}", off=off
        )


def is_address(text: str) -> bool:
    """Whether a message can be sent there: one @, a name and a host with a dot, nothing else. A
    line end or a comma would be a second header or a second reader."""
    name, _at, host = text.rpartition("@")
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" ,;:<>()[]\\\"'")
    return bool(
        is_plain and name and "@" not in name and "." in host.strip(".")
        and len(text) <= MAX_ADDRESS_CHARACTERS
    )  # fmt: skip

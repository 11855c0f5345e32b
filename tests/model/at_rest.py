"""Everybody is online again: then nothing may be missing, double or different."""

from __future__ import annotations

from sync.others_rows import tell_others
from tests.model.acts import sheet_of
from tests.model.breach import Breach
from tests.model.house import House
from tests.model.kept import Entry, Json
from tests.model.phone import Phone
from tests.model.world import World


def settle(world: World) -> None:
    """Sends, releases and reads until nobody has anything left, and looks."""
    world.house.doomed.clear()
    for phone in world.phones:
        world.sync(phone)
    world.house.release_waiting()
    for phone in world.phones * 2:
        world.sync(phone)
    world.look()
    _check_all_arrived(world)
    for phone in world.phones:
        if not world.is_revoked(phone):
            _check_phone(world, phone)
    differences = world.house.verify()
    if differences:
        raise Breach("I11", f"the ledger does not explain the rows: {differences}")


def _check_all_arrived(world: World) -> None:
    decided = world.witness.decided()
    for op, made in world.made.items():
        if op in decided or op in world.dropped:
            continue
        where = "held" if op in world.witness.receipts else "nowhere"
        raise Breach("I1", f"{op} ({made['kind']} {made['entity']}) is {where}")


def _check_phone(world: World, phone: Phone) -> None:
    for space, rows in phone.kept.rows.items():
        theirs = world.witness.state.get(space, {})
        if rows.keys() != theirs.keys():
            raise Breach("I5", f"{phone.name} {space}: {rows.keys() ^ theirs.keys()}")
        for entity, row in rows.items():
            fields = {k: v for k, v in row["fields"].items() if k not in ("may", "door")}
            mine = (fields, row["heads"], row["siblings"], row["seq"], bool(row.get("gone")))
            one = theirs[entity]
            if _sheet_of(one) not in (None, sheet_of(phone)):  # told of, never what it says
                told = tell_others(row["t"], one["fields"])
                one = {**one, "fields": told, "heads": {}, "siblings": []}
            if mine != tuple(one[k] for k in ("fields", "heads", "siblings", "seq", "gone")):
                raise Breach("I5", f"{phone.name} {entity}: {mine} is not {one}")
    for entry in phone.in_order():
        _check_visible(world, phone, entry)


def _sheet_of(effect: Json) -> str | None:
    if effect["t"] == "sheet":
        return str(effect["id"].removeprefix("sheet:"))
    return None if effect["t"] == "past" else effect.get("sheet")


def _check_visible(world: World, phone: Phone, entry: Entry) -> None:
    """What was refused or lost a conflict can be seen on its author's phone (I27, I8)."""
    op, result = entry.op, entry.result or {}
    if "proposal" in result:
        if f"proposal:{result['proposal']}" not in phone.kept.rows.get(phone.user_space, {}):
            raise Breach("I27", f"{op['op']} was refused, its proposal is not on the phone")
    elif result.get("status") == "conflict" and "space_seq" in result:
        rows = phone.kept.rows.get(op["space"])
        if rows is None or op["op"] in world.witness.resolved:
            return
        siblings = rows.get(op["entity"], {"siblings": []})["siblings"]
        if all(one["op"] != op["op"] for one in siblings):
            raise Breach("I8", f"the version of {op['op']} can no longer be read")


def prepare_stages(house: House) -> None:
    """Lets the three phones come to where each stage begins, and keeps that."""
    world = World(house, Phone, "fresh")
    for stage, happens in (("fresh", None), ("accepted", house.fill_and_accept)):
        if happens is not None:
            happens()
        for phone in world.phones:
            world.sync(phone)
        house.begun[stage] = [phone.snapshot() for phone in world.phones]
        house.stages[stage] = house.store.save()
    house.lock()
    house.begun["entered"], house.stages["entered"] = house.begun["accepted"], house.store.save()

"""Every entry of a county against its leaf, and both against the roots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from domain.merkle import Frontier
from domain.trail import hash_entry
from server.audit.findings import County, Leaf, Problem, Root

MOST_PAIRS = 200  # changed entries among which exchanged ones are looked for


def check_leaves(county: County, roots: Sequence[Root]) -> Iterator[Problem]:
    """The tree is built twice, of the entries and of the leaves on record: where only one of them
    gives the signed root, the other was changed. ``roots`` are what was signed. Where neither does,
    the hashes kept outside the database say entry by entry which was; without them nothing of the
    later roots can be told, and entries and leaves are compared all the same."""
    by_entry, by_leaf = Frontier(), Frontier()
    rest = iter([*county.leaves, None])
    leaf = next(rest)
    for number, root in enumerate(roots):
        before, part = Frontier(by_leaf), list[Leaf]()
        start = before.size
        while leaf is not None and leaf.place < root.size:
            part.append(leaf)
            event = county.events.get(leaf.event_id)
            by_leaf.push(leaf.hash)
            by_entry.push(event.leaf if event else leaf.hash)
            leaf = next(rest)
        found = list(_compare(county, part))
        gaps = sorted({*range(start, root.size)} - {one.place for one in part})
        found += [Problem("leaf.removed", county.code, place=one) for one in gaps]
        if _fits(by_leaf, root.size, root.root):
            by_entry = Frontier(by_leaf)
        elif _fits(by_entry, root.size, root.root):
            by_leaf = Frontier(by_entry)
            found = [replace(one, code="leaf.changed") for one in found]
        elif moved := _restore_order(county, before, part, root):
            by_leaf, by_entry = Frontier(moved), Frontier(moved)
            found += _list_moved(county, part)
        elif len(county.kept) >= root.size:
            found = list(_name_by_kept(county, part, start, root.size))
            for place in range(start, root.size):
                before.push(county.kept[place])
            by_leaf, by_entry = Frontier(before), before
        else:
            told = {"first": start, "last": root.size - 1, "later": len(roots) - number - 1}
            yield from found
            yield Problem("root.differs", county.code, more={"root": root.id, **told})
            yield from _compare(county, [one for one in (leaf, *rest) if one is not None])
            return
        yield from found
    for one in (leaf, *rest):
        if one is not None:
            yield Problem("leaf.unsigned", county.code, one.event_id, one.place)


def _restore_order(
    county: County, before: Frontier, part: list[Leaf], root: Root
) -> Frontier | None:
    """The tree with the entries of one root in the order of their ids, in which they got their
    places; None where that does not give the root either."""
    tree = Frontier(before)
    for leaf in sorted(part, key=lambda one: one.event_id):
        event = county.events.get(leaf.event_id)
        tree.push(event.leaf if event else leaf.hash)
    return tree if _fits(tree, root.size, root.root) else None


def _list_moved(county: County, part: list[Leaf]) -> Iterator[Problem]:
    ordered = sorted(part, key=lambda one: one.event_id)
    for here, there in zip(part, ordered, strict=True):
        if here.event_id != there.event_id:
            yield _about("leaf.moved", county, here)


def _fits(tree: Frontier, size: int, root: str) -> bool:
    return tree.size == size and tree.root().hex() == root


def _name_by_kept(county: County, part: list[Leaf], start: int, stop: int) -> Iterator[Problem]:
    """What lies at each place is not what was signed for: the event, its hash, or its place."""
    there = {one.place: one for one in part}
    bearers = {one.leaf: one.event_id for one in county.events.values()}
    for place in range(start, stop):
        signed, leaf = county.kept[place], there.get(place)
        owner, more = bearers.get(signed), {"hash": signed.hex()}
        if leaf is None:
            code = "entry.removed" if owner is None else "leaf.removed"
            yield Problem(code, county.code, owner, place, more)
        elif owner == leaf.event_id:
            if leaf.hash != signed:
                yield Problem("leaf.changed", county.code, owner, place, more)
            elif not county.events[owner].is_as_written:
                yield Problem("entry.foreign", county.code, owner, place, more)
        elif owner is not None:
            yield Problem("leaf.moved", county.code, owner, place, more)
        else:
            code = "entry.changed" if leaf.event_id in county.events else "entry.removed"
            yield Problem(code, county.code, leaf.event_id, place, more)


def _compare(county: County, leaves: list[Leaf]) -> Iterator[Problem]:
    changed = []
    homeless = {one.leaf: one.event_id for one in county.unplaced}
    for leaf in leaves:
        event = county.events.get(leaf.event_id)
        if (event is None or event.leaf != leaf.hash) and leaf.hash in homeless:
            # its place names another event, or none
            yield _about("leaf.changed", county, replace(leaf, event_id=homeless[leaf.hash]))
        elif event is None:
            yield _about("entry.removed", county, leaf)
        elif event.leaf != leaf.hash:
            changed.append(leaf)
        elif not event.is_as_written:
            yield _about("entry.foreign", county, leaf)
    for leaf in changed:
        other = _exchanged_with(county, leaf, changed) if len(changed) <= MOST_PAIRS else None
        if other is None:
            yield _about("entry.changed", county, leaf)
        else:
            yield _about("entry.swapped", county, leaf, {"with": other.event_id})


def _about(code: str, county: County, leaf: Leaf, more: dict[str, Any] | None = None) -> Problem:
    told = {"hash": leaf.hash.hex(), **(more or {})}
    return Problem(code, county.code, leaf.event_id, leaf.place, told)


def _exchanged_with(county: County, leaf: Leaf, changed: list[Leaf]) -> Leaf | None:
    """The entry that has what this one had, or that stands where this one stood."""
    for other in changed:
        if other.event_id == leaf.event_id:
            continue
        event = county.events[other.event_id]
        moved = hash_entry({**event.entry, "event": leaf.event_id})
        if leaf.hash in (moved, event.leaf):
            return other
    return None

"""The base rule, per field (docs/protocol part 3).

``base[f] == head[f]`` → applied, the operation becomes the head. Else an equal value → merged.
Else conflict: the head stays, the loser becomes a sibling. Different fields never conflict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sync.canonical import Plain
from sync.rows import Row, Sibling


@dataclass(frozen=True, slots=True)
class MergedFields:
    """``row`` after the edit. ``written``, ``equal`` and ``lost`` part the fields sent;
    ``settled`` are the siblings the edit closed."""

    row: Row
    written: tuple[str, ...]
    equal: tuple[str, ...]
    lost: tuple[str, ...]
    settled: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        return bool(self.written or self.lost or self.settled)


def merge_fields(
    row: Row,
    fields: Mapping[str, Plain],
    base: Mapping[str, str | None],
    loser: Sibling,
    resolves: Sequence[str] = (),
    is_frozen: bool = False,
) -> MergedFields:
    """Merges an edit into a row. ``loser`` carries op, author and time for what does not get in.
    ``is_frozen``: no value may change, so every differing field loses. Siblings named in
    ``resolves`` are settled only if nothing of this edit lost: a stale choice decides nothing."""
    written, equal, lost = [], [], []
    for name, value in fields.items():
        if base.get(name) == row.heads.get(name) and not is_frozen:
            written.append(name)
        elif is_equal(row.fields.get(name), value):
            equal.append(name)
        else:
            lost.append(name)
    settled: tuple[str, ...] = ()
    siblings = row.siblings
    if siblings and resolves and not lost:
        open_ops = {sibling.op for sibling in siblings}
        settled = tuple(op for op in resolves if op in open_ops)
        siblings = tuple(sibling for sibling in siblings if sibling.op not in settled)
    if lost:
        siblings += (replace(loser, fields={name: fields[name] for name in lost}),)
    merged = replace(
        row,
        fields={**row.fields, **{name: fields[name] for name in written}},
        heads={**row.heads, **dict.fromkeys(written, loser.op)},
        siblings=siblings,
    )
    return MergedFields(merged, tuple(written), tuple(equal), tuple(lost), settled)


def is_equal(ours: Plain, theirs: Plain) -> bool:
    """Equal as JSON: true is not 1, and a field that is absent equals one that is null."""
    if isinstance(ours, bool) != isinstance(theirs, bool):
        return False
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(is_equal(ours[k], theirs[k]) for k in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(is_equal, ours, theirs))
    return ours == theirs


def settles_all(row: Row, resolves: Sequence[str]) -> bool:
    """Whether the edit names every open sibling: then it is allowed until the lock."""
    return bool(row.siblings) and {sibling.op for sibling in row.siblings} <= set(resolves)


def attach(row: Row, entity: str, op: str) -> Row | None:
    """Adds a photo to an answer; None when it is there already. Attaching again after a removal
    brings the photo back."""
    attached = [] if row.gone else attached_to(row)
    if entity in attached:
        return None
    return replace(
        row,
        fields={**row.fields, "attached": [*attached, entity]},
        heads={**row.heads, "attached": op},
        gone=False,
    )


def detach(row: Row, entity: str, op: str) -> Row | None:
    """Takes a photo off an answer; a tombstone when it was the last one, None when it is not
    there."""
    attached = [] if row.gone else attached_to(row)
    if entity not in attached:
        return None
    left: list[Plain] = [one for one in attached if one != entity]
    return replace(
        row,
        fields={**row.fields, "attached": left},
        heads={**row.heads, "attached": op},
        gone=not left,
    )


def attached_to(row: Row) -> list[Plain]:
    """The answers a photo row is attached to."""
    attached = row.fields.get("attached")
    return list(attached) if isinstance(attached, list) else []

"""What entering a sheet signs: its content, the digest of it, and the heads that were seen
(docs/protocol 13.5). The phone builds the same text with the same vectors."""

from collections.abc import Iterable, Mapping

from sync.canonical import Plain, hash_canonical
from sync.merge import attached_to
from sync.operation import parse_answer
from sync.rows import Row

# ``by_rest``: 合格 for what was left of a section, said in one tap; ``outcome``: why nothing could
# be checked (docs/protocol 13.3)
SIGNED_FIELDS = ("value", "verdict", "note", "by_rest", "outcome")


def build_content(
    space: str, sheet: str, rows: Iterable[Row], results: Mapping[str, int]
) -> dict[str, Plain]:
    """The canonical content. Null fields, items without any field and tombstones are left out."""
    answers: dict[str, Plain] = {}
    photos: dict[str, Plain] = {}
    signatures: list[str] = []
    checkins: list[str] = []
    for row in _standing(rows, sheet):
        if row.type == "answer":
            kept = {f: row.fields[f] for f in SIGNED_FIELDS if row.fields.get(f) is not None}
            if kept:
                answers[_item(row.id)] = dict(kept)
        elif row.type == "photo":
            items = sorted(_item(str(entity)) for entity in attached_to(row))
            photos[str(row.fields["sha256"])] = [*items]
        elif row.type == "signature":
            signatures.append(row.id.partition(":")[2])
        elif row.type == "checkin":
            checkins.append(row.id.partition(":")[2])
    return {
        "inspection": space,
        "sheet": sheet,
        "answers": answers,
        "photos": photos,
        "signatures": [*sorted(signatures)],
        "checkins": [*sorted(checkins)],
        "results": dict(results),
    }


def digest_content(content: Mapping[str, Plain]) -> str:
    """SHA-256 of the canonical content, hex."""
    return hash_canonical(content)


def current_heads(sheet: str, rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Entity → field → head, of everything that stands on the sheet."""
    return {row.id: dict(row.heads) for row in _standing(rows, sheet)}


def list_unseen(
    sheet: str, rows: Iterable[Row], seen: Mapping[str, Mapping[str, str | None]]
) -> list[str]:
    """Entities whose state the signer had not seen, or saw and which are no more; sorted.

    Answers must be seen head by head. Signatures and check-ins never change once made, so seeing
    that they exist is enough; so is it for photos, whose attachments the digest covers.
    """
    current = {row.id: row for row in _standing(rows, sheet)}
    unseen = [entity for entity in seen if entity not in current and any(seen[entity].values())]
    for entity, row in current.items():
        if entity not in seen:
            if row.type != "answer" or row.heads:
                unseen.append(entity)
        elif row.type == "answer" and not _same_heads(row.heads, seen[entity]):
            unseen.append(entity)
    return sorted(unseen)


def _same_heads(heads: Mapping[str, str], seen: Mapping[str, str | None]) -> bool:
    return {k: v for k, v in seen.items() if v is not None} == dict(heads)


def _standing(rows: Iterable[Row], sheet: str) -> list[Row]:
    return [row for row in rows if row.sheet == sheet and not row.gone]


def _item(entity: str) -> str:
    found = parse_answer(entity)
    return found[1] if found else entity

"""What a signature on site covers, and whether it still does (docs/protocol 13.3; R063).

The signer sees the answers and the photos that are there at that moment. A photo that comes later
takes nothing from what was signed; a changed answer, or a signed photo taken away, makes the
signature void. The phone computes the same with the same vectors.
"""

from collections.abc import Iterable, Mapping

from sync.canonical import Plain, hash_canonical
from sync.content import build_content
from sync.rows import Row


def digest_signed(space: str, sheet: str, rows: Iterable[Row], photos: Iterable[str]) -> str:
    """SHA-256 hex of the canonical answers of the sheet and of these photos' hashes."""
    content = build_content(space, sheet, rows, {})
    signed: dict[str, Plain] = {
        "inspection": space,
        "sheet": sheet,
        "answers": content["answers"],
        "photos": [*sorted(photos)],
    }
    return hash_canonical(signed)


def is_void(signature: Row, space: str, sheet: str, rows: Iterable[Row]) -> bool:
    """Whether what this signature covers has changed since. One from an app that did not say what
    it covers, and a refusal to sign, are never void."""
    signed = signature.fields.get("signed")
    if not isinstance(signed, Mapping) or signature.fields.get("refused"):
        return False
    standing = list(rows)
    photos = signed.get("photos")
    named = [str(one) for one in photos] if isinstance(photos, list) else []
    there = {
        str(row.fields["sha256"])
        for row in standing
        if row.type == "photo" and row.sheet == sheet and not row.gone
    }
    if not there.issuperset(named):
        return True
    return digest_signed(space, sheet, standing, named) != signed.get("digest")

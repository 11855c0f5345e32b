"""The chain of one phone's operations: each names the one before it (docs/protocol 6 and 13.3).

It proves the order inside one phone. A chain that does not fit refuses nothing: losing work would
be worse than a mark on the record.
"""

from sync.canonical import hash_text


def link_of(prev: str | None, seq: int, op: str, payload_sha256: str) -> str:
    """What the next operation of the same phone says in ``prev``: 64 lower-case hex digits."""
    return hash_text(f"{prev or ''}\n{seq}\n{op}\n{payload_sha256}")


def is_broken(prev: str | None, link: str | None, seq: int) -> bool:
    """Whether ``prev`` contradicts the link of the operation before. Nothing said (an older app, a
    renamed phone) contradicts nothing; a first operation has nothing to name; ``link`` None on a
    later one says that we do not know what came before."""
    if prev is None:
        return False
    return prev != link if link is not None else seq == 1

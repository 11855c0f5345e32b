"""A row as phones pull it (docs/protocol 13.4): fields, the head of each, and open siblings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.canonical import Plain


@dataclass(frozen=True, slots=True)
class Author:
    """Who made an operation."""

    id: int
    name: str

    def as_plain(self) -> dict[str, Plain]:
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Sibling:
    """The loser of a conflict, kept readable until somebody chooses (I8)."""

    op: str
    author: Author
    at: str
    fields: Mapping[str, Plain]

    def as_plain(self) -> dict[str, Plain]:
        return {
            "op": self.op,
            "author": self.author.as_plain(),
            "at": self.at,
            "fields": dict(self.fields),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """``heads`` maps a field to the operation that last wrote it; ``sheet`` names the department's
    sheet the row belongs to, None for the inspection itself and for personal rows."""

    type: str
    id: str
    fields: Mapping[str, Plain] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    siblings: tuple[Sibling, ...] = ()
    sheet: str | None = None
    gone: bool = False

    @property
    def is_open(self) -> bool:
        """Whether two versions wait for somebody to choose."""
        return bool(self.siblings)


EVIDENCE = frozenset({"answer", "photo", "signature", "checkin"})

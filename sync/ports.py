"""What ``apply`` asks of its host. Each port has one contract test that every implementation
passes (STYLE 11)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.errors import Refused
from domain.results import Unmet
from sync.canonical import Plain
from sync.operation import Kind
from sync.rows import Row


class Rows(Protocol):
    """Where rows are found by their ids."""

    def find_row(self, entity: str) -> Row | None:
        """The row, tombstones too."""
        ...


class Space(Rows, Protocol):
    """One inspection's space under the writer's lock: what is read here stays true until the
    operation commits."""

    @property
    def name(self) -> str: ...

    def list_evidence(self, sheet: str) -> Sequence[Row]:
        """Answers, photos, signatures and check-ins of a sheet, tombstones too."""
        ...

    def has_bytes(self, sha256: str) -> bool:
        """Whether the photo's bytes are stored with that hash."""
        ...


class Rights(Protocol):
    """What the author may do at the moment of arrival."""

    def may(self, kind: Kind, sheet: str) -> bool: ...


class Rules(Protocol):
    """Rules about a sheet that need its checklist."""

    def check_value(self, sheet: str, item: str, value: Plain) -> Refused | None:
        """Whether the value fits the item; the item is known to be on the sheet."""
        ...

    def list_unmet(self, sheet: str, results: Mapping[str, int]) -> Sequence[Unmet]:
        """Every entry precondition that does not hold (DESIGN 5.2)."""
        ...

    def needs_acceptance(self) -> bool:
        """Whether the lead accepts before entry (a setting, on by default)."""
        ...

    def find_entered_digest(self, sheet: str) -> str | None:
        """The digest of the version that locked the sheet."""
        ...

    def due_of(self, ended_on: str) -> tuple[str | None, bool]:
        """(entry due date, is it provisional) of an inspection that ended on that day."""
        ...

    def end_bounds(self) -> tuple[str, str]:
        """The first and the last day on which this visit can have ended, as of now."""
        ...

    def now(self) -> str:
        """This instant, ISO 8601, UTC: the server's clock, the only one that decides (I22)."""
        ...

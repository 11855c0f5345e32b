"""What of a result everybody may read (R015, R018, R082, R087, R089).

One table decides: each field is public, masked or hidden, with the reason and the clause. A field
that is not in the table is hidden, so that what somebody adds to a record is not public before
somebody has decided that it is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.masking import mask_text


class Showing(StrEnum):
    """`MASKED`: free text, in which numbers and names of people are made unreadable."""

    PUBLIC = "public"
    MASKED = "masked"
    HIDDEN = "hidden"


class Why(StrEnum):
    """Why a field is shown or not."""

    IDENTITY = "identity"  # whose result it is
    MATTER = "matter"  # what was inspected, by whom, how
    RESULT = "result"
    CORRECTION = "correction"
    OUTCOME = "outcome"
    WORDS = "words"  # free text: may name people and numbers
    PERSON = "person"  # personal data
    TRADE = "trade"  # figures of the business
    EVIDENCE = "evidence"  # photos and papers
    INTERNAL = "internal"  # how the office works with it


@dataclass(frozen=True, slots=True)
class Rule:
    """`part` is the record the field belongs to, `field` its place in it: `items[].answer.note`.
    A rule for a place holds for everything below it."""

    part: str
    field: str
    showing: Showing
    why: Why
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The table, looked up by place."""

    rules: tuple[Rule, ...]

    def find(self, part: str, field: str) -> Rule | None:
        """The rule for this place or the nearest above it; None where nobody decided."""
        known = {(one.part, one.field): one for one in self.rules}
        while field:
            if (part, field) in known:
                return known[part, field]
            field = _above(field)
        return None

    def disclose(
        self, part: str, plain: Mapping[str, Any], names: Collection[str] = ()
    ) -> dict[str, Any]:
        """`plain` without what is hidden or undecided; `names` are people known from the record,
        who are not named in free text either."""
        shown = {(one.part, one.field): one.showing for one in self.rules}
        told = _walk(part, "", plain, shown, names)
        return told if isinstance(told, dict) else {}


def places_of(plain: object, place: str = "") -> Iterator[str]:
    """Each value's place, `items[].answer.note`; what holds nothing has none."""
    match plain:
        case Mapping():
            for name, value in plain.items():
                yield from places_of(value, f"{place}.{name}" if place else str(name))
        case Sequence() if not isinstance(plain, str):
            for value in plain:
                yield from places_of(value, f"{place}[]")
        case _:
            yield place


_NOTHING: Final = object()


def _walk(
    part: str,
    place: str,
    plain: object,
    shown: Mapping[tuple[str, str], Showing],
    names: Collection[str],
    above: Showing = Showing.HIDDEN,
) -> Any:
    here = shown.get((part, place), above)
    match plain:
        case Mapping():
            told = {
                str(name): _walk(
                    part, f"{place}.{name}" if place else str(name), value, shown, names, here
                )
                for name, value in plain.items()
            }
            kept = {name: value for name, value in told.items() if value is not _NOTHING}
            return kept or _NOTHING
        case Sequence() if not isinstance(plain, str):
            rows = [_walk(part, f"{place}[]", one, shown, names, here) for one in plain]
            kept_rows = [one for one in rows if one is not _NOTHING]
            return kept_rows or (_NOTHING if plain or here is Showing.HIDDEN else [])
        case str() if here is Showing.MASKED:
            return mask_text(plain, names)
        case _:
            return _NOTHING if here is Showing.HIDDEN else plain


def _above(place: str) -> str:
    if place.endswith("[]"):
        return place[:-2]
    return place.rpartition(".")[0]

"""How a broken expectation is named: one stable code, one HTTP status, two languages.

`Fault` is raised when a rule refuses to go on; `Refused` is the same statement as a value, for
outcomes a caller expects and branches on. Both carry a code of the one catalogue
(`fault_catalogue.FAULTS`). Codes retire, they are never reused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.fault_catalogue import FAULTS, FaultSpec

__all__ = ["FAULTS", "Fault", "FaultSpec", "Refused", "fault", "message"]

DEFAULT_LOCALE = "zh_CN"


class Fault(Exception):
    """A refusal that ends the use case. `details` is JSON-ready and safe to show to the caller."""

    code: str
    status: int
    details: dict[str, object]

    def __init__(self, code: str, status: int, details: dict[str, object]) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.details = details

    def __str__(self) -> str:
        return message(self.code, "en", self.details)


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a value. `code` is in the catalogue."""

    code: str
    details: dict[str, object] = field(default_factory=dict)

    def as_fault(self) -> Fault:
        """The same refusal, ready to raise."""
        return fault(self.code, **self.details)


def fault(code: str, /, **details: object) -> Fault:
    """A `Fault` of the catalogue. Raises KeyError for a code the catalogue does not know:
    an unlisted code is a defect of ours, not of the caller."""
    return Fault(code, FAULTS[code].status, dict(details))


class _Blanks(dict[str, object]):
    """A missing detail must not turn one error into another while the message is written."""

    def __missing__(self, key: str) -> str:
        return "…"


def message(
    code: str, locale: str = DEFAULT_LOCALE, details: Mapping[str, object] | None = None
) -> str:
    """The sentence for a person, in Chinese (`zh_CN`, also for any unknown locale) or English
    (`en`). Lists are joined; a detail that is itself a catalogue code is spelled out in the same
    language. Never raises: an unknown code is returned as it is."""
    spec = FAULTS.get(code)
    if spec is None:
        return code
    english = locale.startswith("en")
    known = details or {}
    shown = _Blanks({key: _shown(value, locale, known) for key, value in known.items()})
    return (spec.en if english else spec.zh).format_map(shown)


def _shown(value: object, locale: str, details: Mapping[str, object]) -> object:
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        separator = ", " if locale.startswith("en") else "、"
        told = [str(_shown(part, locale, {})) for part in parts]
        return separator.join(dict.fromkeys(told))  # two photos of one sheet are said once
    if isinstance(value, str) and value in FAULTS:
        rest = {key: other for key, other in details.items() if other != value}
        return message(value, locale, rest).rstrip("。.")
    if isinstance(value, str):
        return _name_of_entity(value, locale)
    return value


_ENTITIES = {
    "photo": ("照片", "a photo"),
    "signature": ("签名", "a signature"),
    "checkin": ("到场登记", "a check-in"),
}


def _name_of_entity(value: str, locale: str) -> str:
    """``answer:tr/PAX-03`` is ``PAX-03`` to a person, ``photo:…`` a photo; other texts stay."""
    kind, colon, rest = value.partition(":")
    if colon and kind == "answer" and "/" in rest:
        return rest.partition("/")[2]
    if colon and rest and kind in _ENTITIES:
        return _ENTITIES[kind][locale.startswith("en")]
    return value

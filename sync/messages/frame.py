"""Strict reading of one JSON object: each field is asked for by name and type, and what nobody
asked for is refused. The caller is told the path of the first offence."""

import re
from collections.abc import Mapping
from typing import Final

from domain.errors import fault
from sync.canonical import MAX_SAFE_INTEGER, Plain, check_plain, parse_plain, parse_string

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_HEAD: Final = re.compile(r"[\x20-\x7e]{1,36}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Frame:
    """One object being read. Raises ``request.wrong_type``, ``request.missing_field`` or, from
    ``close``, ``request.unknown_field``, each with the field's path. ``is_clean``: every text in it
    is known to be clean (``canonical.dump_clean``) and is not looked at again."""

    __slots__ = ("_asked", "_path", "_value", "is_clean")

    def __init__(self, value: object, path: str = "", *, is_clean: bool = False) -> None:
        if not isinstance(value, (dict, Mapping)):
            raise fault("request.wrong_type", field=path or "body")
        self._value = value
        self._path = path
        self._asked: set[str] = set()
        self.is_clean = is_clean

    def at(self, name: str) -> str:
        """The path of a field, for messages."""
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        """Whether the field is there and not null; counts as asked for."""
        self._asked.add(name)
        return self._value.get(name) is not None

    def knows(self, name: str) -> bool:
        """Whether the field is there, null too; counts as asked for."""
        self._asked.add(name)
        return name in self._value

    def raw(self, name: str) -> object:
        """The field as it came; ``request.missing_field`` when absent or null."""
        self._asked.add(name)
        value = self._value.get(name)
        if value is None:
            raise fault("request.missing_field", field=self.at(name))
        return value

    def text(self, name: str, max_length: int = 200) -> str:
        """NFC text of 1 to ``max_length`` characters."""
        text = self.raw(name)
        if not self.is_clean or type(text) is not str:
            text = parse_string(text, self._path, name)
        if not 0 < len(text) <= max_length:
            raise fault("request.wrong_type", field=self.at(name))
        return text

    def text_or_none(self, name: str, max_length: int = 200) -> str | None:
        """The same, None when absent, null or empty."""
        self._asked.add(name)
        return self.text(name, max_length) if self._value.get(name) else None

    def integer(self, name: str, least: int = 0) -> int:
        """A whole number from ``least`` up to what JavaScript counts exactly."""
        value = self.raw(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise fault("request.wrong_type", field=self.at(name))
        if not least <= value <= MAX_SAFE_INTEGER:
            raise fault("request.wrong_type", field=self.at(name))
        return value

    def number_or_none(self, name: str) -> float | None:
        """Milliseconds of a phone's monotone clock: the one place where a fraction may stand."""
        if not self.has(name):
            return None
        value = self.raw(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise fault("request.wrong_type", field=self.at(name))
        return float(value)

    def sha256(self, name: str) -> str:
        return self._matching(name, _SHA256)

    def uuid(self, name: str) -> str:
        return self._matching(name, _UUID)

    def _matching(self, name: str, form: re.Pattern[str]) -> str:
        value = self.raw(name)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise fault("request.wrong_type", field=self.at(name))
        return value

    def items(self, name: str, max_count: int) -> list[object]:
        value = self.raw(name)
        if not isinstance(value, list) or len(value) > max_count:
            raise fault("request.wrong_type", field=self.at(name))
        return value

    def uuids(self, name: str, max_count: int = 100) -> tuple[str, ...]:
        """Operation ids; empty when absent."""
        if not self.has(name):
            return ()
        found = self.items(name, max_count)
        if not all(isinstance(one, str) and _UUID.fullmatch(one) for one in found):
            raise fault("request.wrong_type", field=self.at(name))
        return tuple(str(one) for one in found)

    def heads(self, name: str) -> dict[str, str | None]:
        """Field → operation id or null; empty when absent."""
        if not self.has(name):
            return {}
        return parse_heads(self._value[name], self.at(name), is_clean=self.is_clean)

    def plain(self, name: str) -> dict[str, Plain]:
        """An object without fractions; empty when absent."""
        if not self.has(name):
            return {}
        value = self._value[name]
        if self.is_clean:
            check_plain(value, self.at(name))
        else:
            value = parse_plain(value, self.at(name))
        if not isinstance(value, dict):
            raise fault("request.wrong_type", field=self.at(name))
        return value

    def close(self) -> None:
        """Refuses what nobody asked for."""
        if not self._value.keys() <= self._asked:
            unknown = sorted(str(name) for name in self._value if name not in self._asked)
            raise fault("request.unknown_field", field=self.at(unknown[0]))


def parse_heads(value: object, path: str, *, is_clean: bool = False) -> dict[str, str | None]:
    """Field → operation id or null, else ``request.wrong_type``. ``is_clean`` as for a frame."""
    if not isinstance(value, (dict, Mapping)) or len(value) > 64:
        raise fault("request.wrong_type", field=path)
    for head in value.values():
        if head is not None and not (isinstance(head, str) and _HEAD.fullmatch(head)):
            raise fault("request.wrong_type", field=path)
    if is_clean:
        return dict(value)
    return {parse_string(name, path): head for name, head in value.items()}

"""Reads the pool of a record, strictly: whatever has another shape is named with its place
(docs/draw.md §7), nothing is guessed and nothing raises in the middle of a computation."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

from domain.draw_differences import Difference, What, is_number, shown
from domain.draw_pool import DrawRules, Officer, Pool, PoolFirm, build_pool
from domain.draw_versions import KNOWN, V1
from domain.sampling import WHOLE_TIER, RiskTier

Value = TypeVar("Value")
MAX_NUMBER: Final = 999_999_999
# Short plain decimals only: "1e-999999999" would keep whoever verifies busy for days.
_DECIMAL: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def read_pool(data: Mapping[str, Any]) -> Pool:
    """The pool as it was frozen, for whoever trusts its shape. Raises ValueError for another one
    and the faults of `build_pool`."""
    algorithm = data.get("algorithm", V1)
    if algorithm not in KNOWN:
        raise ValueError(f"unknown algorithm {algorithm!r}")
    reader = Reader()
    pool = reader.pool(data, algorithm)
    if reader.faults:
        raise ValueError(str(reader.faults[0]))
    return pool()


class Reader:
    """Walks the pool in the order of docs/draw.md §7 and gathers what is wrong in `faults`."""

    def __init__(self) -> None:
        self.faults: list[Difference] = []

    def pool(self, data: Any, algorithm: str) -> Callable[[], Pool]:
        """What builds the pool once `faults` was found empty."""
        is_first = algorithm == V1
        known = self._object(data, "pool")
        if not is_first:
            self._text_of(known, "algorithm", "pool")
        firms = [
            self._firm(one, f"pool.firms[{place}]")
            for place, one in enumerate(self._list(known, "firms", "pool"))
        ]
        officers = [
            self._officer(one, f"pool.officers[{place}]", is_first)
            for place, one in enumerate(self._list(known, "officers", "pool"))
        ]
        rules = self._rules(self._field(known, "rules", "pool"), is_first)
        self._field(known, "quotas", "pool")
        return lambda: build_pool(firms, officers, rules, algorithm)

    def text(self, value: Any, path: str) -> str:
        """A text without half a surrogate pair, which no two languages encode alike."""
        if isinstance(value, str) and not _HALF_PAIR.search(value):
            return value
        return self._wrong(value, path, "text", "")

    def _firm(self, data: Any, path: str) -> PoolFirm:
        known = self._object(data, path)
        return PoolFirm(
            self._text_of(known, "id", path),
            self._tier(self._field(known, "tier", path), f"{path}.tier"),
            self._text_or_none(known, "area", path),
        )

    def _officer(self, data: Any, path: str, is_first: bool) -> Officer:
        known = self._object(data, path)
        return Officer(
            self._text_of(known, "id", path),
            self._text_of(known, "department", path),
            self._texts(known, "labels", path),
            self._text_or_none(known, "area", path),
            self._texts(known, "recused_firms", path),
            0 if is_first else self._number(known, "load", path),
        )

    def _rules(self, data: Any, is_first: bool) -> DrawRules:
        path = "pool.rules"
        known = self._object(data, path)
        percent = self._decimal(self._field(known, "percent", path), f"{path}.percent")
        at_least = self._number(known, "at_least", path)
        multipliers = self._multipliers(self._field(known, "multipliers", path), is_first)
        departments = self._texts(known, "departments", path)
        per_department = self._number(known, "per_department", path)
        here = f"{path}.required_labels"
        labels = self._object(self._field(known, "required_labels", path), here)
        return DrawRules(
            percent=percent,
            departments=departments,
            per_department=per_department,
            required_labels={
                self.text(key, here): self.text(labels[key], f"{here}.{key}")
                for key in sorted(labels)
            },
            multipliers=multipliers,
            at_least=at_least,
        )

    def _multipliers(self, data: Any, is_first: bool) -> Mapping[RiskTier, Decimal]:
        path = "pool.rules.multipliers"
        known = self._object(data, path)
        found: dict[RiskTier, Decimal] = {}
        for tier in RiskTier:
            if is_first and tier not in known:
                continue  # the default of domain/sampling.py
            text = self._field(known, tier.value, path)
            whole = text == "whole"
            found[tier] = WHOLE_TIER if whole else self._decimal(text, f"{path}.{tier}")
        return found

    def _tier(self, value: Any, path: str) -> RiskTier | None:
        if value is None:
            return None
        if isinstance(value, str) and value in set(RiskTier):
            return RiskTier(value)
        self._wrong(value, path, "a tier or null", None)
        return None

    def _decimal(self, value: Any, path: str) -> Decimal:
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Decimal(value)
        return self._wrong(value, path, "a plain decimal", Decimal(1))

    def _number(self, known: Mapping[str, Any], name: str, path: str) -> int:
        value = self._field(known, name, path)
        if is_number(value) and 0 <= value <= MAX_NUMBER and value == int(value):
            return int(value)
        return self._wrong(value, f"{path}.{name}", "a whole number", 2)

    def _texts(self, known: Mapping[str, Any], name: str, path: str) -> tuple[str, ...]:
        return tuple(
            self.text(one, f"{path}.{name}[{place}]")
            for place, one in enumerate(self._list(known, name, path))
        )

    def _text_of(self, known: Mapping[str, Any], name: str, path: str) -> str:
        return self.text(self._field(known, name, path), f"{path}.{name}")

    def _text_or_none(self, known: Mapping[str, Any], name: str, path: str) -> str | None:
        value = self._field(known, name, path)
        return None if value is None else self.text(value, f"{path}.{name}")

    def _list(self, known: Mapping[str, Any], name: str, path: str) -> list[Any]:
        value = self._field(known, name, path)
        if isinstance(value, list):
            return value
        return self._wrong(value, f"{path}.{name}", "a list", [])

    def _object(self, value: Any, path: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self._wrong(value, path, "an object", None)
        return _NOTHING

    def _field(self, known: Mapping[str, Any], name: str, path: str) -> Any:
        if name not in known:
            if known is not _NOTHING:
                self.faults.append(Difference(f"{path}.{name}", What.MISSING))
            return _GONE
        return known[name]

    def _wrong(self, value: Any, path: str, wanted: str, instead: Value) -> Value:
        if value is not _GONE:
            self.faults.append(Difference(path, What.UNREADABLE, shown(value), wanted))
        return instead


# Stand for what was named already: nothing inside it is named again.
_GONE: Final = object()
_NOTHING: Final[Mapping[str, Any]] = {}

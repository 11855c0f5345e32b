"""The item list: what an item says, what it lacks, how many firms it asks for (R004–R007, R012).

Pure: values in, values out. The six fields are those of R005 (类别、对象、依据、主体、内容、方式).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from domain.checklists import METHODS
from domain.county_settings import read_setting
from domain.errors import fault

# In the order in which a list is printed.
SIX_FIELDS: Final = ("category", "objects", "basis", "bodies", "content", "methods")
FIELDS: Final = ("name", "kind", *SIX_FIELDS, "ratio_percent")
WIDTHS: Final = {"name": 200, "category": 120, "objects": 200, "bodies": 200}
KINDS: Final = {"重点": "key", "重点事项": "key", "一般": "general", "一般事项": "general"}
RATIO_SETTINGS: Final = {"general": "items.general_percent", "key": "items.key_percent"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is another in two versions of an item, in the order of ``FIELDS``."""

    field: str
    old: Any
    new: Any


def list_missing(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the six fields say nothing."""
    return tuple(name for name in SIX_FIELDS if not fields.get(name))


def compare_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Sequence[str] = FIELDS
) -> tuple[Difference, ...]:
    """What became another; a field one side never had counts as empty."""
    return tuple(
        Difference(name, old.get(name), new.get(name))
        for name in names
        if (old.get(name) or None) != (new.get(name) or None)
    )


def parse_ratio(text: str) -> str | None:
    """A percentage as typed (``5``, ``5%``, ``12.5 %``) in its shortest form, None for nothing.
    Raises ``sampling.percent``."""
    plain = text.strip().removesuffix("%").removesuffix("％").strip()
    if not plain:
        return None
    try:
        ratio = Decimal(plain)
    except InvalidOperation:
        raise fault("sampling.percent") from None
    if not ratio.is_finite() or not 0 < ratio <= 100 or ratio != round(ratio, 2):
        raise fault("sampling.percent")
    return f"{ratio.normalize():f}"


def ratio_of(kind: str, own: Decimal | None, settings: Mapping[str, object]) -> Decimal:
    """The item's own ratio in percent, else the county's for its kind (R007)."""
    if own is not None:
        return own
    return Decimal(str(read_setting(settings, RATIO_SETTINGS[kind])))


def parse_kind(text: str) -> str | None:
    """``key``, ``general`` (also for nothing said), None for other words."""
    word = text.strip()
    return "general" if not word else KINDS.get(word)


def parse_methods(text: str) -> tuple[str, ...] | None:
    """Codes of ``checklists.METHODS`` from a cell such as 实地核查、书面检查; None where a word is
    not known."""
    found = []
    for word in text.replace("；", "、").replace("，", "、").replace(",", "、").split("、"):
        if word := word.strip():
            if word not in METHODS:
                return None
            found.append(METHODS[word])
    return tuple(dict.fromkeys(found))

"""What a report says otherwise than the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """`ref` names the number or text; None where one of the two has none such."""

    ref: str
    old: str | None
    new: str | None

    @property
    def change(self) -> int | None:
        """By how much a number grew; None for texts."""
        try:
            return int(self.new or "") - int(self.old or "")
        except ValueError:
            return None


def compare_reports(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """Both as `ref` → text, in the order of the new one, what is gone at the end."""
    refs = [*new, *(one for one in old if one not in new)]
    return [
        Difference(ref, old.get(ref), new.get(ref)) for ref in refs if old.get(ref) != new.get(ref)
    ]

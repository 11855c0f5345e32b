"""报送资料: a department of a joint task hands materials and lessons to who leads it (R102)."""

from collections.abc import Mapping, Sequence
from typing import Final

MAX_WORDS: Final = 2000
MAX_REASON: Final = 500


def lead_of(initiators: Sequence[str], named: Mapping[str, int], home: int | None) -> int | None:
    """The department that leads a task: the first initiator that `named` knows (name, code or other
    spelling → id); the home department where the plan names none that takes part here."""
    return next((named[one] for one in initiators if one in named), home)

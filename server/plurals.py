"""English tells one from many where a text shows a number: ``{n} {n|photo|photos}``. Chinese does
not, so that its texts are written without."""

from __future__ import annotations

import re
from collections.abc import Mapping

CHOICE = re.compile(r"\{(\w+)\|([^{}|]*)\|([^{}|]*)\}")


def choose(text: str, values: Mapping[str, object]) -> str:
    """Each choice by the value of its name: the first word for 1, the second for any other."""
    return CHOICE.sub(lambda one: one[2] if str(values.get(one[1])) == "1" else one[3], text)

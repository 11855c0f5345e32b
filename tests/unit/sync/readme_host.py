"""The host that sync/README.md shows, taken out of the page as it stands there."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sync.rows import Row

README = Path(__file__).parents[3] / "sync" / "README.md"
SPACE = "insp:42"
ITEMS = ["A", "B", "PAX-01", "PAX-03"]


@cache
def load_readme() -> ModuleType:
    """All Python blocks of the page as one module."""
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    module = ModuleType("sync_readme")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile("\n".join(blocks), str(README), "exec"), module.__dict__)
    return module


def make_host(team: set[int] | None = None) -> Any:
    """One inspection with sheet ``tr``, open, and nothing answered."""
    readme = load_readme()
    space = readme.Inspection(SPACE, ITEMS, {8, 9} if team is None else team)
    sheet: dict[str, Any] = {
        "lists": [{"list": "l@1", "items": ITEMS}],
        "state": "open",
        "entered": None,
        "results": {},
    }
    space.write([Row("sheet", "sheet:tr", sheet), Row("inspection", "inspection:42")])
    return readme.Host(space)

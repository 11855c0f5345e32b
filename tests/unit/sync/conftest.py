"""The vectors both ends run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture
def vectors() -> Callable[[str], Any]:
    """Loads ``tests/vectors/<name>.json``."""
    return lambda name: json.loads((VECTORS / f"{name}.json").read_text())

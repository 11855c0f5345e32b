"""A folder of pictures, replaced as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE_MS = 60_000  # a busy machine draws the same pictures, only later


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill. It takes the other's place when the block ends; where that fails,
    the pictures of the last time stay as they were."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # beside it, not in /tmp: within one file system a folder is moved in one step
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as room:
        fresh = Path(room) / "fresh"
        fresh.mkdir()
        yield fresh
        if folder.exists():
            folder.rename(Path(room) / "old")
        fresh.rename(folder)

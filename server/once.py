"""Files that are made once and never again: keys. Whole or not at all, whoever starts meanwhile."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, content: bytes) -> bool:
    """Makes the file, readable by its owner only, with all of its content on disk; False and
    nothing done where it is already. Neither a second process that starts at this moment nor a
    power cut ever leaves or meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temp = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(temp)
        except FileExistsError:
            return False
        except OSError:  # a file system without links: a short race is left
            if path.exists():
                return False
            temp.rename(path)
        return True
    finally:
        temp.unlink(missing_ok=True)

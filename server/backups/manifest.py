"""``manifest.json``: what a backup is, and what must be in it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import fault

FORMAT = "suicha-backup/1"
NAME = "manifest.json"
DATABASE = "database.sqlite3"
PHOTOS = "photos"
SECRETS = "secrets"
TRAIL = "trail"
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` maps a path below the backup to its SHA-256 and size, photos left out: they are
    listed in the copy's own table and named by their hashes. ``marks``: device → the number up to
    which this backup covers it. ``photos_missing``: hashes the server itself no longer had."""

    id: str
    made_at: datetime
    product: str
    database: str
    schema: str
    epoch: str
    marks: dict[str, int]
    rows: dict[str, int]
    photos: int
    photo_bytes: int
    photos_missing: tuple[str, ...] = ()
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def dump(self) -> str:
        plain = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_manifest(backup: Path) -> Manifest:
    """Raises ``backup.unreadable`` for a folder that is none of ours."""
    try:
        plain = json.loads((backup / NAME).read_text(encoding="utf-8"))
        if plain.pop("format") != FORMAT:
            raise ValueError
        plain["made_at"] = datetime.fromisoformat(plain["made_at"])
        plain["photos_missing"] = tuple(plain["photos_missing"])
        for wanted in plain["files"].values():
            if not isinstance(wanted["sha256"], str):
                raise ValueError
        return Manifest(**plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise fault("backup.unreadable", path=str(backup)) from error


def product_version() -> str:
    """The version in ``pyproject.toml``."""
    return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])

"""A backup somebody has meddled with: what is not on its list or lies elsewhere is not restored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from server.backups.manifest import NAME
from server.backups.service import check_backup
from server.fieldsync.files.storage import hash_file
from tests.integration.backups.conftest import Backup, back_up, quiet, root

__all__ = ["back_up", "root"]


def list_file(backup: Path, name: str) -> None:
    """Puts a file on the list, with its true hash."""
    path = backup / NAME
    said: dict[str, Any] = json.loads(path.read_text())
    said["files"][name] = {"sha256": hash_file(backup / name), "bytes": 1}
    path.write_text(json.dumps(said))


def test_key_that_is_not_on_the_list_or_lies_elsewhere_makes_a_backup_no_backup(
    back_up: Backup, tmp_path: Path
) -> None:
    path = back_up().path
    assert check_backup(path, quiet)[1] == []
    added = path / "secrets" / "custody_ed25519.pem"
    added.write_text("a key of somebody else's")
    assert check_backup(path, quiet)[1] == [f"secrets/{added.name}: not on the list of files"]
    added.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not ours")
    (path / "secrets" / "linked").symlink_to(elsewhere)
    list_file(path, "secrets/linked")
    assert check_backup(path, quiet)[1] == ["secrets/linked: lies outside the backup"]
    (path / "secrets" / "linked").unlink()
    (path.parent / "beside").write_text("not ours")
    said = json.loads((path / NAME).read_text())
    del said["files"]["secrets/linked"]
    (path / NAME).write_text(json.dumps(said))
    list_file(path, "../beside")
    assert check_backup(path, quiet)[1] == ["../beside: lies outside the backup"]

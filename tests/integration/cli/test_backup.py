"""``suicha backup``: what it answers, and what an operator is told when it cannot be trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli.home_lock import holding_home
from tests.integration.cli.conftest import Run, run_here, run_process


@pytest.mark.proves("I20", "F29")
def test_backup_is_made_listed_verified_and_pruned(run_ready: Run, tmp_path: Path) -> None:
    root = tmp_path / "backups"
    first = run_ready("backup", str(root), "--json")
    assert first.code == 0, first.err
    assert "复制数据库" in first.err and "核对台账" in first.err
    made = Path(first.document["backup"])
    assert made.parent == root and first.document["rows"]["inspections"] > 0
    found = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert {"database.sqlite3", "manifest.json"} <= found
    assert {f"secrets/{n}" for n in ("secret_key", "vapid_private.pem")} <= found
    assert run_ready("backup", "verify", str(made)).out == f"备份完好：{made}\n"
    second = run_ready("backup", "make", str(root), "--keep", "1", "--json")
    assert second.document["removed"] == [made.name] and not made.exists()


def test_damaged_backup_is_refused_by_name_and_a_strange_folder_by_code(
    run_ready: Run, tmp_path: Path
) -> None:
    made = Path(run_ready("backup", str(tmp_path / "b"), "--json").document["backup"])
    database = made / "database.sqlite3"
    content = bytearray(database.read_bytes())
    content[5000] ^= 255
    database.write_bytes(content)
    checked = run_ready("backup", "verify", str(made))
    assert checked.code == 1 and checked.out.startswith("database.sqlite3: damaged")
    assert "请换一份" in checked.err
    manifest = made / "manifest.json"
    told = json.loads(manifest.read_text())
    told["files"]["database.sqlite3"].pop("sha256")
    manifest.write_text(json.dumps(told))
    for folder in (tmp_path, made):
        refused = run_ready("backup", "verify", str(folder))
        assert (refused.code, refused.err.split(":")[0]) == (2, "backup.unreadable")


def test_backup_in_a_process_of_its_own(ready_home: Path, tmp_path: Path) -> None:
    done = run_process(ready_home, "backup", str(tmp_path / "b"), LANG="C.UTF-8")
    assert done.code == 0, done.err
    assert done.out.startswith("Backed up and verified: ")


@pytest.mark.proves("I16", "F29")
def test_backup_becomes_an_installation_on_an_empty_machine(run_ready: Run, tmp_path: Path) -> None:
    made = run_ready("backup", str(tmp_path / "b"), "--json").document["backup"]
    other = tmp_path / "other"
    done = run_here(other, "restore", made, "--json")
    assert done.code == 0, done.err
    assert done.document["problems"] == [] and done.document["epoch"].startswith("ep_")
    users = run_here(other, "users", "list", "--json").document["users"]
    assert "jiancha1" in {one["account"] for one in users}
    assert run_here(other, "ledger", "verify").code == 0
    again = run_here(other, "restore", made)
    assert again.code == 2 and "\nrestore.not_empty: " in again.err
    replaced = run_here(other, "restore", made, "--replace")
    assert replaced.code == 0 and "下一步：运行 suicha run" in replaced.out
    assert list(other.glob("suicha.sqlite3.before-*"))


def test_restore_waits_for_nobody_who_uses_the_installation(
    run_ready: Run, ready_home: Path, tmp_path: Path
) -> None:
    made = run_ready("backup", str(tmp_path / "b"), "--json").document["backup"]
    with holding_home(tmp_path / "ready"):  # as a running server does
        refused = run_ready("restore", made, "--replace")
    assert refused.code == 2 and refused.err.startswith("restore.running: ")
    assert "没有改动任何数据" in refused.err

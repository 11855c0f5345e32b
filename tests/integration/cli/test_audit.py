"""``suicha audit``: a copy of the database in which one byte was changed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.integration.cli.conftest import Run

MARK = "回避关系，改派他人"


def test_one_changed_byte_in_a_copy_is_found_and_its_entry_named(
    run_ready: Run, tmp_path: Path
) -> None:
    source = sqlite3.connect(tmp_path / "ready" / "suicha.sqlite3")
    source.execute(
        "INSERT INTO audit_events (jurisdiction_id, at, action, target, details) "
        "SELECT id, '2026-03-04 01:00:00.000000', 'change.approved', 'change:BG1', ? "
        "FROM jurisdictions",
        (json.dumps({"reason": MARK}, ensure_ascii=False),),
    )
    source.commit()
    (event,) = source.execute("SELECT max(id) FROM audit_events").fetchone()
    made = run_ready("audit", "root", "--json")
    assert made.code == 0 and made.document["roots"][0]["root"]["size"] == event
    whole = tmp_path / "copy.sqlite3"
    source.execute("VACUUM INTO ?", (str(whole),))
    source.close()

    told = run_ready("audit", "verify", "--database-copy", str(whole), "--json")
    assert (told.code, told.document["problems"]) == (0, [])
    assert told.document["checked"]["entries"] == event
    data, mark = whole.read_bytes(), MARK.encode()
    assert data.count(mark) == 1
    at = data.index(mark)
    changed = tmp_path / "changed.sqlite3"
    # another letter, no UTF-8 at all, the last byte
    for offset, bit in ((1, 0x01), (1, 0x40), (len(mark) - 1, 0x01)):
        forged = bytearray(data)
        forged[at + offset] ^= bit
        changed.write_bytes(forged)
        told = run_ready("audit", "verify", "--database-copy", str(changed), "--json")
        (problem,) = told.document["problems"]
        assert (told.code, problem["code"], problem["event"]) == (1, "entry.changed", event)
    forged = bytearray(data)
    forged[at : at + len(mark)] = "利害关系，改派他人".encode()
    changed.write_bytes(forged)
    told = run_ready("audit", "verify", "--database-copy", str(changed), "--json")
    differs = told.document["problems"][0]["more"]["differs"]
    assert differs == {"details": [{"reason": "利害关系，改派他人"}, {"reason": MARK}]}
    line = run_ready("audit", "verify", "--database-copy", str(changed)).out
    assert f"记录编号 {event}" in line and "entry.changed" in line
    assert run_ready("audit", "verify", "--json").document["equal"] is True


def test_who_kept_a_root_and_the_hashes_needs_no_installation(
    run_ready: Run, tmp_path: Path
) -> None:
    def write(reason: str) -> None:
        source.execute(
            "INSERT INTO audit_events (jurisdiction_id, at, action, target, details) SELECT id, "
            "strftime('%Y-%m-%d %H:%M:%f000', 'now'), 'x.done', '', ? FROM jurisdictions",
            (json.dumps({"reason": reason}),),
        )
        source.commit()

    source = sqlite3.connect(tmp_path / "ready" / "suicha.sqlite3")
    write("one")
    kept = run_ready("audit", "root", "--json").document["roots"][0]
    since, leaves = tmp_path / "root.json", tmp_path / "kept.leaves"
    since.write_text(json.dumps(kept), encoding="utf-8")
    write("two")
    assert run_ready("audit", "root").code == 0
    (own,) = (tmp_path / "ready" / "trail").glob("*.leaves")
    leaves.write_bytes(own.read_bytes())
    size = kept["root"]["size"]
    told = run_ready("audit", "verify", "--since", str(since))
    assert told.code == 0 and f"自 {size} 条的那份摘要以来，留痕只有增加" in told.out
    own.unlink()
    # the newest entry and its hash, both rewritten by who owns the file
    source.executescript("DROP TRIGGER audit_events_update; DROP TRIGGER audit_leaves_update;")
    source.execute("UPDATE audit_events SET action = 'y.done' WHERE id = ?", (size,))
    source.execute(
        "UPDATE audit_leaves SET hash = replace(replace(hash, 'a', 'b'), '1', '2') "
        "WHERE event_id = ?",
        (size,),
    )
    source.commit()
    copy = str(tmp_path / "copy.sqlite3")
    source.execute("VACUUM INTO ?", (copy,))
    source.close()
    lost = run_ready("audit", "verify", "--database-copy", copy, "--since", str(since), "--json")
    codes = {one["code"] for one in lost.document["problems"]}
    assert lost.code == 1 and {"root.differs", "since.not_consistent"} <= codes
    found = run_ready("audit", "verify", "--database-copy", copy, "--leaves", str(leaves), "--json")
    (problem,) = found.document["problems"]
    assert (problem["code"], problem["event"]) == ("entry.changed", size)
    since.write_text(json.dumps({"root": {}}), encoding="utf-8")
    told = run_ready("audit", "verify", "--since", str(since))
    assert (told.code, told.err.split(":")[0]) == (2, "request.not_json")


def test_what_is_no_copy_and_no_list_of_roots_is_refused(run_ready: Run, tmp_path: Path) -> None:
    paper = tmp_path / "paper.json"
    paper.write_text("{}", encoding="utf-8")
    for place in (str(paper), str(tmp_path / "none.sqlite3"), "nothing://here"):
        told = run_ready("audit", "verify", "--database-copy", place)
        assert (told.code, told.err.split(":")[0]) == (2, "audit.no_copy"), place
    told = run_ready("audit", "verify", "--roots", str(paper))
    assert (told.code, told.err.split(":")[0]) == (2, "request.not_json")
    told = run_ready("audit", "check", str(paper))
    assert told.code == 1 and "proof.wrong_shape" in told.out

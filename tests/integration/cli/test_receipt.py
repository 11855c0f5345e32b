"""``suicha receipt`` says whether a paper is worth trusting."""

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.cli.conftest import Run


def test_receipt_is_issued_verified_and_refused_once_it_was_changed(
    run_ready: Run, tmp_path: Path
) -> None:
    people = run_ready("users", "list", "--json").document["users"]
    issued = next(
        found
        for account in (one["account"] for one in people if "inspector" in one["roles"])
        if (found := run_ready("receipt", "issue", "insp:1", "--account", account)).code == 0
    )
    paper, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    paper.write_text(issued.out, encoding="utf-8")
    keys.write_text(run_ready("receipt", "keys").out, encoding="utf-8")
    for options in ((), ("--keys", str(keys))):
        told = run_ready("receipt", "verify", str(paper), "--json", *options)
        assert (told.code, told.document["valid"]) == (0, True)
    document = json.loads(issued.out)
    document["receipt"]["is_complete"] = False
    paper.write_text(json.dumps(document), encoding="utf-8")
    told = run_ready("receipt", "verify", str(paper), "--json")
    assert (told.code, told.document["problems"]) == (1, ["custody.bad_signature"])
    paper.write_text("no receipt", encoding="utf-8")
    assert run_ready("receipt", "verify", str(paper)).code == 2
    paper.write_text("{}", encoding="utf-8")
    assert run_ready("receipt", "verify", str(paper), "--keys", str(keys)).code == 1
    assert run_ready("receipt", "verify", str(paper), "--keys", str(paper)).code == 2

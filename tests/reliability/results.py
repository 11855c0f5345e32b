"""Joins the marks with what really ran: a proof counts when its test passed in every case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.reliability.proofs import Proof
from tests.reliability.protocol import ROOT


class ProofsDiffer(Exception):
    """What ran does not fit the marks; the text says where."""


def keep_passed(proofs: Iterable[Proof], python: Path, typescript: Path) -> list[Proof]:
    """The proofs whose tests ran and passed. Raises ProofsDiffer when a marked test failed, or
    carries a mark this tree's reader does not see."""
    ran = json.loads(python.read_text())
    if ran["failed"]:
        raise ProofsDiffer(f"failed or skipped: {', '.join(ran['failed'])}")
    proofs = list(proofs)
    known = {(proof.file, proof.name) for proof in proofs}
    unseen = [node for node in ran["marked"] if not any(key in known for key in _keys(node))]
    if unseen:
        raise ProofsDiffer(f"marks in a form that cannot be read: {', '.join(unseen)}")
    passed = {key for node in ran["passed"] for key in _keys(node)}
    titles = _titles(json.loads(typescript.read_text()))
    return [
        proof
        for proof in proofs
        if (proof.file, proof.name) in passed
        or any(file == proof.file and _is_title(proof.name, title) for file, title in titles)
    ]


def _is_title(name: str, title: str) -> bool:
    """Whether Vitest reports the test ``name`` as ``title``: ``%s`` of a table is filled in."""
    pattern = "(.+?)".join(re.escape(part) for part in re.split(r"%[sdifjo#]", name))
    return re.fullmatch(pattern, title) is not None


def _keys(node: str) -> list[tuple[str, str]]:
    """``file::Class::test[case]`` → (file, Class), (file, test)."""
    file, *names = node.partition("[")[0].split("::")
    return [(file, name) for name in names]


def _titles(document: dict[str, Any]) -> set[tuple[str, str]]:
    """(file, title) of the Vitest tests that passed; a failed one raises."""
    passed = set()
    for one in document["testResults"]:
        file = str(Path(one["name"]).resolve().relative_to(ROOT))
        for test in one["assertionResults"]:
            if test["status"] == "failed":
                raise ProofsDiffer(f"failed: {file}: {test['title']}")
            if test["status"] == "passed":
                passed.add((file, test["title"]))
    return passed

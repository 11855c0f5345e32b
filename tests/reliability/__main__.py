"""``python -m tests.reliability``: writes docs/reliability.md and the list of what is missing.

Exit 1 when a marked test failed or did not fit. ``--marks-only`` believes the marks without a run:
for looking at the page while writing tests, not for publishing it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.reliability.matrix import build_matrix, list_pairs, read_data, write_missing
from tests.reliability.page import PAGE, render_page
from tests.reliability.proofs import list_proofs
from tests.reliability.protocol import ROOT
from tests.reliability.results import ProofsDiffer, keep_passed

RUN = ROOT / "test-results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.reliability", description=__doc__)
    parser.add_argument("--proofs", type=Path, default=RUN / "proofs.json")
    parser.add_argument("--vitest", type=Path, default=RUN / "vitest.json")
    parser.add_argument("--marks-only", action="store_true")
    chosen = parser.parse_args()
    proofs = list(list_proofs())
    if not chosen.marks_only:
        try:
            proofs = keep_passed(proofs, chosen.proofs, chosen.vitest)
        except ProofsDiffer as error:
            print(error, file=sys.stderr)
            return 1
    data = read_data()
    write_missing(build_matrix(proofs, data))
    matrix = build_matrix(proofs, read_data())
    PAGE.write_text(render_page(matrix, render_soak()), encoding="utf-8")
    for row, column in list_pairs():
        if matrix[row, column].proofs and (row, column) in data.reasons:
            names = ", ".join(proof.name for proof in matrix[row, column].proofs)
            print(f"{row} × {column} is said not to touch, but shown by {names}")
    return 0


def render_soak() -> str:
    """The section about the last soak that was published; nothing before there is one."""
    try:
        from tests.soak.report import render_published
    except ImportError:
        return ""
    return render_published()


if __name__ == "__main__":
    sys.exit(main())

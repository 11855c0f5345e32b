"""Writes docs/reliability.md: a grid to see the whole, a table per invariant to follow it up."""

from __future__ import annotations

from collections import Counter

from tests.reliability.matrix import Cell
from tests.reliability.proofs import Pair, Proof
from tests.reliability.protocol import ROOT, read_faults, read_invariants

PAGE = ROOT / "docs" / "reliability.md"
SHOWN = 3  # tests named in a cell; the rest is counted
HEAD = """\
# What is proven, and under which fault

Written by `make reliability` from the tests that ran; not to be edited. The invariants I1–I28 and
the faults F1–F37 are those of [protocol.md](protocol.md) parts 11 and 12. A test says what it shows
with a mark (`@pytest.mark.proves("I2 I21", "F4 F5")`, in TypeScript a title ending in
`[I25 × F12 F13]`); a pair without a test has the reason why the two cannot touch, or stands as
missing. Reasons are in `tests/reliability/untouched.toml`.
"""


def render_page(matrix: dict[Pair, Cell], soak: str) -> str:
    """The whole page. ``soak`` is the section about the last published soak, or nothing."""
    parts = [HEAD, _render_count(matrix), _render_grid(matrix), soak, _render_faults()]
    parts += [_render_invariant(row, words, matrix) for row, words in read_invariants().items()]
    return "\n".join(part for part in parts if part)


def _render_count(matrix: dict[Pair, Cell]) -> str:
    signs = Counter(cell.sign for cell in matrix.values())
    tests = {(proof.file, proof.name) for cell in matrix.values() for proof in cell.proofs}
    return (
        f"**{len(matrix)} pairs: {signs['●']} shown by {len(tests)} tests (●), {signs['○']} cannot "
        f"touch (○), {signs['✕']} have no test yet (✕).**\n"
    )


def _render_grid(matrix: dict[Pair, Cell]) -> str:
    columns = [name for group in read_faults().values() for name in group]
    numbers = "".join(f"{name[1:]:>3}" for name in columns)
    lines = [f"F  {numbers}"]
    for row in read_invariants():
        signs = "".join(f"  {matrix[row, column].sign}" for column in columns)
        lines.append(f"{row:<3}{signs}")
    return "## The whole\n\n```text\n" + "\n".join(lines) + "\n```\n"


def _render_faults() -> str:
    lines = ["## The faults\n"]
    for group, faults in read_faults().items():
        named = " · ".join(f"**{name}** {words}" for name, words in faults.items())
        lines.append(f"{group}: {named}.\n")
    return "\n".join(lines)


def _render_invariant(row: str, words: str, matrix: dict[Pair, Cell]) -> str:
    lines = [f"## {row}\n", f"{words}\n", "| faults | | shown by, or why not |", "|---|---|---|"]
    for group, faults in read_faults().items():
        merged: dict[tuple[str, str], list[str]] = {}
        for fault in faults:
            cell = matrix[row, fault]
            merged.setdefault((cell.sign, _render_cell(cell)), []).append(fault)
        for (sign, text), names in merged.items():
            lines.append(f"| {group}: {' '.join(names)} | {sign} | {text} |")
    return "\n".join(lines) + "\n"


def _render_cell(cell: Cell) -> str:
    if not cell.proofs:
        return cell.reason or "no test yet"
    links = [_link(proof) for proof in cell.proofs[:SHOWN]]
    count = len(cell.proofs)
    if count <= SHOWN:
        return ", ".join(links)
    return f"{count} tests: {', '.join(links)} …"


def _link(proof: Proof) -> str:
    name = proof.name.partition(" [")[0] if proof.file.endswith(".ts") else proof.name
    return f"[{name.replace('|', '/')}](../{proof.file})"

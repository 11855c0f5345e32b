"""The matrix: for each pair of invariant and fault its tests, the reason why the two cannot
touch, or that a test is missing. Reasons and what is missing are in ``untouched.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.proofs import Pair, Proof
from tests.reliability.protocol import read_faults, read_invariants

DATA = Path(__file__).parent / "untouched.toml"
MISSING = "\n[missing]\n"


@dataclass(frozen=True, slots=True)
class Cell:
    """Exactly one of the three is set in a matrix without holes."""

    proofs: tuple[Proof, ...] = ()
    reason: str = ""
    is_missing: bool = False

    @property
    def sign(self) -> str:
        """● shown by a test, ○ cannot touch, ✕ no test yet, ? a hole."""
        if self.proofs:
            return "●"
        return "○" if self.reason else "✕" if self.is_missing else "?"


@dataclass(frozen=True, slots=True)
class Data:
    """What ``untouched.toml`` says: reasons by pair, pairs without a test, pairs told twice."""

    reasons: dict[Pair, str]
    missing: frozenset[Pair]
    twice: list[str] = field(default_factory=list)


def read_data(text: str | None = None) -> Data:
    """Raises ValueError for an invariant or fault that does not exist."""
    document = tomllib.loads(DATA.read_text(encoding="utf-8") if text is None else text)
    reasons: dict[Pair, str] = {}
    twice = []
    for rule in document["cannot_touch"]:
        for row in expand(rule["invariants"]):
            for column in expand(rule["faults"]):
                if (row, column) in reasons:
                    twice.append(f"{row} × {column}")
                reasons[row, column] = rule["reason"]
    missing = {(r, c) for r, columns in document["missing"].items() for c in expand(columns)}
    known = set(list_pairs())
    unknown = (reasons.keys() | missing) - known
    if unknown:
        raise ValueError(f"no such pair: {sorted(unknown)}")
    twice += [f"{row} × {column}" for row, column in sorted(missing & reasons.keys())]
    return Data(reasons, frozenset(missing), twice)


def expand(words: str) -> list[str]:
    """``"F1-F3 F7"`` → F1, F2, F3, F7."""
    found: list[str] = []
    for word in words.split():
        ends = re.fullmatch(r"([IF])(\d+)(?:-\1(\d+))?", word)
        if ends is None:
            raise ValueError(f"neither invariant nor fault: {word}")
        first, last = int(ends[2]), int(ends[3] or ends[2])
        found += [f"{ends[1]}{n}" for n in range(first, last + 1)]
    return found


def list_pairs() -> list[Pair]:
    """All 28 × 37."""
    faults = [name for group in read_faults().values() for name in group]
    return [(row, column) for row in read_invariants() for column in faults]


def build_matrix(proofs: Iterable[Proof], data: Data) -> dict[Pair, Cell]:
    """Tests win over reasons: what is shown needs no argument."""
    shown: dict[Pair, list[Proof]] = {}
    for proof in proofs:
        for pair in proof.pairs:
            shown.setdefault(pair, []).append(proof)
    return {
        pair: Cell(tuple(shown.get(pair, ())), data.reasons.get(pair, ""), pair in data.missing)
        for pair in list_pairs()
    }


def write_missing(matrix: dict[Pair, Cell]) -> None:
    """Writes the section ``[missing]`` of the data file anew: every pair neither shown nor argued
    away. It ends the file, so nothing else is touched."""
    head, mark, _ = DATA.read_text(encoding="utf-8").partition(MISSING)
    rows: dict[str, list[str]] = {}
    for (row, column), cell in matrix.items():
        if not cell.proofs and not cell.reason:
            rows.setdefault(row, []).append(column)
    lines = [f'{row} = "{" ".join(columns)}"' for row, columns in rows.items()]
    DATA.write_text(head + (mark or MISSING) + "\n".join(lines) + "\n", encoding="utf-8")

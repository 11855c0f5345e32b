"""Finds the tests that say what they show, in both languages, without running them.

Python: ``@pytest.mark.proves("I2 I21", "F4 F5")`` on a function, a class, a parameter set or a
module. TypeScript: a title that ends in ``[I25 I26 × F12 F13]``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.reliability.protocol import ROOT

TITLE = re.compile(r"(['\"`])((?:(?!\1)[^\n])*?)((?: \[[^\]\n]*×[^\]\n]*\])+)\1\s*,")
CLAIM = re.compile(r"\[([^\]×]*)×([^\]]*)\]")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """One test and the pairs (invariant, fault) it shows. ``file`` is relative to the root."""

    file: str
    name: str
    pairs: frozenset[Pair]


@cache
def list_proofs() -> tuple[Proof, ...]:
    """Every marked test of the tree. Raises ValueError for a mark that cannot be read."""
    found: list[Proof] = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "mark.proves" in source and path.parent.name != "reliability":
            found += read_python(source, str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "tests").rglob("*.test.ts")):
        found += read_typescript(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    return tuple(found)


def read_python(source: str, file: str) -> list[Proof]:
    """The marked tests of one Python file."""
    tree = ast.parse(source)
    whole = frozenset().union(*(_claims(n, file) for n in tree.body if _assigns(n, "pytestmark")))
    found: dict[str, frozenset[Pair]] = {}
    for node in tree.body:
        found |= dict(_of_node(node, whole, file))
    return [Proof(file, name, pairs) for name, pairs in found.items() if pairs]


def _of_node(
    node: ast.stmt, more: frozenset[Pair], file: str
) -> Iterator[tuple[str, frozenset[Pair]]]:
    if isinstance(node, ast.ClassDef):
        own = more.union(*(_claims(one, file) for one in node.decorator_list))
        for inner in node.body:
            yield from _of_node(inner, own, file)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        if node.name.startswith("test"):
            yield node.name, more.union(*(_claims(one, file) for one in node.decorator_list))
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("Test"):
        # TestMachine = pytest.mark.proves("I1", "F1")(Machine.TestCase)
        yield ast.unparse(node.targets[0]), more | _claims(node.value, file)


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name


def _claims(node: ast.AST, file: str) -> frozenset[Pair]:
    pairs: frozenset[Pair] = frozenset()
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.proves":
            words = [one.value for one in call.args if isinstance(one, ast.Constant)]
            if len(words) != 2 or len(call.args) != 2 or call.keywords:
                raise ValueError(f"{file}:{call.lineno}: proves takes two literal strings")
            pairs |= read_claim(str(words[0]), str(words[1]), f"{file}:{call.lineno}")
    return pairs


def read_claim(invariants: str, faults: str, where: str) -> frozenset[Pair]:
    """``"I2 I21", "F4 F5"`` → four pairs. Raises ValueError for anything else."""
    rows, columns = invariants.split(), faults.split()
    known = all(re.fullmatch(r"I([1-9]|1\d|2[0-8])", one) for one in rows) and all(
        re.fullmatch(r"F([1-9]|[12]\d|3[0-7])", one) for one in columns
    )
    if not rows or not columns or not known:
        raise ValueError(f"{where}: proves({invariants!r}, {faults!r}) names no pair")
    return frozenset((row, column) for row in rows for column in columns)


def read_typescript(source: str, file: str) -> list[Proof]:
    """The marked tests of one TypeScript file; a title may make several claims at its end."""
    found = []
    for match in TITLE.finditer(source):
        claims = CLAIM.findall(match[3])
        pairs: frozenset[Pair] = frozenset().union(
            *(read_claim(rows, columns, f"{file}: {match[2]}") for rows, columns in claims)
        )
        found.append(Proof(file, f"{match[2]}{match[3]}", pairs))
    return found

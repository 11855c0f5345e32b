"""The fence: domain ← sync ← server, subjects through their services, one place that wires."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SUBJECTS = {
    "accounts", "registry", "planning", "draws", "inspections", "fieldsync", "results",
    "deadlines", "audit", "custody", "devices", "documents", "exchange", "filling",
    "organisation", "phrases", "publication", "settings", "followup", "archive",
    "clues", "telling", "disclosure", "jobs", "statistics", "reports", "notifications",
    "backups", "corrections", "training",
}  # fmt: skip
# Who may read another subject's tables, and why (docs/decisions/0003): files, no folders.
OVERVIEWS = {
    "backups/marks.py": "a backup's mark names each county's phones, before any service can run",
    "backups/restoring.py": "phones and sessions are cut off in the restored file, not in the app",
    "clues/overview.py": "a line of the list names firm and department",
    "corrections/origins.py": "a correction that came from a phone is known by its proposal",
    "deadlines/facts/clues_overview.py": "the clocks of all clues in plain columns",
    "deadlines/facts/reports_overview.py": "the dates of the year's reports, for their events",
    "deadlines/facts/materials_overview.py": "who leads each task, by its plan",
    "deadlines/facts/telling_overview.py": "the tellings of 200,000 results in plain columns",
    "deadlines/facts/overview.py": "the terms of 200,000 sheets in plain columns",
    "deadlines/parts/counting.py": "the board counts 20,000 parts in the database",
    "deadlines/parts/grouping.py": "the same by officer, team, department and task",
    "deadlines/parts/listing.py": "the board pages in the database",
    "deadlines/parts/query.py": "whose part is met: sheet, visit and receipt in one query",
    "deadlines/parts/wanted.py": "a word is looked for in firms, tasks and officers at once",
    "devices/overview.py": "what a phone holds, of whom and of which visit",
    "followup/overview.py": "a line of the list names firm, task and department",
    "inspections/drawn_overview.py": "the firms drawn in a year, counted at once",
    "inspections/overview.py": "one line per sheet, of six subjects",
    "notifications/terms_overview.py": "what a reminder names, of every open term at once",
    "publication/overview.py": "what waits for the platform or the public, counted at once",
    "publication/rates_overview.py": "the rates of 200,000 parts, counted at once",
    "reports/annual_overview.py": "the year's numbers with what each counts",
    "reports/evaluation_overview.py": "the evaluation's numbers with what each counts",
    "reports/month_overview.py": "the monthly report's numbers",
    "reports/overview.py": "the annexes' numbers with the visits behind each",
    "reports/rows_overview.py": "the rows of the list behind any number of a report",
    "reports/task_overview.py": "the tasks' summary tables",
    "results/overview.py": "a line of the list names firm, task and department",
    "statistics/overview.py": "counts over every finding of a year",
    "telling/overview.py": "a line of the list names firm, task and department",
}
# modules whose import would let a clock, chance, the environment or I/O into the pure core
IMPURE = {
    "os", "random", "secrets", "socket", "time", "threading", "subprocess", "sqlite3", "pathlib",
    "urllib", "http", "asyncio", "tempfile", "shutil", "logging", "uuid",
}  # fmt: skip


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def breaches(folder: str, allowed: set[str]) -> list[str]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for name, line in imports_of(path):
            top = name.split(".")[0]
            is_standard = top in sys.stdlib_module_names and top not in IMPURE
            if not is_standard and top not in allowed:
                found.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return found


def test_domain_imports_only_the_standard_library_and_itself() -> None:
    assert breaches("domain", {"domain"}) == []


def test_sync_imports_only_the_standard_library_and_domain() -> None:
    assert breaches("sync", {"domain", "sync"}) == []


def test_the_pure_core_reads_no_clock() -> None:
    found = []
    for folder in ("domain", "sync"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"now", "today", "utcnow"}
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in {"datetime", "date"}
                ):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_pages_and_api_never_touch_the_session() -> None:
    found = []
    for path in sorted((ROOT / "server").glob("*/*.py")):
        if path.parent.name == "health" or path.name not in {"pages.py", "api.py", "forms.py"}:
            continue
        for name, line in imports_of(path):
            if name in {"server.db.db", "server.db.unit_of_work"} or name.startswith("sqlalchemy"):
                found.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert found == []


def test_a_subject_queries_its_own_tables_only() -> None:
    """All but ``OVERVIEWS``, each of which needs it; rooms within rooms too."""
    verbs = {"select", "update", "delete", "insert", "get", "get_one", "join", "outerjoin"}
    found: list[str] = []
    for path in sorted((ROOT / "server").rglob("*.py")):
        name = path.relative_to(ROOT / "server").as_posix()
        subject = name.split("/")[0]
        if subject not in SUBJECTS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        foreign = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (parts := (node.module or "").split("."))[0] == "server"
            and parts[-1] == "models"
            and parts[1] != subject
            for alias in node.names
        }
        reads = []
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            verb = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            named = {n.id for a in node.args for n in ast.walk(a) if isinstance(n, ast.Name)}
            reads += [
                f"{path.relative_to(ROOT)}:{node.lineno} {verb}({one})"
                for one in sorted(named & foreign)
                if verb in verbs
            ]
        if reads and name not in OVERVIEWS:
            found.append(f"ask a service, or give {name} a line with its reason in OVERVIEWS")
            found += reads
        elif name in OVERVIEWS and not reads:
            found.append(f"{name} reads no foreign table and needs no exemption")
    assert found == []


def test_commit_is_written_in_one_place() -> None:
    found = []
    for folder in ("server", "sync", "domain"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr == "commit":
                    found.append(str(path.relative_to(ROOT)))
    assert found == ["server/db.py"]


def test_pure_core_and_drawers_have_no_forbidden_file_names() -> None:
    drawers = {"utils.py", "helpers.py", "common.py", "manager.py", "impl.py"}
    found = [
        str(path.relative_to(ROOT))
        for folder in ("server", "sync", "domain")
        for path in (ROOT / folder).rglob("*.py")
        if path.name in drawers
    ]
    assert found == []


def test_init_files_hold_only_a_docstring_and_reexports() -> None:
    found = []
    for folder in ("server", "sync", "domain"):
        for path in (ROOT / folder).rglob("__init__.py"):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            for node in body:
                is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                is_export = isinstance(node, ast.ImportFrom) or (
                    isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
                )
                if not is_docstring and not is_export:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []

"""Importing a whole register: rows per second of the preview and of the confirmation, and how much
memory that takes. Each run is a process of its own: ``python -m bench.imports FILE``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.installation import ROOT, environment, upgrade_database
from bench.register_file import register_file

FORMS = ("xlsx", "csv")


def measure_imports(
    kind: str, url: str | None, rows: int, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """A run for each form of file, each into a county of its own."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        home = Path(folder)
        env = environment(home, url, 1, 8)
        upgrade_database(env)
        for form in FORMS:
            say(f"{kind}: importing {rows} rows of {form}")
            path = home / f"register.{form}"
            path.write_bytes(register_file(rows, form))
            run = subprocess.run(
                [sys.executable, "-m", "bench.imports", str(path)],
                env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
            told = {"form": form, "rows": rows, "kilobytes": path.stat().st_size // 1000}
            figures.append({"database": kind, **told, **json.loads(run.stdout)})
    return figures


def _import(path: Path) -> dict[str, Any]:
    """In this process, as a server's thread does it: one county for each file."""
    from server.accounts.models import Department, Jurisdiction
    from server.app import create_app
    from server.db import db, scope_to, unit_of_work
    from server.exchange import importing, service, working
    from server.exchange.models import ImportState

    app = create_app()
    seconds = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        found = act()
        seconds[name] = time.perf_counter() - start
        return found

    with app.app_context():
        with unit_of_work() as work:
            county = Jurisdiction(code=path.suffix[1:], name="测量县")
            work.add(county)
            work.flush()
            work.add(Department(jurisdiction_id=county.id, code="tr", name="交通局", is_home=True))
            owner = county.id
        scope_to(owner)
        before = peak_mib()
        one = timed(
            "upload", lambda: service.receive_file(None, "firms", path.name, path.read_bytes())
        )
        import_id, mapping = one.id, list(one.mapping)
        service.choose_columns(None, import_id, mapping)
        timed("preview", lambda: working.compare(None, import_id))
        service.confirm(None, import_id)
        timed("confirm", lambda: working.apply(None, import_id))
        created = importing.get_import(None, import_id).report["created"]
        with unit_of_work():
            importing.get_import(None, import_id).state = ImportState.UNDOING
        timed("undo", lambda: working.undo(None, import_id))
        db.session.remove()
        db.engine.dispose()
    return {
        "created": created,
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "rows_per_second": {
            name: round(created / seconds[name]) for name in ("preview", "confirm", "undo")
        },
        "peak_mib": {"before": before, "after": peak_mib()},
    }


def peak_mib() -> int:
    """The most memory this process ever had."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    raise RuntimeError("the system does not tell the peak of its memory")


if __name__ == "__main__":
    json.dump(_import(Path(sys.argv[1])), sys.stdout)

"""`make lighthouse`: the field app's shell before Google's own judge, on a server of its own.

Fails (exit 1) where a category is below LEAST; prints what keeps it from full marks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.installation import ROOT, environment, running_server, upgrade_database

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
LIGHTHOUSE = ROOT / "tools" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def judge(address: str) -> dict[str, Any]:
    """Lighthouse's report on this address with its own settings: a phone on a slow network."""
    words = [
        "node",
        str(LIGHTHOUSE),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={FLAGS}",
    ]
    env = os.environ | {"CHROME_PATH": CHROMIUM}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def tell(report: dict[str, Any]) -> int:
    """Prints marks and faults; how many categories are below LEAST."""
    failed = 0
    for name in CATEGORIES:
        category = report["categories"][name]
        mark = round((category["score"] or 0) * 100)
        failed += mark < LEAST
        print(f"{mark:4} {name}")
        for one in category["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(
                    f"       {audit['score']:.2f} {audit['title']} {audit.get('displayValue', '')}"
                )
    return failed


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="suicha-lighthouse-") as folder:
        env = environment(Path(folder), None, 1, 4)
        upgrade_database(env)
        with running_server(env) as (port, _):
            failed = tell(judge(f"http://127.0.0.1:{port}/app/"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.soak --phones 8 --minutes 3``: one soak on SQLite, or on an EMPTY PostgreSQL
database named by ``--database-url``. Exit 1 with the first difference and the seed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine

from server.schema import upgrade_schema
from tests.model.breach import Breach
from tests.soak.report import build_document, publish, render_table
from tests.soak.run import Plan, run_soak


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--phones", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--database-url", help="an EMPTY PostgreSQL database; default: SQLite")
    parser.add_argument("--restore", action="store_true", help="an older copy comes back half way")
    parser.add_argument("--publish", action="store_true", help="write tests/soak/result.json")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args()
    plan = Plan(chosen.phones, chosen.minutes * 60, chosen.seed, restores=chosen.restore)
    with tempfile.TemporaryDirectory(prefix="suicha-soak-") as folder:
        url = chosen.database_url or f"sqlite:///{folder}/suicha.sqlite3"
        engine = create_engine(url)
        upgrade_schema(engine)
        engine.dispose()
        say(f"{plan.phones} phones for {plan.seconds:.0f} s, seed {plan.seed}")
        try:
            outcome = run_soak(url, Path(folder), plan, say)
        except Breach as broken:
            say(f"✗ {broken} (seed {plan.seed})")
            return 1
        database = "sqlite" if url.startswith("sqlite") else "postgresql"
        document = build_document(outcome, database, Path(folder))
    if chosen.publish:
        publish(document)
    print(json.dumps(document, ensure_ascii=False) if chosen.json else render_table(document))
    return 1 if document["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())

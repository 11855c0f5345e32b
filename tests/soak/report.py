"""A soak's outcome as a table for people, as JSON for the record, and as the section of
docs/reliability.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine_facts
from tests.soak.run import Outcome

PUBLISHED = Path(__file__).parent / "result.json"


def build_document(outcome: Outcome, database: str, home: Path) -> dict[str, Any]:
    """Everything needed to judge the run and to repeat it."""
    plan, count = outcome.plan, outcome.count
    return {
        "soak": 1,
        "on": datetime.now(UTC).date().isoformat(),
        "database": database,
        "phones": plan.phones,
        "seconds_of_faults": plan.seconds,
        "seconds_in_all": outcome.seconds,
        "seed": plan.seed,
        "server_kills": outcome.kills,
        "restores": outcome.restores,
        "network": outcome.faults,
        "counted": count.figures,
        "outcomes": count.statuses,
        "destroyed_on_phones": count.destroyed,
        "differences": count.differences,
        "machine": machine_facts(home),
    }


def render_table(document: dict[str, Any]) -> str:
    """For the terminal."""
    lines = [f"{name:<42}{number:>8}" for name, number in document["counted"].items()]
    lines.append(f"{'differences':<42}{len(document['differences']):>8}")
    lines += [f"✗ {one}" for one in document["differences"][:1]]
    lines.append(
        f"{document['database']}, {document['phones']} phones, {document['seconds_of_faults']:.0f} "
        f"s of faults, {document['server_kills']} kills, {document['restores']} restores, "
        f"seed {document['seed']}"
    )
    return "\n".join(lines)


def publish(document: dict[str, Any]) -> None:
    """Puts the run in place of the one published before for the same database."""
    kept = json.loads(PUBLISHED.read_text()) if PUBLISHED.exists() else []
    kept = [one for one in kept if one["database"] != document["database"]]
    kept.append(document)
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    PUBLISHED.write_text(text + "\n", encoding="utf-8")


def render_published() -> str:
    """The section of docs/reliability.md; nothing before a run was published."""
    if not PUBLISHED.exists():
        return ""
    runs = sorted(json.loads(PUBLISHED.read_text(encoding="utf-8")), key=lambda r: r["database"])
    names = list(runs[0]["counted"])
    rows: list[tuple[str, list[object]]] = [
        ("run on", [one["on"] for one in runs]),
        ("phones, and clones of them", [f"{one['phones']} + 2" for one in runs]),
        ("seconds of faults", [round(one["seconds_of_faults"]) for one in runs]),
        ("requests on the bad network", [sum(one["network"].values()) for one in runs]),
        ("of them disturbed", [_disturbed(one) for one in runs]),
        ("server kills (SIGKILL)", [one["server_kills"] for one in runs]),
        ("restores of an older copy", [one["restores"] for one in runs]),
        *((name, [one["counted"].get(name, 0) for one in runs]) for name in names),
        ("**differences**", [f"**{len(one['differences'])}**" for one in runs]),
        ("seed", [one["seed"] for one in runs]),
    ]
    lines = [
        "## The soak\n",
        "`make soak` (or `python -m tests.soak --phones 8 --minutes 3`) lets phones work over a "
        "network that loses, cuts, doubles, replays, delays, stalls and answers for the server, "
        "while the server is killed at random; officers answer, photograph, contradict each "
        "other, submit, enter and edit too late; phones are cloned, restored and lose operations. "
        "Then the network heals, the queues drain and everything is counted. Last published:\n",
        f"| | {' | '.join(one['database'] for one in runs)} |",
        f"|---|{'---|' * len(runs)}",
        *(f"| {name} | {' | '.join(map(str, told))} |" for name, told in rows),
        "",
        *(_render_machine(one) for one in runs[:1]),
    ]
    return "\n".join(lines)


def _disturbed(run: dict[str, Any]) -> int:
    return int(sum(run["network"].values())) - int(run["network"].get("untouched", 0))


def _render_machine(run: dict[str, Any]) -> str:
    machine = run["machine"]
    return (
        f"Machine: {machine['cpu']}, {machine['cores']} cores, {machine['memory_mib']} MiB, "
        f"Python {machine['python']}.\n"
    )

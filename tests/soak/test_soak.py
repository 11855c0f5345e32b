"""The long run of many phones; `make soak`. How long and how many is said by the environment:
``SOAK_PHONES``, ``SOAK_MINUTES``, ``SOAK_SEED``; ``SOAK_PUBLISH=1`` writes result.json."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.report import build_document, publish, render_table
from tests.soak.run import Plan, run_soak

MINUTES = float(os.environ.get("SOAK_MINUTES", "3"))


@pytest.mark.soak
@pytest.mark.timeout(int(MINUTES * 60) + 900)
@pytest.mark.parametrize("restores", [False, True], ids=["kills", "restore"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_phones_on_a_bad_network_and_a_dying_server_end_without_a_difference(
    kind: str, restores: bool, make_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    plan = Plan(
        phones=int(os.environ.get("SOAK_PHONES", "8")),
        seconds=MINUTES * 60,
        seed=int(os.environ.get("SOAK_SEED", "1")),
        restores=restores,
    )
    outcome = run_soak(make_database_url(kind), tmp_path, plan, print)
    name = f"{kind}, restored once" if restores else kind
    document = build_document(outcome, name, tmp_path)
    print(render_table(document))
    assert document["differences"] == [], f"seed {plan.seed}"
    assert document["counted"]["operations made"] > 0
    if os.environ.get("SOAK_PUBLISH"):
        publish(document)

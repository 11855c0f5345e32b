"""A draw that somebody would like to bend, and records that somebody bent."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from domain.draw import (
    DrawRules,
    Officer,
    PoolFirm,
    build_pool,
    build_record,
    plain_seed,
    read_pool,
    verify_draw,
)
from domain.errors import Fault
from domain.sampling import RiskTier
from server.cli.main import suicha
from server.db import db, unit_of_work
from server.draws import service as draws
from server.registry.models import Firm
from server.registry.models import Officer as OfficerRow
from tests.integration.draws.world import PLANNED_ON, SOURCE, World, build_world

Record = dict[str, Any]


def make_record() -> Record:
    pool = build_pool(
        [PoolFirm(f"F{n}", RiskTier.NORMAL if n % 2 else None, "东") for n in range(6)],
        [Officer(f"O{n}", "tr", ("客运",), "东", ()) for n in range(4)],
        DrawRules(
            percent=Decimal(50), departments=("tr",), per_department=2, required_labels={},
            multipliers={}, at_least=1,
        ),
    )  # fmt: skip
    record: Record = json.loads(json.dumps(build_record(pool, "35162441", "CQ20260304-ABCDEFGH")))
    assert verify_draw(record) == []
    return record


BENT = [
    None, True, 1, -1, 0, 1.5, float("inf"), float("nan"), 10**400, -(10**9), "", "x", "\ud800",
    "\x1f", "\x00", "1e-999999999", "9" * 5000, "whole", "normal", [], {}, [[]], [{}], [None],
    {"a": 1}, {"normal": [1]}, ["tr", "tr"],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        inner = list(value.items())
    else:
        inner = list(enumerate(value[:2])) if isinstance(value, list) else []
    for key, one in inner:
        found += places(one, (*path, key))
    return found


def test_no_bent_record_verifies_or_breaks_the_verifier() -> None:
    record = make_record()
    tried = 0
    for path in places(record):
        for value in [*BENT, "remove", "twice"]:
            bent = copy.deepcopy(record)
            holder: Any = bent
            for key in path[:-1]:
                holder = holder[key]
            if value == "remove":
                del holder[path[-1]]
            elif value == "twice" and isinstance(holder, list):
                holder.append(copy.deepcopy(holder[path[-1]]))
            else:
                holder[path[-1]] = value
            if bent == record and json.dumps(bent) == json.dumps(record):
                continue
            differences = verify_draw(bent)
            assert differences, (path, value)
            "\n".join(differences).encode()
            tried += 1
    assert tried > 1000


def test_records_nested_without_end_are_a_difference_too() -> None:
    endless: Any = []
    for _ in range(5000):
        endless = [endless]
    for name in make_record():
        assert verify_draw({**make_record(), name: endless})


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"\\ud800": 1}',
        b'{"algorithm": "suicha-draw-1"}', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_the_command_answers_hostile_files_with_a_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(content)
    done = CliRunner().invoke(suicha, ["draw", "verify", str(file)])
    assert done.exit_code in {1, 2}, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output


def test_a_key_written_twice_is_no_way_to_show_one_thing_and_verify_another(
    tmp_path: Path,
) -> None:
    """Every reader of ours takes the last one, and so does a browser."""
    text = json.dumps(make_record())
    file = tmp_path / "record.json"
    file.write_text(text[:-1] + ', "seed": "99999999"}')
    assert CliRunner().invoke(suicha, ["draw", "verify", str(file)]).exit_code == 1


SPELLINGS = (
    "3 5 1 6 2 4 4 1", "35162441", "3,5,1,6,2,4,4,1", " 3 5 1 6 2 4 4 1 ", "３５１６２４４１",
    "3-5-1-6-2-4-4-1", "3\u00a05\u20031 6 2 4 4 1", "3、5、1、6、2、4、4、1", "③⑤①⑥②④④①",
    "٣٥١٦٢٤٤١",
)  # fmt: skip


def test_what_was_read_out_has_one_spelling() -> None:
    assert {plain_seed(text) for text in SPELLINGS} == {"35162441"}
    assert plain_seed("红球 07 12 蓝球 05") == "红球0712蓝球05"
    assert plain_seed("ab-Cd") == "ABCD"


@pytest.fixture
def world(app: Flask) -> Any:
    with app.app_context():
        yield build_world()
        db.session.remove()


def test_blanks_do_not_make_a_seed_long_enough(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    for seed in ("1 2 3 4 5 6 7", "1.......", "        ", "--------", "１２３４５６７"):
        with pytest.raises(Fault) as refused:
            draws.run_draw(world.clerk, frozen.id, seed, SOURCE, PLANNED_ON)
        assert refused.value.code == "draw.seed_required", seed
    for seed in ("12345678\x00", "1234\x1f5678", "1" * 201):
        with pytest.raises(Fault) as refused:
            draws.run_draw(world.clerk, frozen.id, seed, SOURCE, PLANNED_ON)
        assert refused.value.code == "draw.bad_text"


@pytest.mark.both
def test_every_spelling_draws_the_same(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    drawn = draws.run_draw(world.clerk, frozen.id, SPELLINGS[4], SOURCE, PLANNED_ON)
    assert drawn.record is not None
    pool = json.loads(drawn.pool)
    for spelling in SPELLINGS:
        again = build_record(read_pool(pool), plain_seed(spelling), drawn.public_id)
        assert again == drawn.record


def test_registers_bent_between_freeze_and_draw_do_not_move_it(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    before = (frozen.pool, frozen.pool_sha256)
    with unit_of_work() as work:
        work.execute(update(Firm).values(tier="low", name="改名"))
        work.execute(update(OfficerRow).values(labels=[], recused_firm_ids=world.firms))
    drawn = draws.run_draw(world.clerk, frozen.id, "35162441", SOURCE, PLANNED_ON)
    assert (drawn.pool, drawn.pool_sha256) == before
    assert draws.verify_stored(world.clerk, drawn.id) == []


def test_a_stored_record_bent_afterwards_no_longer_verifies(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    drawn = draws.run_draw(world.clerk, frozen.id, "35162441", SOURCE, PLANNED_ON)
    other = build_record(read_pool(json.loads(drawn.pool)), "99999999", drawn.public_id)
    with unit_of_work():
        drawn.record = other  # consistent in itself, but not what was entered
    assert draws.verify_stored(world.clerk, drawn.id)

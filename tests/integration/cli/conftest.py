"""The commands on an installation of their own.

In this process, because loading the product for each of a hundred calls would take minutes;
``run_process`` is the real thing where the process itself matters.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import words
from server.cli.main import suicha
from tests.once import make_once_a_run

ROOT = Path(__file__).parent.parent.parent.parent


@dataclass
class Outcome:
    """What a finished command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


def run_process(home: Path, *arguments: str, given: str = "", **extra: str) -> Outcome:
    """``python -m server.cli`` with nothing of the outer environment but the path."""
    environment = {
        "PATH": os.environ["PATH"],
        "SUICHA_HOME": str(home),
        "LANG": "zh_CN.UTF-8",
        "PYTHONUTF8": "1",
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT, env=environment, input=given, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def run_here(home: Path, *arguments: str, given: str = "", **extra: str) -> Outcome:
    """The same in this process."""
    words.cli_locale.cache_clear()
    environment: dict[str, str | None] = dict.fromkeys(
        [name for name in os.environ if name.startswith("SUICHA_")]
    )
    environment |= dict.fromkeys(("LC_ALL", "LC_MESSAGES"))
    environment |= {"SUICHA_HOME": str(home), "LANG": "zh_CN.UTF-8", **extra}
    done = CliRunner().invoke(suicha, arguments, input=given, env=environment)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Outcome(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def product_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are given paths as an operator in the product's folder would."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Commands on an empty home."""
    return lambda *arguments, **extra: run_here(tmp_path / "home", *arguments, **extra)


@pytest.fixture(scope="session")
def ready_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after ``suicha setup``; copy it before writing."""

    def set_up(home: Path) -> None:
        done = run_process(home, "setup", "--json")
        assert done.code == 0, done.err

    return make_once_a_run(tmp_path_factory, "ready-home", set_up)


@pytest.fixture
def run_ready(ready_home: Path, tmp_path: Path) -> Run:
    """Commands on a copy of a home that was set up."""
    home = tmp_path / "ready"
    shutil.copytree(ready_home, home)
    return lambda *arguments, **extra: run_here(home, *arguments, **extra)

"""Processes of the product that need not load it: forked by one that has, as a test's own process
would be too busy with threads to do. From its first line on each is a process like any other, with
its own session, environment, folder and exit."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]
_forks = get_context("forkserver")
_forks.set_forkserver_preload(
    ["pytest", "server.cli.main", "server.cli.serving", "server.app", "server.schema", __name__]
)


class Forked:
    """``python -m MODULE WORDS``, forked. What is asked of it is called as in ``Popen``; its output
    goes to the end of ``log``. ``pid`` is its process group, too."""

    def __init__(
        self, module: str, words: Sequence[str], env: Mapping[str, str], log: Path
    ) -> None:
        self._process = _forks.Process(
            target=_run, args=(module, list(words), dict(env), str(log)), daemon=True
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return self._process.exitcode


def _run(module: str, words: list[str], env: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for output in (1, 2):
        os.dup2(told, output)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

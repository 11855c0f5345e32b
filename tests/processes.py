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
    goes to the end of ``log``, what it answers into ``told`` where that is named. ``pid`` is its
    process group, too."""

    def __init__(
        self,
        module: str,
        words: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        told: Path | None = None,
    ) -> None:
        paths = [told or log, log]
        self._process = _forks.Process(
            target=_run, args=(module, list(words), dict(env), paths), daemon=True
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


def _run(module: str, words: list[str], env: dict[str, str], paths: list[Path]) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    if paths[0] != paths[1]:
        paths[0].unlink(missing_ok=True)  # of the command before
    for output, path in enumerate(paths, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), output)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

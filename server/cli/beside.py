"""A worker beside the processes that serve: kept alive as long as they are, and no longer."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

LOOK_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 20.0  # for a job to come to its end
AGAIN_AFTER_SECONDS: Final = 5.0


@contextmanager
def kept_beside(work: Callable[[Callable[[], bool]], None]) -> Iterator[None]:
    """``work`` in a process of its own until the end of the block, begun anew when it dies. It is
    given a question, whether it may go on: no once whoever started it was killed. Called before
    there are threads: the processes are forks."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    minder = os.fork()
    if minder == 0:
        _end_with(lambda: _mind(work, parent))
    try:
        yield
    finally:
        _stop(minder)


def _mind(work: Callable[[Callable[[], bool]], None], parent: int) -> None:
    is_told_to_stop = False

    def stop(*_ignored: object) -> None:
        nonlocal is_told_to_stop
        is_told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells everybody; the parent decides
    own = os.getpid()
    while True:
        worker = os.fork()
        if worker == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _end_with(lambda: work(lambda: os.getppid() == own))
        while not _has_ended(worker):
            if is_told_to_stop or os.getppid() != parent:
                _stop(worker)
                return
            time.sleep(LOOK_SECONDS)
        again_at = time.monotonic() + AGAIN_AFTER_SECONDS
        while time.monotonic() < again_at:
            if is_told_to_stop or os.getppid() != parent:
                return
            time.sleep(LOOK_SECONDS)


def _stop(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not _has_ended(process):
            if time.monotonic() > give_up_at:
                os.kill(process, signal.SIGKILL)
            time.sleep(0.02)


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:  # gunicorn collects every child of its process, ours too
        return True


def _end_with(do: Callable[[], None]) -> None:
    """A fork must not go back into what its parent was in the middle of."""
    code = 1
    try:
        do()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

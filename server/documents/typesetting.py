"""HTML to PDF in a process of its own, one at a time in each process that serves."""

from __future__ import annotations

import ctypes
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from domain.errors import fault
from server.documents.press import NO_FACES, NO_PANGO, STYLESHEET

ROOT = Path(__file__).parents[2]
MAX_SECONDS = 90
# A file of many photos is long without being stuck: each takes 0.1 s of a processor, and on a busy
# machine five times that by the clock.
SECONDS_A_PICTURE = 1
PATIENCE_SECONDS = 60
# One is set, two wait. Whoever comes then is told: the threads that wait here serve phones too.
MOST_AT_ONCE = 3
# What WeasyPrint opens first; where they are missing it cannot even be imported.
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "gobject-2.0")
FORMS = ("lib{name}.so.0", "lib{name}.0.dylib", "lib{name}-0.dll")
log = logging.getLogger("suicha")
_room = threading.BoundedSemaphore(MOST_AT_ONCE)
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class PressJob:
    """``papers`` in HTML, one after the other in one file; ``pictures`` are JPEG files by the
    address they have in the papers, ``picture:1``; ``variant`` a PDF standard (``pdf/a-2b``)."""

    papers: list[str]
    styles: tuple[str, ...] = (STYLESHEET,)
    pictures: Mapping[str, str] = field(default_factory=dict)
    variant: str = ""


@cache
def has_pango() -> bool:
    """Whether this machine can set a PDF; asked once in a process."""
    return all(any(_opens(form.format(name=name)) for form in FORMS) for name in LIBRARIES)


def _opens(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def typeset_pdf(papers: list[str], styles: tuple[str, ...] = (STYLESHEET,)) -> bytes:
    """One file of all papers, each in HTML. Raises as ``typeset_into`` does."""
    with tempfile.TemporaryFile() as out:
        typeset_into(out, PressJob(papers, styles))
        out.seek(0)
        return out.read()


def typeset_into(out: IO[bytes], job: PressJob) -> None:
    """The same job gives the same bytes. Raises ``document.pdf_unavailable`` where a package or
    the faces are missing, ``document.busy`` when others' documents took too long,
    ``document.pdf_failed`` for one that was given up; what WeasyPrint said is in the log. ``out``
    is a real file."""
    if not has_pango():
        raise fault("document.pdf_unavailable")
    if not _room.acquire(blocking=False):
        raise fault("document.busy")
    try:
        _set_in_turn(out, job)
    finally:
        _room.release()


def _set_in_turn(out: IO[bytes], job: PressJob) -> None:
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        raise fault("document.busy")
    at_most = MAX_SECONDS + SECONDS_A_PICTURE * len(job.pictures)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.documents.press"],
            input=json.dumps(asdict(job)).encode(),
            stdout=out,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            timeout=at_most,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("a document took more than %s seconds and was given up", at_most)
        raise fault("document.pdf_failed") from None
    finally:
        _turn.release()
    if done.returncode in (NO_PANGO, NO_FACES):
        raise fault("document.pdf_unavailable")
    if done.returncode:
        log.error("a document was not set: %s", done.stderr.decode(errors="replace")[-2000:])
        raise fault("document.pdf_failed")

"""The file of one visit with many photos: seconds and memory of its PDF and of its ZIP. Processes
of their own, on SQLite: one makes the visit, ``python -m bench.archive FOLDER PHOTOS``, another its
file, ``python -m bench.archive FOLDER``."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from bench.installation import ROOT, environment

SIZE = (4000, 3000)  # what a phone's camera gives


def measure_archive(photos: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The demo county, one visit done and entered with so many photos of twelve megapixels."""
    say(f"the file of a visit with {photos} photos")
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        env = environment(Path(folder), None, 1, 8) | {"SUICHA_SECRET_KEY": "measured" * 8}
        command = [sys.executable, "-m", "bench.archive", folder]
        subprocess.run([*command, str(photos)], env=env, cwd=ROOT, stdout=sys.stderr, check=True)
        run = subprocess.run(
            command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
    told: dict[str, Any] = json.loads(run.stdout)
    return {"photos": photos, **told}


def _measure() -> dict[str, Any]:
    """In the order in which an office asks; the children are the press."""
    from server.accounts.models import Person
    from server.accounts.sessions import actor_of
    from server.app import create_app
    from server.archive.service import write_pdf, write_zip
    from server.db import db, scope_to
    from server.inspections.models import Sheet

    app, before = create_app(), _peak_mib(resource.RUSAGE_SELF)
    seconds, kilobytes = {}, {}
    for form, write in (("pdf", write_pdf), ("zip", write_zip)):
        with app.test_request_context("/"), tempfile.TemporaryFile() as out:
            scope_to(None)
            actor = actor_of(db.session.query(Person).filter_by(account="ducha").one())
            visit = db.session.query(Sheet).filter_by(state="entered").one().inspection_id
            scope_to(actor.jurisdiction_id)
            start, spent = time.perf_counter(), _processor_seconds()
            write(actor, visit, "https://suicha.test", out)
            seconds[form] = {
                "clock": round(time.perf_counter() - start, 2),
                "processor": round(_processor_seconds() - spent, 2),
            }
            kilobytes[form] = out.seek(0, 2) // 1000
            db.session.remove()
    with app.app_context():
        db.engine.dispose()
    return {
        "seconds": seconds,
        "kilobytes": kilobytes,
        "peak_mib": {
            "server_before": before,
            "server": _peak_mib(resource.RUSAGE_SELF),
            "press": _peak_mib(resource.RUSAGE_CHILDREN),
        },
    }


def _make_visit(home: Path, count: int) -> None:
    from tools.busy_county import County

    county = County(home)
    try:
        _visit(county, count)
    finally:
        county.close()


def _visit(county: Any, count: int) -> None:
    from tools.busy_county import Visit, inspections_of

    inspection_id = inspections_of(county, "passenger")[0]
    visit = Visit(county, inspection_id)
    visit.start()
    visit.answer({})
    for number, picture in enumerate(_pictures(count)):
        entity = f"answer:{visit.code}/{visit.items[number % len(visit.items)].code}"
        op = visit.phone.attach(visit.space, entity, visit.officers[0][0], picture)
        visit.photos.append((op, picture))
    visit.sign()
    visit.submit()
    visit.send()
    visit.accept()
    visit.enter()


def _pictures(count: int) -> list[bytes]:
    """JPEGs of about 2 MB; a comment makes each another file."""
    from PIL import Image

    out, noise = BytesIO(), random.Random(1).randbytes(250 * 188 * 3)
    Image.frombytes("RGB", (250, 188), noise).resize(SIZE).save(out, "JPEG", quality=90)
    whole = out.getvalue()
    comments = (f"{number:04d}".encode() for number in range(count))
    return [whole[:2] + b"\xff\xfe\x00\x06" + one + whole[2:] for one in comments]


def _peak_mib(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def _processor_seconds() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _make_visit(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        json.dump(_measure(), sys.stdout)

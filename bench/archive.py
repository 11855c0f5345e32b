"""The file of one visit with many photos: seconds and memory of its PDF and of its ZIP. A process
of its own, on SQLite: ``python -m bench.archive FOLDER PHOTOS``."""

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
from typing import IO, Any

from bench.installation import ROOT, environment

SIZE = (4000, 3000)  # what a phone's camera gives


def measure_archive(photos: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The demo county, one visit done and entered with so many photos of twelve megapixels."""
    say(f"the file of a visit with {photos} photos")
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        run = subprocess.run(
            [sys.executable, "-m", "bench.archive", folder, str(photos)],
            env=environment(Path(folder), None, 1, 8), cwd=ROOT, stdout=subprocess.PIPE, text=True,
            check=True,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def _measure(home: Path, count: int) -> dict[str, Any]:
    from server.archive.service import write_pdf, write_zip
    from tools.busy_county import County

    county = County(home)
    inspection_id = _visit(county, count)
    before, seconds, kilobytes = _peak_mib(), {}, {}
    for form, write in (("pdf", write_pdf), ("zip", write_zip)):
        with county.desk(), county.app.test_request_context("/"), tempfile.TemporaryFile() as out:
            from server.db import scope_to

            actor = county.actor("ducha")
            scope_to(actor.jurisdiction_id)
            start = time.perf_counter()
            write(actor, inspection_id, "https://suicha.test", out)
            seconds[form] = round(time.perf_counter() - start, 2)
            kilobytes[form] = _length(out) // 1000
    county.close()
    press = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "photos": count,
        "seconds": seconds,
        "kilobytes": kilobytes,
        "peak_mib": {"server_before": before, "server": _peak_mib(), "press": press},
    }


def _visit(county: Any, count: int) -> int:
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
    return inspection_id


def _pictures(count: int) -> list[bytes]:
    """JPEGs of about 2.5 MB; a comment makes each another file."""
    from PIL import Image

    out, noise = BytesIO(), random.Random(1).randbytes(500 * 375 * 3)
    Image.frombytes("RGB", (500, 375), noise).resize(SIZE).save(out, "JPEG", quality=92)
    whole = out.getvalue()
    comments = (f"{number:04d}".encode() for number in range(count))
    return [whole[:2] + b"\xff\xfe\x00\x06" + one + whole[2:] for one in comments]


def _length(out: IO[bytes]) -> int:
    return out.seek(0, 2)


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    json.dump(_measure(Path(sys.argv[1]) / "county", int(sys.argv[2])), sys.stdout)

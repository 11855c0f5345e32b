"""Sets one document with WeasyPrint, in a process of its own: ``python -m server.documents.press``
reads a job as JSON (``server.documents.typesetting.PressJob``) and writes one PDF. What it takes in
memory and time ends with it, and phones that push meanwhile do not wait for it.

Exit codes: 0 done, 3 the machine lacks Pango, 4 it lacks the faces, anything else a fault.
Nothing is fetched but our stylesheets and the pictures the job names.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[2] / "pwa" / "static"
STYLESHEET = "document.css"
PICTURE_SCHEME = "picture"
NO_PANGO, NO_FACES = 3, 4
FACES = ("Noto-Serif-CJK-SC", "Noto-Sans-CJK-SC")  # as their names stand in a PDF
MAX_MEMORY_BYTES = 3 * 2**30
MAX_CPU_SECONDS = 120


def main() -> int:
    """Once, for one document, after whatever else the machine has to do."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError:
        return NO_PANGO

    job = json.load(sys.stdin.buffer)
    styles = [STATIC / name for name in job["styles"]]
    pictures: dict[str, str] = job["pictures"]

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """A document may name no file and no address but our stylesheets and its own pictures.
        Pictures have names of ours: where they lie would otherwise be in the file."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in pictures:
                body = Path(pictures[url]).read_bytes()
                return URLFetcherResponse(url, body, {"Content-Type": "image/jpeg"})
            if url not in [one.as_uri() for one in styles]:
                raise FatalURLFetchingError(f"not ours: {url[:200]}")
            return super().fetch(url, headers)

    names: list[str] = []

    def note_faces(_document: Any, pdf: Any) -> None:
        for one in pdf.objects:
            if isinstance(one, dict) and "BaseFont" in one:
                names.append(str(one["BaseFont"]))

    faces = FontConfiguration()
    fetcher = OwnFilesOnly(allowed_protocols=["file", PICTURE_SCHEME])
    sheets = [
        weasyprint.CSS(filename=one, font_config=faces, url_fetcher=fetcher) for one in styles
    ]
    variant = {"pdf_variant": job["variant"]} if job["variant"] else {}
    with tempfile.TemporaryDirectory(prefix="suicha-press-") as folder:
        set_ones = [
            weasyprint.HTML(string=html, url_fetcher=fetcher).render(
                stylesheets=sheets, font_config=faces, cache=Path(folder), **variant
            )
            for html in job["papers"]
        ]
        pages = [page for one in set_ones for page in one.pages]
        made = set_ones[0].copy(pages).write_pdf(finisher=note_faces, **variant)
    if not all(any(face in name for name in names) for face in FACES):
        return NO_FACES
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())

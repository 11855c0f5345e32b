"""The busy county on a free port, for whoever takes pictures of it; nothing is left behind."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from tools.busy_county import County, fill

ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FAKE_CAMERA = "--use-fake-device-for-media-stream"


@contextmanager
def served() -> Iterator[tuple[County, str]]:
    """A filled county over a temporary home, and its address."""
    with tempfile.TemporaryDirectory(prefix="suicha-screenshots-") as home:
        county = County(Path(home))
        fill(county)
        server = make_server("127.0.0.1", 0, county.app, threaded=True, request_handler=Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield county, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(5)
            county.close()


class Silent(WSGIRequestHandler):
    """Requests are not worth a line; connections are kept, which halves the time of a page."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  (werkzeug's name)
        """Says nothing."""

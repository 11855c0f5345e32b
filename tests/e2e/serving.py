"""An application of this process behind a port, for browsers.

Not werkzeug's server: it waits ten milliseconds after each answer for a body that might still
come, a dozen times for each page, and leaves a photo's file open when the browser has moved on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """The test has the answers."""


@contextmanager
def serve(app: Flask, port: int = 0) -> Iterator[str]:
    """Until the block ends; answers the address."""
    with Threads(("127.0.0.1", port), Quiet) as server:
        server.set_app(app)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)

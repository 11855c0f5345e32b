"""gunicorn as a library: threads in two processes by default (docs/decisions/0010)."""

from __future__ import annotations

import gc
import socket
import ssl
import sys
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from server.cli.words import BadInput, _
from server.cli.worker import PatientWorker
from server.config import Config
from server.patience import PatientTlsSocket

SWITCH_SECONDS = 0.0005


class Server(BaseApplication):  # type: ignore[misc]
    """Each worker builds its own application after the fork: no connection is ever shared."""

    def __init__(self, config: Config, options: dict[str, Any]) -> None:
        self._config = config
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from server.app import create_app

        # A thread that comes back from the database waits for whoever is computing, five
        # milliseconds by default: with the locks in its hands, a dozen times in each push.
        sys.setswitchinterval(SWITCH_SECONDS)
        app = create_app(self._config)
        # What is there now stays: it need not be looked through for garbage again and again.
        gc.collect()
        gc.freeze()
        return app


def serve(config: Config, host: str, port: int, tls: tuple[str, str] | None = None) -> None:
    """Blocks until stopped. ``tls``: the files of a certificate and of its key. Photos come slowly
    over bad networks: ``timeout`` is for a stuck worker, a connection that stalls is ended by the
    worker's own patience."""
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if tls else 'http'}://{shown}:{port}"
    _refuse_taken_address(host, port)

    def announce(_arbiter: Any) -> None:
        click.echo(_("随查已启动：{url}（按 Ctrl+C 停止）", url=url))

    PatientWorker.stall_seconds = PatientTlsSocket.stall_seconds = config.stall_seconds
    Server(
        config,
        {
            "bind": f"{shown}:{port}",
            "workers": config.workers,
            "threads": config.threads,
            "worker_class": PatientWorker,
            "accesslog": None,
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 30,
            "keepalive": 65,
            "when_ready": announce,
            "control_socket_disable": True,
            **(_secure(*tls) if tls else {}),
        },
    ).run()


def _secure(certificate: str, key: str) -> dict[str, Any]:
    def context(_config: Any, make: Any) -> ssl.SSLContext:
        made: ssl.SSLContext = make()
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.sslsocket_class = PatientTlsSocket
        return made

    return {"certfile": certificate, "keyfile": key, "ssl_context": context}


def _refuse_taken_address(host: str, port: int) -> None:
    """One line at once, where gunicorn would try for five seconds and fill the screen."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        text = _("不能在 {host}:{port} 监听：{reason}", host=host, port=port, reason=reason)
        raise BadInput("server.busy", text) from None

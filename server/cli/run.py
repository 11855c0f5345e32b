"""``suicha run``: serves the product with gunicorn."""

from __future__ import annotations

import click

from server.cli.words import _


@click.command(help=_("启动服务。"))
@click.option("--host", help=_("监听地址，默认取 SUICHA_HOST。"))
@click.option("--port", type=click.IntRange(1, 65535), help=_("监听端口，默认取 SUICHA_PORT。"))
def run(host: str | None, port: int | None) -> None:
    """Runs until it is told to stop; the process that was started is the one that serves."""
    from server.config import load_config

    config = load_config()
    check_database()
    from server.cli.home_lock import holding_home
    from server.cli.serving import serve

    with holding_home(config.home):  # nothing is restored below a running server
        serve(config, host or config.host, port or config.port)


def check_database() -> None:
    """Raises BadInput for a schema that is not the program's."""
    # A fork with an open connection would share it: the check closes what it opened.
    from server.cli.county import application, refuse_old_schema

    with application():
        refuse_old_schema()

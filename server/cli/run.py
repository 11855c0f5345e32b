"""``suicha run``: serves the product with gunicorn."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from server.cli.words import _

if TYPE_CHECKING:
    from server.config import Config


@click.command(help=_("启动服务。"))
@click.option("--host", help=_("监听地址，默认取 SUICHA_HOST。"))
@click.option("--port", type=click.IntRange(1, 65535), help=_("监听端口，默认取 SUICHA_PORT。"))
@click.option("--without-worker", is_flag=True, help=_("不带任务进程，另行运行 suicha worker。"))
def run(host: str | None, port: int | None, without_worker: bool) -> None:
    """Runs until it is told to stop; the process that was started is the one that serves."""
    from server.config import load_config

    config = load_config()
    check_database()
    from server.cli.home_lock import holding_home
    from server.cli.serving import serve

    beside = nullcontext() if without_worker else worker_beside(config)
    with holding_home(config.home), beside:  # nothing is restored below a running server
        serve(config, host or config.host, port or config.port)


def worker_beside(config: Config) -> AbstractContextManager[None]:
    """Does what is due by the clock, as long as this process serves."""
    from server.cli.beside import kept_beside
    from server.jobs.working import work

    return kept_beside(lambda may_go_on: work(config, may_go_on, wait=True))


def check_database() -> None:
    """Raises BadInput for a schema that is not the program's."""
    # A fork with an open connection would share it: the check closes what it opened.
    from server.cli.county import application, refuse_old_schema

    with application():
        refuse_old_schema()

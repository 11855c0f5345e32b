"""``suicha phone``: the product on the office network, for phones, in a minute."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.words import BadInput, _

if TYPE_CHECKING:
    from server.office_network.authority import Files

EVERYBODY = "0.0.0.0"  # noqa: S104  # phones come from outside: that is what the command is for


@click.command(help=_("在办公网络上以 HTTPS 启动服务，供手机使用。"))
@click.option("--address", help=_("本机在办公网络上的 IPv4 地址，默认自动查找。"))
@click.option("--port", type=click.IntRange(1, 65535), default=8443, help=_("HTTPS 端口。"))
@click.option("--door", type=click.IntRange(1, 65535), default=8480, help=_("领取证书的端口。"))
def phone(address: str | None, port: int, door: int) -> None:
    """Makes an authority once and a certificate for this address, shows the way in as a QR code
    and the three taps that trust it, and serves until it is told to stop."""
    from server.cli.home_lock import holding_home
    from server.cli.run import check_database, worker_beside
    from server.cli.serving import serve
    from server.config import load_config
    from server.office_network.authority import ensure_certificate

    own = _address(address)
    config = replace(load_config(), is_https=True)
    check_database()
    files = ensure_certificate(config.vapid_dir, [own], datetime.now(UTC))
    url = f"https://{own}:{port}/app/"
    beside = worker_beside(config)
    with holding_home(config.home), beside, _door(door, files, url):
        _tell(f"http://{own}:{door}/", url, files)
        serve(config, EVERYBODY, port, (str(files.certificate), str(files.key)))


def _address(given: str | None) -> ipaddress.IPv4Address:
    from server.office_network.addresses import find_address
    from server.office_network.authority import may_sign_for

    try:
        found = ipaddress.IPv4Address(given) if given else find_address()
    except ValueError:
        raise BadInput("phone.bad_address", _("不是 IPv4 地址：{given}", given=given)) from None
    if found is None or not may_sign_for(found):
        raise BadInput("phone.no_address", _("没有找到办公网络上的内网地址，请用 --address 指定。"))
    return found


@contextmanager
def _door(port: int, files: Files, url: str) -> Iterator[None]:
    """A process of its own: this one is about to fork. It is open before anybody is sent there."""
    module = "server.office_network.welcome"
    process = subprocess.Popen(
        [sys.executable, "-m", module, EVERYBODY, str(port), str(files.authority), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        if not process.stdout.readline():
            raise BadInput("server.busy", _("领取证书的端口 {port} 不能监听。", port=port))
        yield
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _tell(door: str, url: str, files: Files) -> None:
    import segno

    from server.office_network.authority import fingerprint

    click.echo(_("手机连上同一网络，扫描二维码：{door}", door=door))
    segno.make(door, error="m").terminal(compact=True)
    click.echo(_("1. 下载并安装证书（页面上有安卓和苹果的步骤）。"))
    click.echo(_("2. 核对证书指纹：{digest}", digest=fingerprint(Path(files.authority))))
    click.echo(_("3. 打开随查并添加到主屏幕：{url}", url=url))

"""``suicha setup``: everything an empty machine needs; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from server.cli.words import _, json_option, report

if TYPE_CHECKING:
    from server.config import Config


@click.command(help=_("建立文件夹、密钥、数据库和演示县；可重复运行。"))
@click.option("--no-demo", is_flag=True, help=_("不载入演示县。"))
@click.option("--without-results", is_flag=True, help=_("演示县不带已办结的检查。"))
@json_option
def setup(no_demo: bool, without_results: bool, as_json: bool) -> None:
    """Prints the demo accounts each time: nobody should have to search for them."""
    from server.cli.demo import account_lines, demo_document
    from server.config import load_config
    from server.demo.service import is_empty, list_demo_accounts, load_demo

    config: Config = load_config()
    with prepared(config) as made:
        is_loaded = not no_demo and is_empty() and load_demo(with_results=not without_results)
        accounts = list_demo_accounts()
        document = {
            **made,
            "demo_loaded": is_loaded,
            "demo": demo_document(config, accounts) if accounts else None,
        }
        lines = [_("已就绪：数据在 {home}", home=config.home)]
        if accounts:
            lines += account_lines(config, accounts)
        elif is_empty():
            lines.append(_("还没有本县，请接着运行 suicha county create。"))
    report(as_json, document, *lines)


@contextmanager
def prepared(config: Config) -> Iterator[dict[str, Any]]:
    """Folders, keys, database and calendar, made where they are missing; the application is in
    scope. Answers what was made."""
    from server.cli.county import application
    from server.cli.secrets import ensure_folders, ensure_vapid_keys
    from server.custody.service import ensure_custody_key
    from server.db import db
    from server.deadlines.calendar import seed_calendar
    from server.fieldsync.service import ensure_epoch
    from server.schema import upgrade_schema

    ensure_folders(config)
    has_new_keys = ensure_vapid_keys(config.vapid_dir)
    has_new_custody_key = ensure_custody_key(config.vapid_dir)
    with application():
        before, after = upgrade_schema(db.engine)
        yield {
            "home": str(config.home),
            "schema": {"before": before, "after": after},
            "calendar_years_added": seed_calendar(),
            "epoch": ensure_epoch(),
            "new_push_keys": has_new_keys,
            "new_custody_key": has_new_custody_key,
        }

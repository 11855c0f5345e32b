"""The command group, and the one place where a failure becomes a line and an exit code.

0 done or equal, 1 a check failed, 2 bad input. Modules are loaded only for the command that is
called: ``suicha deadline`` must not wait for Flask and SQLAlchemy.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from domain.errors import Fault, message
from server.cli.words import BadInput, CheckFailed, _, cli_locale

COMMANDS = {
    "archive": "server.cli.archive:archive",
    "audit": "server.cli.audit:audit",
    "backup": "server.cli.backup:backup",
    "calendar": "server.cli.calendar:calendar",
    "checklists": "server.cli.checklists:checklists",
    "county": "server.cli.counties:county",
    "db": "server.cli.database:database",
    "deadline": "server.cli.deadline:deadline",
    "deadlines": "server.cli.deadlines:deadlines",
    "demo": "server.cli.demo:demo",
    "devices": "server.cli.devices:devices",
    "draw": "server.cli.draws:draw",
    "jobs": "server.cli.jobs:jobs",
    "ledger": "server.cli.ledger:ledger",
    "phone": "server.cli.phone:phone",
    "plans": "server.cli.plans:plans",
    "receipt": "server.cli.receipt:receipt",
    "registers": "server.cli.registers:registers",
    "reminders": "server.cli.reminders:reminders",
    "report": "server.cli.reports:report",
    "restore": "server.cli.restore:restore",
    "results": "server.cli.results:results",
    "run": "server.cli.run:run",
    "setup": "server.cli.setup:setup",
    "uploads": "server.cli.uploads:uploads",
    "users": "server.cli.users:users",
    "worker": "server.cli.jobs:worker",
}


class Door(click.Group):
    """Loads commands when they are asked for; ends with one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def main(  # type: ignore[override]  # our ending replaces both of click's
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except Exception as error:
            line = _line_for(error)
            if line is None:
                raise
            click.echo(line, err=True)
            sys.exit(1 if isinstance(error, CheckFailed) else 2)
        sys.exit(code if isinstance(code, int) else 0)


def _line_for(error: Exception) -> str | None:
    """``code: what is wrong``, None for a defect of ours, which deserves its traceback."""
    match error:
        case CheckFailed():
            return str(error)
        case BadInput():
            return f"{error.code}: {error}"
        case Fault():
            return f"{error.code}: {message(error.code, cli_locale(), error.details)}"
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message()
        case click.ClickException():
            text = " ".join(error.format_message().split())
            return f"request.bad_parameter: {text}"
        case click.Abort():
            return _("已中止。")
        case _ if type(error).__name__ == "BadSetting":
            return f"setting.bad_value: {error}"
        case _ if type(error).__name__ in {"OperationalError", "DatabaseError"}:
            reason = " ".join(str(getattr(error, "orig", error)).split())
            return f"server.busy: {_('数据库不可用：{reason}', reason=reason)}"
        case _:
            return None


@click.group(cls=Door, help=_("随查：县级交通运输局的双随机检查。"))
def suicha() -> None:
    """The group itself does nothing."""

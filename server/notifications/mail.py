"""E-mail by the county's own mail server (``SUICHA_SMTP_URL``)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Collection
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from domain.reminders import Channel
from server.i18n import in_language
from server.i18n import translate as _
from server.notifications.channels import INBOX, Later, Letter, Outcome, Refused, Sent, Unknown
from server.notifications.preferences import map_choices
from server.runtime import runtime

TIMEOUT_SECONDS = 15
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailWay:
    """Implements ``channels.Way``: the address a person typed for themselves."""

    channel = Channel.EMAIL
    at_once = 1

    def map_places(self, person_ids: Collection[int]) -> dict[int, list[str]]:
        config = runtime().config
        if not config.smtp_url or not config.mail_from:
            return {}
        return {one: ["email"] for one in person_ids if map_choices(one)[Channel.EMAIL].address}

    def send(self, letter: Letter) -> Outcome:
        address = map_choices(letter.person_id)[Channel.EMAIL].address
        if not address:
            return Refused("no address")
        try:
            server = _connect()
        except smtplib.SMTPAuthenticationError as error:
            return Later(f"SMTP {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Later(type(error).__name__)
        try:
            server.send_message(write_mail(letter, address))
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return _of_code(code)
        except smtplib.SMTPResponseException as error:
            return _of_code(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        finally:
            server.close()
        return Sent()


def write_mail(letter: Letter, address: str) -> EmailMessage:
    """Plain text, numbers only; where to look, and how to have no more of them."""
    config = runtime().config
    mail = EmailMessage()
    name, _at, host = address.rpartition("@")
    mail["From"], mail["To"] = config.mail_from, Address(username=name, domain=host)
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{letter.id}@{config.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # no out-of-office answer to a machine
    with in_language(letter.locale):
        mail["Subject"] = _("随查：{told}", told=letter.text)
        where = f"{config.public_url}{INBOX}" if config.public_url else INBOX
        mail.set_content(
            "\n".join([
                letter.text,
                _("详情请登录随查，在“消息”中查看：{where}", where=where),
                _("收到此邮件是因为您在随查的账号页填写了本地址；在那里可以关闭邮件提醒。"),
            ])
        )  # fmt: skip
    return mail


def _connect() -> smtplib.SMTP:
    parts = urlsplit(runtime().config.smtp_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _of_code(code: int) -> Outcome:
    """4xx is for now, 5xx for good (RFC 5321)."""
    return Later(f"SMTP {code}") if 400 <= code < 500 else Refused(f"SMTP {code}")

"""HTML pages: the inbox, and one's channels (shown on the account's page)."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault, message
from domain.reminders import Channel
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.notifications import failure_words, reminder_words, service
from server.notifications.browsers import browser_name
from server.notifications.digests import list_of_day
from server.notifications.forms import ChannelsForm
from server.notifications.preferences import Choice, choose_channels, map_choices
from server.notifications.push import public_key
from server.notifications.subscriptions import list_subscriptions, remove
from server.registry.paging import page_in
from server.runtime import runtime

blueprint = Blueprint("notifications", __name__)
PER_PAGE = 100
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/inbox")
@guarded(Action.INBOX_READ)
def inbox() -> Page:
    """Everything one was told, the newest first."""
    number = request.args.get("page", 1, type=whole_number)
    page = service.list_inbox(get_actor(), number)
    return render_template("notifications/inbox.html", page=page)


@blueprint.get("/inbox/overdue/<day>")
@guarded(Action.INBOX_READ)
def overdue(day: str) -> Page:
    """What was overdue on a day, as this person was told as lead or deputy."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise fault("request.not_found") from None
    rows = list_of_day(get_actor(), on)
    number = request.args.get("page", 1, type=whole_number)
    return render_template(
        "notifications/overdue.html", page=page_in(rows, number or 1, PER_PAGE), day=on,
        about=reminder_words.about, how=reminder_words.how, term=reminder_words.term_of,
    )  # fmt: skip


@blueprint.post("/inbox/read")
@guarded(Action.INBOX_READ)
def read_all() -> Page:
    """Up to what the page showed."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise fault("request.missing_field", field="until") from None
    if until.tzinfo is None:
        raise fault("request.wrong_type", field="until", expected="")
    told = request.form.get("shown", "")
    shown = service.read_shown(told)
    if told and shown is None:
        raise fault("request.wrong_type", field="shown", expected="")
    service.mark_read(get_actor(), until, shown)
    return redirect(url_for("notifications.inbox"))


@blueprint.get("/account/channels")
@guarded(Action.INBOX_READ)
def channels() -> Page:
    """Which ways out of the house a person wants."""
    choices = map_choices(get_actor().person_id)
    form = ChannelsForm(
        formdata=None,
        push=choices[Channel.PUSH].is_on,
        email=choices[Channel.EMAIL].is_on,
        webhook=choices[Channel.WEBHOOK].is_on,
        address=choices[Channel.EMAIL].address,
    )
    return _page(form)


@blueprint.post("/account/channels")
@guarded(Action.INBOX_READ)
def choose() -> Page:
    """Stored whole."""
    form = ChannelsForm()
    if not form.validate():
        return _page(form), 422
    choose_channels(
        get_actor(),
        {
            Channel.PUSH: Choice(form.push.data),
            Channel.EMAIL: Choice(form.email.data, form.address.data or ""),
            Channel.WEBHOOK: Choice(form.webhook.data),
        },
    )
    flash(_("已保存。消息始终可以在“消息”页看到。"), "ok")
    return redirect(url_for("notifications.channels"))


@blueprint.post("/account/channels/browsers/<int:subscription_id>/remove")
@guarded(Action.INBOX_READ)
def remove_browser(subscription_id: int) -> Page:
    """It hears nothing more, wherever it is: lost, sold, or somebody else's by now."""
    remove(get_actor(), subscription_id)
    flash(_("已移除，该浏览器不再收到通知。"), "ok")
    return redirect(url_for("notifications.channels"))


@blueprint.get("/reminders/failures")
@guarded(Action.JOB_READ)
def failures() -> Page:
    """What did not leave, for whoever keeps the installation."""
    return _failures_page()


@blueprint.post("/reminders/failures/<int:message_id>/retry")
@guarded(Action.JOB_RETRY)
def retry(message_id: int) -> Page:
    """Goes out with the job's next run."""
    try:
        service.retry(get_actor(), message_id)
    except Fault as refused:
        if refused.code != "reminder.not_safe":
            raise
        return _failures_page(message(refused.code, current_locale(), refused.details)), 409
    flash(_("已安排重发，几分钟内随定时任务发出。"), "ok")
    return redirect(url_for("notifications.failures"))


def _failures_page(refused: str = "") -> str:
    return render_template(
        "notifications/failures.html",
        failures=service.list_failures(get_actor().jurisdiction_id),
        channels=failure_words.channel_words(),
        states=failure_words.state_words(),
        reason=failure_words.reason,
        refused=refused,
    )


def _page(form: ChannelsForm) -> str:
    config = runtime().config
    return render_template(
        "notifications/channels.html",
        form=form,
        browsers=list_subscriptions(get_actor().person_id),
        browser_name=browser_name,
        push_key=public_key(),
        has_mail=bool(config.smtp_url and config.mail_from),
        has_webhook=bool(config.webhook_url),
    )

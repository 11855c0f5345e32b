"""HTML pages: whose phone still holds data, and one phone with what happened to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.errors import Fault, message
from server.devices import service
from server.devices.forms import NameForm, RevokeForm, UnsentFileForm
from server.devices.wording import clock_word, incident_word, size_word, state_word
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.runtime import now, runtime

blueprint = Blueprint("devices", __name__, url_prefix="/devices")
Page = str | AnyResponse | tuple[str, int]
WORDS = {"clock_word": clock_word, "size_word": size_word, "state_word": state_word}
SHOWN = ("", "holding", "attention", "clock", "closed")


@blueprint.url_value_preprocessor
def let_a_long_file_in(endpoint: str | None, _values: object) -> None:
    """A file with photos is longer than any other body; it is spooled to disk. Only for somebody
    with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.import_file" and session.get("token"):
        request.max_content_length = runtime().config.max_import_bytes


@blueprint.get("")
@guarded(Action.DEVICE_READ)
def list_phones() -> Page:
    """The most pressing first, filtered."""
    return _list_page(UnsentFileForm(formdata=None))


@blueprint.post("/import")
@guarded(Action.DEVICE_IMPORT)
def import_file() -> Page:
    """Hands in a file of unsent work."""
    form = UnsentFileForm()
    if not form.validate():
        return _list_page(form), 422
    try:
        found = service.import_unsent(get_actor(), form.opened)
    except Fault as refused:
        return _list_page(form, refused), refused.status
    _tell(found)
    return redirect(url_for("devices.phone", device_id=found.device))


@blueprint.get("/<device_id>")
@guarded(Action.DEVICE_READ)
def phone(device_id: str) -> Page:
    """One phone."""
    return _phone_page(device_id)


@blueprint.post("/<device_id>/rename")
@guarded(Action.DEVICE_ADMIN)
def rename(device_id: str) -> Page:
    """Gives it a name."""
    form = NameForm()
    if not form.validate():
        return _phone_page(device_id, name_form=form), 422
    service.rename_phone(get_actor(), device_id, form.name.data or "")
    return redirect(url_for("devices.phone", device_id=device_id))


@blueprint.post("/<device_id>/revoke")
@guarded(Action.DEVICE_ADMIN)
def revoke(device_id: str) -> Page:
    """Stops it."""
    form = RevokeForm()
    if not form.validate():
        return _phone_page(device_id, revoke_form=form), 422
    service.revoke_phone(get_actor(), device_id, form.reason.data or "")
    flash(_("已停用。手机上已记录的内容仍可送达，转为待处理的更正草稿。"), "ok")
    return redirect(url_for("devices.phone", device_id=device_id))


@blueprint.post("/<device_id>/wipe")
@guarded(Action.DEVICE_ADMIN)
def wipe(device_id: str) -> Page:
    """Orders it wiped."""
    try:
        service.order_wipe(get_actor(), device_id)
    except Fault as refused:
        return _phone_page(device_id, refused=refused), refused.status
    flash(_("已下达清除指令，手机下次联系时得知。"), "ok")
    return redirect(url_for("devices.phone", device_id=device_id))


@blueprint.post("/<device_id>/release")
@guarded(Action.DEVICE_RELEASE)
def release(device_id: str) -> Page:
    """Stops waiting for what will not come."""
    try:
        told = service.release_waiting(get_actor(), device_id)
    except Fault as refused:
        return _phone_page(device_id, refused=refused), refused.status
    flash(_("已处理 {n} 条。", n=len(told)), "ok")
    return redirect(url_for("devices.phone", device_id=device_id))


def _list_page(form: UnsentFileForm, refused: Fault | None = None) -> str:
    phones = service.list_phones(get_actor())
    wanted = {name: request.args.get(name, "").strip() for name in ("q", "show", "department")}
    rows = [one for one in phones if _is_wanted(one, wanted)]
    return render_template(
        "devices/list.html",
        phones=rows,
        total=len(phones),
        counts={name: sum(_shows(one, name) for one in phones) for name in SHOWN},
        photos=sum(one.photos_waiting or 0 for one in phones if one.holds_data),
        wanted=wanted,
        departments=sorted({(one.department.code, one.department.name) for one in phones}),
        form=form,
        **_refusal(refused),
        **WORDS,
    )


def _phone_page(
    device_id: str,
    name_form: NameForm | None = None,
    revoke_form: RevokeForm | None = None,
    refused: Fault | None = None,
) -> str:
    actor = get_actor()
    device, person = service.reach_device(actor, Action.DEVICE_READ, device_id)
    found = service.list_all_phones([device.id])[0]
    history = service.read_history(found)
    first = min((one.at for one in history.early), default=None)
    return render_template(
        "devices/phone.html",
        phone=found,
        history=history,
        events=[
            {
                "at": one.at,
                "what": incident_word(one.kind, one.details),
                "who": service.name_of(one.by),
                "tone": "warn" if one.kind in service.ALARMING else "plain",
                "icon": "alert" if one.kind in service.ALARMING else "ring_dot",
            }
            for one in history.incidents
        ],
        number_of=service.number_of,
        earlier=service.list_earlier_names(device.id),
        name_form=name_form or NameForm(formdata=None, name=device.name),
        revoke_form=revoke_form or RevokeForm(formdata=None),
        can_admin=may(actor, Action.DEVICE_ADMIN, service.target_of(person)),
        can_release=service.can_release(actor, person, device.id),
        may_release=may(actor, Action.DEVICE_RELEASE, service.target_of(person)),
        release_from=first + service.RELEASE_AFTER if first is not None else None,
        **_refusal(refused),
        **WORDS,
    )


def _is_wanted(one: service.Phone, wanted: dict[str, str]) -> bool:
    text = f"{one.label} {one.person.name} {one.person.account} {one.device.id}".lower()
    return (
        wanted["q"].lower() in text
        and wanted["department"] in ("", one.department.code)
        and _shows(one, wanted["show"])
    )


def _shows(one: service.Phone, name: str) -> bool:
    match name:
        case "holding":
            return one.holds_data
        case "attention":
            return one.needs_attention or one.forbidden > 0
        case "clock":
            return one.is_clock_off
        case "closed":
            return one.state != "active"
        case "silent":
            return one.heartbeat is None
        case _:
            return True


def _refusal(refused: Fault | None) -> dict[str, Any]:
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": reason, "now": now()}


def _tell(found: service.ImportReport) -> None:
    fresh = sum(n for status, n in found.statuses.items() if status != "replay")
    known = found.statuses.get("replay", 0)
    text = _(
        "已导入：新收记录 {fresh} 条，原已收到 {known} 条，照片 {photos} 张。",
        fresh=fresh,
        known=known,
        photos=found.photos - len(found.photos_refused),
    )
    flash(text, "ok")
    if not found.is_proven:
        flash(_("文件未通过核验，内容未生效，全部转为待处理的更正草稿。"), "warn")
    if found.missing is not None:
        flash(_("缺少第 {n} 号记录，其后的内容等待补传。", n=found.missing), "warn")
    if found.photos_refused:
        flash(_("有 {n} 张照片与登记不符，未收下。", n=len(found.photos_refused)), "warn")

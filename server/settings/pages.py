"""HTML page: the county's settings, each beside its clause; preview of what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor, may
from domain.county_settings import GROUPS, read_setting
from domain.errors import Fault, fault, message
from domain.results import EXPORTED_AS, LocalResult
from domain.risk import CombinationRule, combination
from domain.setting_values import check_setting
from server.accounts.service import get_jurisdiction, list_departments
from server.draws import service as draws
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.runtime import today
from server.settings import service, words
from server.settings.clauses import CLAUSES
from server.settings.forms import SettingsForm, typed_values

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.SETTING_READ)
def show() -> Page:
    """All settings, what they rest on, and who changed them."""
    return _page(get_actor())


@blueprint.post("/<group>")
@guarded(Action.SETTING_WRITE)
def save(group: str) -> Page:
    """Saves one panel, or shows what it would do."""
    actor = get_actor()
    if group not in GROUPS:
        raise fault("request.not_found")
    typed = typed_values(group, request.form, [one.code for one in list_departments()])
    form = SettingsForm()
    if not form.validate():
        raise fault("request.bad_parameter", field="version")
    try:
        if form.preview.data:
            return _page(actor, typed, effects=_effects(actor, typed))
        changed = service.save(actor, typed, form.version.data or 0)
    except service.RefusedSettings as several:
        return _page(actor, typed, refused=several.refused), 422
    except Fault as refused:
        return _page(actor, typed, refused={"": refused}), refused.status
    flash(_("已保存，更改 {n} 项", n=changed) if changed else _("没有改动"), "ok")
    return redirect(url_for("settings.show") + f"#{group}")


def _effects(actor: Actor, typed: dict[str, Any]) -> list[draws.Effect]:
    """Raises RefusedSettings for values that could not be saved either."""
    checked, refused = {}, {}
    for key, value in typed.items():
        try:
            checked[key] = check_setting(key, value)
        except Fault as reason:
            refused[key] = reason
    if refused:
        raise service.RefusedSettings(refused)
    own = get_jurisdiction(actor.jurisdiction_id).settings
    return draws.compare_quotas(actor, today().year, _rules(own), _rules({**own, **checked}))


def _rules(settings: dict[str, Any]) -> draws.RuleSet:
    stated = read_setting(settings, "risk.combination")
    table = combination(CombinationRule(stated["rule"]), stated.get("cells"))
    return draws.RuleSet(draws.multipliers_of(settings), table, settings)


def _page(
    actor: Actor,
    typed: dict[str, Any] | None = None,
    refused: Mapping[str, Fault] | None = None,
    effects: list[draws.Effect] | None = None,
) -> str:
    """``typed`` stands in its fields whatever became of it."""
    locale, departments = current_locale(), list_departments()
    views = {one.setting.key: one for one in service.list_settings(actor)}
    values = {key: one.value for key, one in views.items()} | (typed or {})
    return render_template(
        "settings/settings.html",
        groups=words.group_names(),
        views=views,
        values=values,
        table=words.cells_of(values["risk.combination"]),
        reasons={
            key: message(one.code, locale, one.details) for key, one in (refused or {}).items()
        },
        refused=refused or {},
        effects=effects,
        labels=words.labels(),
        hints=words.hints(),
        tiers=words.tier_names(),
        choices=words.choice_names(),
        exported=[(one, EXPORTED_AS[one]) for one in LocalResult],
        rules=words.rule_names(),
        conventions=words.conventions(),
        clauses=CLAUSES,
        shown=partial(words.shown, departments={one.code: one.name for one in departments}),
        changed_cells=words.changed_cells,
        departments=departments,
        history=service.list_history(actor),
        version=service.version_of(actor),
        can_write=may(actor, Action.SETTING_WRITE, None),
    )

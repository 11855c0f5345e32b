"""HTML page of the administrator: the jobs, how they went, and running one now."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.jobs import service, wording

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.JOB_READ)
def show() -> Page:
    """All jobs, and whether somebody sees to them."""
    return _page()


@blueprint.post("/<name>/retry")
@guarded(Action.JOB_RETRY)
def retry(name: str) -> Page:
    """Due now: the scheduler calls a worker within seconds."""
    try:
        service.retry(get_actor(), name)
    except Fault as refused:
        if refused.code != "job.running":
            raise
        return _page(message(refused.code, current_locale(), refused.details), refused.code), 409
    flash(_("已安排，几秒钟内开始：{job}", job=wording.job_title(name)), "ok")
    return redirect(url_for("jobs.show"))


def _page(refused: str = "", code: str = "") -> str:
    return render_template(
        "jobs/list.html",
        jobs=service.list_jobs(),
        health=service.look(),
        troubled=service.list_troubled_runs(),
        words=wording.job_words(),
        job_title=wording.job_title,
        run_text=wording.run_text,
        refused=refused,
        refused_code=code,
    )

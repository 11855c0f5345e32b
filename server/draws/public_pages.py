"""Public pages, without sign-in: what there is to read, every draw, and one draw to check."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from server.accounts.directory import find_public_county
from server.accounts.service import get_jurisdiction
from server.boundary import whole_number
from server.disclosure.service import count_by_task
from server.draws import public_reading as reading
from server.draws.change_wording import CHANGE_WORDS
from server.draws.explanation import explain_ratio
from server.draws.public_files import find_pool, find_record
from server.draws.ratios import ratio_of_draw
from server.draws.reading import record_file
from server.guard import guarded
from server.i18n import translate as _
from server.visitors import answer_file, answer_page

blueprint = Blueprint("public_draws", __name__)
Page = str | AnyResponse
MAX_QUESTION = 60


@blueprint.get("/public")
@guarded(Action.PUBLIC_READ)
def index() -> Page:
    """Where a citizen begins."""
    return render_template("public/index.html", doors=public_doors()[1:])


@blueprint.get("/public/draws")
@guarded(Action.DRAW_VERIFY)
def list_draws() -> Page:
    """Every draw, whatever became of it; of ``?county=`` alone where one is named."""
    if county := request.args.get("county", ""):
        find_public_county(county)
    page = reading.list_public_draws(request.args.get("page", 1, type=whole_number))
    return answer_page(render_template("public/draws.html", page=page))


@blueprint.get("/public/draws/<public_id>")
@guarded(Action.DRAW_VERIFY)
def draw(public_id: str) -> Page:
    """One draw: what was committed to, what came out, and the means to check it."""
    page = request.args.get("page", 1, type=whole_number)
    q = " ".join(request.args.get("q", "").split())[:MAX_QUESTION]
    view = reading.view_public_draw(public_id, page, q)
    raised = explain_ratio(ratio_of_draw(view.draw))
    task, county = view.draw.task, get_jurisdiction(view.draw.jurisdiction_id)
    counts = {of: n for of, _name, n in count_by_task(county.id, task.plan_id)}
    return answer_page(
        render_template(
            "public/draw.html", view=view, raised=raised, results=counts.get(task.id, 0),
            county_code=county.code, **CHANGE_WORDS,
        )
    )  # fmt: skip


@blueprint.get("/public/draws/<public_id>/pool.json")
@guarded(Action.DRAW_VERIFY)
def pool(public_id: str) -> Page:
    """The frozen pool; the SHA-256 of this file is the published digest."""
    found = find_pool(public_id)
    return answer_file(found.etag, lambda: found.draw.pool, f"{public_id}-pool.json")


@blueprint.get("/public/draws/<public_id>/record.json")
@guarded(Action.DRAW_VERIFY)
def record(public_id: str) -> Page:
    """The record, as ``suicha draw verify`` and the visitor's browser read it."""
    found = find_record(public_id)
    return answer_file(
        found.etag, lambda: record_file(found.draw.record or {}), f"{public_id}.json"
    )


@blueprint.app_template_global()
def public_doors() -> list[dict[str, str]]:
    """The public pages of this version, the start first; other subjects bring their own."""
    served = {rule.rule for rule in current_app.url_map.iter_rules()}
    doors = [
        {"href": "/public", "word": _("公示首页"), "icon": "home", "hint": ""},
        {
            "href": "/public/plans",
            "word": _("年度计划"),
            "icon": "plan",
            "hint": _("今年查什么、查多少、由谁查，含调整前后的各个版本。"),
        },
        {
            "href": "/public/items",
            "word": _("随机抽查事项清单"),
            "icon": "list",
            "hint": _("检查只能按清单进行，清单之外无检查。"),
        },
        {
            "href": "/public/draws",
            "word": _("抽取公示"),
            "icon": "draw",
            "hint": _("每次抽取的抽取池摘要、随机数和结果，任何人都可以重新计算。"),
        },
        {
            "href": "/public/results",
            "word": _("检查结果公示"),
            "icon": "public",
            "hint": _("按企业、任务、部门和时间查询检查结果、更正和后续处置结果，可下载。"),
        },
        {
            "href": "/public/check",
            "word": _("核对检查人员"),
            "icon": "person",
            "hint": _("检查人员上门时，扫码或输入核对码，看检查是否属实、来的是谁。"),
        },
        {
            "href": "/public/report",
            "word": _("举报违法线索"),
            "icon": "alert",
            "hint": _("不用登录，可以匿名；凭编号和查询码查询办理情况。"),
        },
        {
            "href": "/public/trail",
            "word": _("留痕摘要"),
            "icon": "lock",
            "hint": _("每项操作都留痕，每天公布一个签名摘要，事后改动会被发现。"),
        },
    ]
    return [door for door in doors if door["href"] in served]

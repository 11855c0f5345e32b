"""The addresses of every office page: whose they are, and what each is expected to answer."""

from __future__ import annotations

from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from server.db import db
from tools.busy_county import FROZEN, JOINT, TASK, County, inspections_of

BAD_DAY = "/public/results?from=1.1.2026&result=problem"
# Where nothing has been imported yet.
EMPTY_COUNTY = [
    "/",
    "/day",
    "/board",
    "/calendar",
    "/calendar/notices",
    "/publication",
    "/inspections",
    "/tasks",
    "/draws",
    "/redraws",
    "/draw-changes",
    "/pauses",
    "/plans",
    "/plans/new",
    "/plans/links",
    "/plans/coverage",
    "/plans/supervision",
    "/plans/adjustments",
    "/inbox",
    "/inbox/overdue/2026-01-05",
    "/follow-up",
    "/clues",
    "/reports",
    "/reports/entries",
    "/reports/evaluation",
    "/trainings",
    "/telling",
    "/revisits",
    "/indicators",
    "/statistics",
    "/statistics/warnings",
    "/corrections",
    "/devices",
    "/public/plans",
    "/public/items",
    "/public/draws",
    "/public/results",
    "/public/trail",
]


def pages_of(county: County) -> dict[str, list[str]]:
    """Account → the pages it opens; the empty account is a visitor."""
    passenger, freight = inspections_of(county, "passenger"), inspections_of(county, TASK)
    joint = inspections_of(county, JOINT)
    with county.desk():
        rows = db.session.execute(text("SELECT id, task_id, state FROM draws")).all()
        draws = [f"/draws/{row.id}" for row in rows]
        shown_to_all = [
            f"/public/draws/{one}"
            for one in db.session.scalars(text("SELECT max(public_id) FROM draws GROUP BY state"))
        ]
        tasks = {row.state: row.task_id for row in rows}
        own = dict(
            db.session.execute(text("SELECT category, min(id) FROM plan_tasks GROUP BY 1")).all()
        )
        kept = db.session.execute(text("SELECT id, state, status FROM proposals")).all()
        orders = [row.id for row in kept]
        paper, asking = db.session.execute(
            text(
                "SELECT order_id, account FROM correction_evidence e "
                "JOIN people ON people.id = e.person_id"
            )
        ).one()
        changes = db.session.execute(text("SELECT id FROM draw_changes ORDER BY id")).scalars()
        changes = list(changes)
        phones = db.session.execute(text("SELECT id FROM devices ORDER BY rowid")).scalars().all()
        other = db.session.execute(
            text("SELECT id FROM plan_tasks WHERE ownership NOT IN ('initiating', 'cooperating')")
        ).scalar()
        items = dict(db.session.execute(text("SELECT code, id FROM inspection_items")).all())
        published = db.session.scalar(text("SELECT min(uscc) FROM public_results"))
        drafted = draft_pages(county)
        entering = people_of(county, passenger[2]), people_of(county, freight[0])
    strays = [f"/corrections/{row.id}" for row in kept if row.status == "forbidden"]
    asked = [f"/corrections/{row.id}" for row in kept if row.status != "forbidden"]
    matters = phones[-4:]  # holds data, waits for a number, lost and to be wiped, wiped
    shown = [*passenger, freight[0], freight[2], joint[0]]
    task_ids = {*tasks.values(), own["driver_training"], own[FROZEN], other}
    found = {
        "": [
            "/sign-in",
            "/board",
            "/nowhere",
            "/public",
            "/public/plans",
            "/public/plans/1",
            "/public/plans/1/1",
            "/public/items",
            "/public/draws",
            "/public/trail",
            "/public/report",
            "/public/check",
            "/public/report/XS2026-0001",
            f"/firm/{'x' * 32}",
            "/public/results",
            BAD_DAY,
            "/public/results/shown",
            f"/public/results/visits/{passenger[4]}",
            f"/public/results/{published}",
            *shown_to_all,
        ],
        "bangong": [
            "/",
            "/day",
            "/day?day=2026-03-23",
            "/day?day=2026-01-01",
            "/board",
            "/board?state=done",
            "/board/groups?by=officer",
            "/board/pictures",
            "/board/screen",
            "/board/paper",
            "/calendar",
            "/calendar?month=2027-02",
            "/calendar?day=2026-04-28",
            "/calendar/notices",
            "/publication",
            "/publication?by=officer",
            "/publication/missing?step=publication",
            f"/publication/{passenger[4]}/tr",
            "/inspections",
            "/inspections?q=没有这一家",
            *(f"/inspections/{one}" for one in shown),
            *(f"/inspections/{one}/archive" for one in (passenger[4], joint[0])),
            "/inspections/999",
            "/corrections",
            "/corrections?platform=open",
            *(f"/corrections/{one}" for one in orders),
            "/corrections/none",
            "/follow-up",
            "/follow-up?state=done&q=zyx",
            "/follow-up/1",
            "/follow-up/2",
            "/follow-up/999",
            "/reports",
            "/reports/4",
            "/reports/4/behind?of=joint/drawn",
            "/reports/2",
            "/reports/5",
            "/reports/6",
            "/reports/6/behind?of=now/visits",
            "/reports/7",
            "/reports/8",
            "/reports/entries",
            "/reports/evaluation",
            "/reports/dates/2026",
            "/telling",
            "/telling?state=overdue&q=zyx",
            *(f"/telling/{one}/tr" for one in (passenger[0], passenger[4], passenger[3])),
            "/revisits",
            "/revisits/1",
            "/indicators",
            "/statistics",
            "/statistics?by=month&first=2025-01-01",
            "/statistics?by=firm&first=1.1.2026",
            "/statistics/warnings",
            "/statistics/warning?kind=trade&code=passenger&month=2026-04",
            "/registry/firms/1/past",
            "/clues",
            "/clues?state=closed&q=zyx",
            "/clues/1",
            "/clues/2",
            "/clues/4",
            "/devices",
            "/devices?show=closed",
            "/devices?q=没有这一部",
            *(f"/devices/{one}" for one in matters),
            "/tasks",
            *(f"/tasks/{one}" for one in sorted(task_ids)),
            *(f"/tasks/{own[JOINT]}/{one}" for one in ("materials", "summary")),
            "/draws",
            *draws,
            *(f"{one}/screen" for one in draws),
            "/redraws",
            "/draw-changes",
            *(f"/draw-changes/{one}" for one in changes),
            f"/inspections/{joint[0]}/replace",
            f"/inspections/{joint[0]}/withdraw",
            f"/tasks/{own['driver_training']}/official",
            "/inspections?state=withdrawn",
            f"{draws[0]}/documents",
            f"{draws[-1]}/documents",
            f"/inspections/{shown[0]}/documents",
            "/plans",
            "/plans/1",
            "/plans/3",
            "preview",
            "/plans/new",
            "/plans/3/edit",
            "/plans/3/tasks/new",
            "/plans/1/versions/2",
            "/plans/1/adjust/add",
            "/plans/tasks/4/adjust/change",
            "/plans/tasks/2/adjust/drop",
            "/plans/adjustments",
            "/plans/adjustments/1/paper",
            "/plans/links",
            "/plans/coverage",
            "/plans/supervision",
            "/draws/reached",
            "/draws/reached/firms",
            "/registry/firms",
            "/registry/firms?q=没有这一家",
            "/registry/firms/1",
            "/registry/firms/1/edit",
            "/registry/firms/new",
            "/registry/firms?status=mistaken",
            "/registry/vehicles",
            "/registry/vehicles?q=zyx",
            "/registry/officers",
            "/registry/officers/handovers",
            "/trainings",
            "/trainings/new",
            "/trainings/1",
            "/registry/risk",
            "/registry/experts",
            "/registry/experts/new",
            "/registry/organisation",
            "/registry/organisation?q=zyx&state=past",
            "/registry/history/departments/1",
            "/registry/history/teams/1",
            "/settings",
            "/registry/imports",
            "/registry/imports/new/firms",
            "/registry/imports/new/tiers",
            "/registry/imports/new/teams",
            *(f"/registry/imports/{one}" for one in (1, 4, 5)),  # done, columns, preview
            "/registry/officers?certificate=expired",
            "/registry/officers/12?firm=zyx",
            "/registry/officers/12/edit",
            "/registry/tags",
            "/registry/tags?for=officers",
            "/registry/tags?for=firms&q=zyx&state=retired",
            "/registry/checklists",
            "/registry/checklists/passenger@1",
            "/registry/checklists/versions/passenger@1/phone",
            *drafted,
            "/registry/items",
            *(f"/registry/items/{items['hazmat']}{more}" for more in ("", "/edit", "/guide")),
            "/registry/items/province",
            "/account",
            "/account/channels",
            "/inbox",
            "/registry/officers/new",
            "/registry/items/new",
            "/registry/checklists/drafts/new",
            "/registry/experts/1",
            "/registry/firms?lacks=new_class",
        ],
        "zuzhang": [
            "/",
            "/day",
            "/day/findings",
            "/day/summary",
            "/day/summary/1",
            f"/inspections/{freight[0]}",
            *strays,
            "/settings",
            "/registry/experts/1",
            "/registry/imports",
        ],
        entering[0]: ["/", "/inspections", f"/inspections/{passenger[2]}/tr/enter", "/account"],
        entering[1]: [f"/inspections/{freight[0]}/tr/enter"],
        "shichangban": [
            "/",
            *(f"/tasks/{own[JOINT]}/{one}" for one in ("materials", "summary")),
            "/registry/officers/handovers",
            "/registry/officers/13/edit",
        ],
        "shichang2": ["/day", f"/inspections/{joint[0]}"],
        "zhuyao": [
            "/",
            f"/inspections/{passenger[0]}",
            *asked,
            *draws,
            *(f"/draw-changes/{one}" for one in changes[2:3]),
            "/plans/adjustments/2",
        ],
        "ducha": [
            f"/inspections/{passenger[4]}",
            "/audit",
            "/audit?target=zyx",
            "/audit/1",
            "/audit/sample?seed=7f3a",
        ],
        "guanli": [
            "/",
            "/accounts",
            "/settings",
            "/jobs",
            "/reminders/failures",
            "/board",
            "/devices",
            *(f"/devices/{one}" for one in matters),
        ],
    }
    asked_on = f"/corrections/new/{passenger[4]}/tr"
    own_pages = [asked_on, f"{asked_on}?item=PAX-02&item=PAX-03", f"/corrections/{paper}/paper"]
    found[asking] = [*found.get(asking, []), *own_pages]
    return found


def draft_pages(county: County) -> list[str]:
    """A draft with one entry changed and one taken out; at the desk."""
    from server.registry.editing.drafts import seen_of, start_draft
    from server.registry.editing.saving import remove_entry, save_entry

    office = county.actor("bangong")
    draft = start_draft(office, "hazmat")
    first, last = draft.entries[0], draft.entries[-1]
    said = {"code": first.code, **first.content, "severity": "一般"}
    save_entry(office, "hazmat", first.id, said, first.inspection_item_id, seen=seen_of(first))
    remove_entry(office, "hazmat", last.id, seen_of(last))
    here = "/registry/checklists/drafts"
    return [f"{here}/hazmat", f"{here}/hazmat/entries/{first.id}"]


def first_of_each_view(county: County, pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """One address of each view, whoever opens it; the start page of everybody. What has no view is
    a page of its own."""
    views: set[str] = set()
    routes = county.app.url_map.bind("")

    def is_first(path: str) -> bool:
        try:
            view, _ = routes.match(path.split("?")[0])
        except HTTPException:
            view = path
        is_new = path == "/" or view not in views
        views.add(view)
        return is_new

    return {account: [one for one in paths if is_first(one)] for account, paths in pages.items()}


def people_of(county: County, inspection_id: int) -> str:
    """The account of an officer of the visit who is nobody's lead."""
    from server.inspections.service import get_inspection

    team = get_inspection(county.actor("ducha"), inspection_id).team
    accounts = [county.account_of(one.officer.name) for one in team]
    return next(one for one in accounts if one != "zuzhang")


def expected_status(account: str, path: str) -> int:
    if path in ("/nowhere", "/inspections/999", "/corrections/none", "/follow-up/999"):
        return 404
    if path == BAD_DAY:
        return 422
    return (
        403 if (account, path) in {("guanli", "/board"), ("zuzhang", "/registry/imports")} else 200
    )

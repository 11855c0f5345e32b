"""Reports of the busy county: annex 1 made anew, a task summed up, the year's numbers."""

from __future__ import annotations

from tools.busy_county import County


def add_reports(county: County) -> None:
    """Through the same services as the office; the demo has made the first ones."""
    from domain.reports.evaluation import Period
    from domain.reports.task_summary import SummaryType
    from server.planning.service import list_own_tasks
    from server.reports import service
    from server.reports.making_evaluation import make_evaluation
    from server.runtime import today

    with county.desk():
        office = county.actor("bangong")
        service.make_annex1(office, today())
        task = next(one for one in list_own_tasks(office) if one.category == "passenger")
        service.make_summary(office, task.id, SummaryType.INITIATING)
        service.make_annual(office, today())
        texts = {
            "conclusion": "随机抽查覆盖各行业，问题多数已办结；部门联合仍偏少。",
            "measures": "下半年汽车客运、危险货物运输各安排一次部门联合抽查。",
        }
        make_evaluation(office, Period(today().year), texts)

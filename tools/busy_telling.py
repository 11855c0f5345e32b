"""Firms told of the week's results: one by hand that states its view and hands in proof behind its
link, one whose notice is only made."""

from __future__ import annotations

import io

from tools.busy_county import NOW, County, draw_evidence


def add_telling(county: County, told_id: int, made_id: int) -> None:
    """Through the same services as the office and the firm."""
    from domain.telling import Delivery, Way
    from server.db import scope_to
    from server.telling import service

    with county.desk():
        office = county.actor("bangong")
        for inspection_id in (told_id, made_id):
            version = service.view_telling(office, inspection_id, "tr").version
            assert version is not None
            service.make_notice(office, inspection_id, "tr", version.version)
        view = service.view_telling(office, told_id, "tr")
        assert view.notice is not None and view.link is not None
        by_hand = Delivery(
            Way.DIRECT, NOW.date(), "王建国、李明", "陈经理（安全员）", has_proof=True
        )
        receipt = service.Proof(io.BytesIO(draw_evidence("送达回证", 1)), "送达回证.jpg")
        service.record_delivery(office, told_id, "tr", view.notice.id, by_hand, receipt)
        code = service.issue_code(office, told_id, "tr")
        secret = service.open_link(view.link.token, code, "192.0.2.1")
        link, visit = service.require_visit(view.link.token, secret)
        said = "道路运输证当日在车管所换证，有受理回执，请予复核。"
        service.state_view(link, visit, "tr", said, "陈经理（安全员）", None)
        own = service.read_record(link).get("tr")
        if own.open_cases:
            proof = service.Proof(io.BytesIO(draw_evidence("改正后", 2)), "改正后照片.jpg")
            service.hand_in(link, visit, "tr", own.open_cases[0].id, "已随车携带", proof)
        scope_to(office.jurisdiction_id)

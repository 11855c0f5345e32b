"""结果更正单: what an order says on paper, approved, refused or still open (R080, R081)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template

from domain.access import Actor
from domain.corrections import ProposalAction
from server.accounts.directory import list_person_names
from server.accounts.service import get_jurisdiction
from server.corrections.events import SignedStep
from server.corrections.reading import OrderView, view_order
from server.corrections.rules import approval_rule
from server.documents.press import STYLESHEET
from server.documents.typesetting import typeset_pdf
from server.documents.wording import file_name
from server.i18n import in_chinese
from server.inspections.wording import result_word
from server.publication.models import PlatformReceipt, Publication
from server.publication.records import list_standing_publications, list_standing_receipts
from server.results import service as results
from server.results.models import SheetVersion
from server.runtime import now

TITLE = "结果更正单"
STYLES = (STYLESHEET, "dossier.css")


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """``before`` is the version it was written on, ``after`` the one its approval made;
    ``endorsement`` and ``decision`` are there once they were given, ``needs_endorsement`` says
    that an open order waits for the first. ``corrected_on`` and ``published_on``: since when the
    platform and the public have the version it made, or a later one. ``names`` are those of who
    handed in evidence."""

    view: OrderView
    county: str
    before: SheetVersion | None
    after: SheetVersion | None
    endorsement: SignedStep | None
    decision: SignedStep | None
    needs_endorsement: bool
    names: dict[int, str]
    corrected_on: date | None
    published_on: date | None
    printed_at: datetime


def read_paper(actor: Actor, order_id: str) -> OrderPaper:
    """Raises ``correction.not_found``."""
    view = view_order(actor, order_id)
    versions = {one.version: one for one in results.list_versions(view.sheet.id)}
    taken = {one.action: one for one in view.signatures}
    decision = taken.get(ProposalAction.APPROVE) or taken.get(ProposalAction.REFUSE)
    made = decision.version if decision is not None else None
    standing = view.order.standing.version
    return OrderPaper(
        view=view,
        county=get_jurisdiction(actor.jurisdiction_id).name,
        before=versions.get(made - 1 if made is not None else standing),
        after=versions.get(made) if made is not None else None,
        endorsement=taken.get(ProposalAction.ENDORSE),
        decision=decision,
        needs_endorsement=approval_rule(actor.jurisdiction_id).needs_endorsement,
        names=list_person_names([one.person_id for one in view.evidence]),
        corrected_on=_first(made, list_standing_receipts([view.sheet.id]), "received_on"),
        published_on=_first(made, list_standing_publications([view.sheet.id]), "published_on"),
        printed_at=now(),
    )


def _first(
    made: int | None, entries: Sequence[PlatformReceipt] | Sequence[Publication], name: str
) -> date | None:
    """A later version on the platform covers the earlier correction."""
    days: list[date] = [getattr(one, name) for one in entries if made and one.version >= made]
    return min(days, default=None)


def write_paper_pdf(actor: Actor, order_id: str) -> tuple[str, bytes]:
    """(file name, PDF), in the language of the documents. Raises as ``read_paper`` and
    ``typeset_into``."""
    with in_chinese():
        paper = read_paper(actor, order_id)
        html = render_template("corrections/paper_pdf.html", paper=paper, result_word=result_word)
    number = paper.view.number or paper.view.inspection.number
    return f"{file_name(TITLE, number)}.pdf", typeset_pdf([html], STYLES)

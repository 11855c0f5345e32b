"""The table of `disclosure`, field by field.

Personal data and trade secrets stay out: 政府信息公开条例 art. 15, 道路运输条例 art. 60 (domain.md
part 2). A sole trader's own name is the firm's name and shown as such; the address may be the home.
Officers are named, because who inspects answers for it (R077); their certificate numbers are
personal data (docs/draw.md 3) and checked at the door.
"""

from typing import Final

from domain.disclosure import Disclosure, Rule, Showing, Why

PRIVACY: Final = "政府信息公开条例§15"
TRADE: Final = "道路运输条例§60"


def _public(part: str, why: Why, clauses: str, *fields: str) -> list[Rule]:
    return [Rule(part, one, Showing.PUBLIC, why, tuple(clauses.split())) for one in fields]


def _masked(part: str, clauses: str, *fields: str) -> list[Rule]:
    told = (*clauses.split(), PRIVACY)
    return [Rule(part, one, Showing.MASKED, Why.WORDS, told) for one in fields]


def _hidden(part: str, why: Why, *fields: str) -> list[Rule]:
    clauses = {Why.PERSON: (PRIVACY,), Why.EVIDENCE: (PRIVACY, TRADE), Why.TRADE: (TRADE,)}
    return [Rule(part, one, Showing.HIDDEN, why, clauses.get(why, ())) for one in fields]


DISCLOSURE: Final = Disclosure(
    (
        # The entered version, as its snapshot tells it.
        *_public("result", Why.IDENTITY, "R082", "number", "firm.name", "firm.uscc"),
        *_hidden("result", Why.PERSON, "firm.address"),
        *_hidden("result", Why.INTERNAL, "firm.status"),
        *_public("result", Why.MATTER, "R077 R087", "department.code", "department.name"),
        *_public("result", Why.MATTER, "R087", "lists", "ended_on"),
        *_public("result", Why.RESULT, "R074", "entered.at"),
        *_hidden("result", Why.INTERNAL, "entered.by"),
        *_public(
            "result", Why.MATTER, "R087", "items[].code", "items[].text", "items[].basis",
            "items[].severity",
        ),
        *_public("result", Why.RESULT, "R082", "items[].result", "items[].result_text"),
        *_public("result", Why.RESULT, "R082", "items[].answer.outcome"),
        *_masked("result", "R082", "items[].answer.note"),
        *_hidden("result", Why.TRADE, "items[].answer.value", "items[].answer.verdict"),
        *_hidden("result", Why.INTERNAL, "items[].answer.by_rest"),
        *_hidden("result", Why.EVIDENCE, "items[].photos"),
        *_hidden(
            "result", Why.PERSON, "signatures[].name", "signatures[].post",
            "signatures[].relation", "signatures[].relation_note", "signatures[].reason",
            "signatures[].officer_id",
        ),
        *_hidden(
            "result", Why.INTERNAL, "signatures[].role", "signatures[].refused", "signatures[].at"
        ),
        # What the approval of a correction adds to the version it made.
        *_masked("result", "R080 R081", "correction.reason"),
        *_public("result", Why.CORRECTION, "R080 R081", "correction.approved_at"),
        *_hidden(
            "result", Why.INTERNAL, "correction.sheet", "correction.version", "correction.changes",
            "correction.op", "correction.proposal", "correction.approval_reason",
        ),
        *_hidden("result", Why.PERSON, "correction.proposed_by", "correction.approved_by"),
        # The officers of the department who signed the record.
        *_public("officer", Why.MATTER, "R077 R087", "name"),
        *_hidden("officer", Why.PERSON, "officer_id", "cert_no"),
        # The task, and its items as the published list has them.
        *_public("task", Why.MATTER, "R015 R087", "number", "name", "draw", "items"),
        # Where and since when this version is public.
        *_public(
            "publication", Why.RESULT, "R082 R083", "version", "channel", "published_on", "address"
        ),
        *_hidden(
            "publication", Why.INTERNAL, "id", "jurisdiction_id", "sheet_id", "is_void", "reason",
            "recorded_at",
        ),
        *_hidden("publication", Why.PERSON, "recorded_by"),
        *_hidden("publication", Why.EVIDENCE, "document_sha256", "document_name"),
        # A follow-up case, once its outcome is published.
        *_public(
            "follow_up", Why.OUTCOME, "R018 R089", "item_code", "item_text", "severity",
            "result_code", "disposal", "body", "done_on",
        ),
        *_masked("follow_up", "R018 R089", "public_text"),
        *_hidden(
            "follow_up", Why.INTERNAL, "id", "jurisdiction_id", "inspection_id", "sheet_id",
            "department_id", "finding", "state", "opened_at", "decide_by", "case_no", "due_on",
            "decided_at", "outcome", "is_published", "revision",
        ),
        *_hidden("follow_up", Why.PERSON, "decided_by"),
    )
)  # fmt: skip

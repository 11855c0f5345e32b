"""A real record for every argument of a route, of a department in sight or out of sight.

A new argument needs one line in ``QUERIES``: a query for the id of such a record. Where the same
name means something else in one room, the line begins with the room: ``drafts.code``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.routing import Rule

from domain.access import Target

Value = int | str

# Parameters: county, department, code (of the sheet), visit, sheet.
QUERIES: Mapping[str, str] = {
    "act_id": "SELECT id FROM firm_acts WHERE sheet_id = :sheet",
    "assistant_id": "SELECT id FROM assistants WHERE inspection_id = :visit",
    "case_id": "SELECT id FROM follow_ups WHERE sheet_id = :sheet",
    "changes.record.change_id": """SELECT id FROM draw_changes WHERE jurisdiction_id = :county
        AND record IS NOT NULL""",
    "change_id": """SELECT id FROM draw_changes WHERE department_id = :department
        ORDER BY state = 'requested' DESC, id""",
    "clue_id": "SELECT max(id) FROM clues WHERE department_id = :department",
    "code": "SELECT :code",
    "department_id": "SELECT :department",
    "device_id": """SELECT d.id FROM devices d JOIN people p ON p.id = d.person_id
        WHERE p.department_id = :department ORDER BY d.revoked_at IS NULL DESC, d.id""",
    "draw_id": "SELECT draw_id FROM inspections WHERE id = :visit",
    "event_id": "SELECT max(event_id) FROM audit_leaves WHERE jurisdiction_id = :county",
    "evidence_id": """SELECT e.id FROM correction_evidence e JOIN proposals p
        ON p.id = e.order_id WHERE p.inspection_id = :visit
        AND p.entity LIKE 'answer:' || :code || '/%'""",
    "expert_id": "SELECT id FROM experts WHERE jurisdiction_id = :county",
    "firm_id": "SELECT firm_id FROM inspections WHERE id = :visit",
    "handover_id": """SELECT id FROM material_handovers WHERE task_id = (
        SELECT task_id FROM inspections WHERE id = :visit)""",
    "import_id": """SELECT i.id FROM imports i JOIN people p ON p.id = i.made_by
        WHERE p.department_id = :department AND i.state IN ('ready', 'columns')
        ORDER BY i.state DESC""",
    "inspection_id": "SELECT :visit",
    "item": """SELECT substr(id, length('answer:' || :code || '/') + 1) FROM entities
        WHERE space = 'insp:' || :visit AND id LIKE 'answer:' || :code || '/%' ORDER BY id""",
    "item_id": "SELECT id FROM inspection_items WHERE jurisdiction_id = :county",
    "member_id": "SELECT id FROM group_members WHERE jurisdiction_id = :county",
    "message_id": "SELECT id FROM reminder_messages WHERE jurisdiction_id = :county",
    "notice_id": "SELECT id FROM result_notices WHERE sheet_id = :sheet",
    "officer_id": "SELECT id FROM officers WHERE department_id = :department",
    "order_id": "SELECT max(id) FROM plan_adjustments WHERE jurisdiction_id = :county",
    "paper_id": """SELECT p.id FROM clue_papers p JOIN clues c ON c.id = p.clue_id
        WHERE c.department_id = :department ORDER BY c.id DESC""",
    "part_id": """SELECT id FROM summary_parts WHERE task_id = (
        SELECT task_id FROM inspections WHERE id = :visit)""",
    "pause_id": "SELECT id FROM term_pauses WHERE jurisdiction_id = :county",
    "person_id": """SELECT id FROM people WHERE department_id = :department
        AND account LIKE '%1%' ORDER BY id""",
    "phrase_id": "SELECT id FROM phrases WHERE department_id = :department",
    "plan_id": "SELECT min(plan_id) FROM plan_versions WHERE jurisdiction_id = :county",
    "proposal_id": """SELECT id FROM proposals WHERE inspection_id = :visit
        AND entity LIKE 'answer:' || :code || '/%'""",
    "public_id": """SELECT public_id FROM draws WHERE jurisdiction_id = :county
        AND state = 'drawn' ORDER BY id""",
    "redraw_id": "SELECT id FROM redraws WHERE jurisdiction_id = :county",
    "report_id": "SELECT max(id) FROM reports WHERE jurisdiction_id = :county",
    "reference": """SELECT code || '@' || version FROM checklists
        WHERE jurisdiction_id = :county AND code IN ('driver_training', 'frost')
        ORDER BY code DESC""",
    "revisit_id": "SELECT id FROM revisits WHERE jurisdiction_id = :county",
    "row_id": "SELECT id FROM notice_deliveries WHERE sheet_id = :sheet",
    "session_id": """SELECT s.id FROM sign_in_sessions s JOIN people p ON p.id = s.person_id
        WHERE p.department_id = :department AND s.revoked_at IS NULL""",
    "sha256": """SELECT json_extract(fields, '$.sha256') FROM entities
        WHERE type = 'photo' AND sheet_id = :sheet""",
    "space": "SELECT 'insp:' || :visit",
    "step_id": """SELECT s.id FROM follow_up_steps s JOIN follow_ups f ON f.id = s.follow_up_id
        WHERE f.sheet_id = :sheet AND s.document_sha256 IS NOT NULL""",
    "subscription_id": "SELECT id FROM push_subscriptions WHERE jurisdiction_id = :county",
    "summary_id": "SELECT id FROM day_summaries WHERE department_id = :department",
    "tag_id": "SELECT id FROM tags WHERE jurisdiction_id = :county",
    "task_id": "SELECT task_id FROM inspections WHERE id = :visit",
    "team_id": "SELECT id FROM teams WHERE jurisdiction_id = :county",
    "training_id": """SELECT id FROM trainings WHERE department_id = :department
        AND document_sha256 <> ''""",
    "upload_id": """SELECT u.id FROM uploads u JOIN people p ON p.id = u.person_id
        WHERE p.department_id = :department ORDER BY u.id""",
    "vehicle_id": "SELECT id FROM vehicles WHERE jurisdiction_id = :county",
    # the same word for another thing
    "documents.draw_file.draw_id": """SELECT id FROM draws WHERE jurisdiction_id = :county
        AND state = 'drawn' AND ceremony <> '{}' AND origin = 'own' ORDER BY id""",
    "official.file.draw_id": "SELECT draw_id FROM official_draws WHERE jurisdiction_id = :county",
    "clues.step_id": """SELECT s.id FROM clue_steps s JOIN clues c ON c.id = s.clue_id
        WHERE c.department_id = :department AND s.document_sha256 IS NOT NULL
        ORDER BY c.id DESC""",
    "draft_entries.entry_id": """SELECT min(e.id) FROM draft_entries e
        JOIN checklist_drafts d ON d.id = e.draft_id WHERE d.jurisdiction_id = :county""",
    "drafts.code": "SELECT code FROM checklist_drafts WHERE jurisdiction_id = :county",
    "drafts.entry_id": """SELECT min(e.id) FROM draft_entries e
        JOIN checklist_drafts d ON d.id = e.draft_id WHERE d.jurisdiction_id = :county""",
    "entry_history.entry_id": "SELECT firm_id FROM inspections WHERE id = :visit",
    "list_versions.code": "SELECT code FROM checklist_drafts WHERE jurisdiction_id = :county",
    "plan_drafts.plan_id": """SELECT id FROM plans WHERE jurisdiction_id = :county
        AND state = 'draft'""",
    "publication.entry_id": "SELECT id FROM platform_receipts WHERE sheet_id = :sheet",
    "registry_firms.firm_id": """SELECT firm_id FROM vehicles WHERE jurisdiction_id = :county
        ORDER BY id""",
    "report_entries.entry_id": "SELECT max(id) FROM report_entries WHERE jurisdiction_id = :county",
    "summary_parts.report_id": """SELECT max(id) FROM reports WHERE jurisdiction_id = :county
        AND kind = 'summary'""",
    "revisits.draw_id": "SELECT id FROM revisit_draws WHERE jurisdiction_id = :county",
}  # fmt: skip
QUERIES = {**QUERIES, "draft_entries.code": QUERIES["drafts.code"]}

# What a route may be asked for, no record: the same whoever asks.
CHOICES: Mapping[str, Value] = {
    "accounts.name": "-",
    "audit.form": "csv",
    "calendar.notice_id": 1,
    "cell": "window",
    "day": "2026-04-28",
    "deed": "retire",
    "documents.form": "pdf",
    "documents.kind": "record-sheet",
    "exchange.form": "csv",
    "ending": "xlsx",
    "firm": "none",
    "form": "xlsx",
    "group": "draw",
    "key": "annual",
    "kit.code": "access.denied",
    "name": "none",
    "number": 1,
    "publication.kind": "receipt",
    "register": "firms",
    "size": "view",
    "step": "note",
    "telling.form": "pdf",
    "telling.kind": "delivery",
    "token": "none",
    "year": 2026,
}
NOWHERE: Mapping[type, Value] = {int: 999_999, str: "none"}
HOME_ONLY = {"plan_id", "task_id", "order_id"}
# each sees its own part of it
BY_DEPARTMENT = {"publication.task_package", "materials.take_back", "summary_parts.show",
                 "summary_parts.hand_over", "summary_parts.part", "summary_parts.part_file",
                 "summary_parts.give_back", "summary_parts.ask", "summary_parts.join",
                 "summary_parts.joined_file"}  # fmt: skip
DEPARTMENTS_OWN = {"case_id", "change_id", "clue_id", "department_id", "device_id", "import_id",
                   "officer_id", "person_id", "phrase_id", "proposal_id", "sha256", "summary_id",
                   "training_id", "upload_id"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bag:
    """Records of one department of one county, by argument, all of the same joint visit where they
    belong to one."""

    name: str
    values: Mapping[str, Value]
    whole: Target
    sheet: Target
    parts: tuple[Target, ...]
    home: Target

    def fill(self, rule: Rule, nowhere: frozenset[str] = frozenset()) -> str:
        """The address of this rule's record; of none where the arguments are ``nowhere``."""
        values = {
            name: NOWHERE[type(self.find(rule, name))] if name in nowhere else self.find(rule, name)
            for name in rule.arguments
        }
        built = rule.build(values)
        assert built is not None, rule.rule
        return built[1]

    def find(self, rule: Rule, name: str) -> Value:
        room = rule.endpoint.partition(".")[0]
        for known in (self.values, CHOICES):
            for key in (f"{rule.endpoint}.{name}", f"{room}.{name}", name):
                if key in known:
                    return known[key]
        raise KeyError(name)

    def lacks(self, rule: Rule) -> str | None:
        """The argument of this rule that has no record, if one has none."""
        for name in rule.arguments:
            try:
                self.find(rule, name)
            except KeyError:
                return name
        return None

    def targets(self, rule: Rule) -> list[Target]:
        """What the rule's record is to the access table. A whole visit is also each department's
        part of it: which one is meant, the service asks."""
        names = rule.arguments
        if "inspection_id" in names:
            return [self.sheet] if "code" in names else [self.whole, *self.parts]
        if rule.endpoint in BY_DEPARTMENT:
            return [self.whole, *self.parts]
        if names & HOME_ONLY:
            return [self.home]
        return [self.sheet if names & DEPARTMENTS_OWN else self.whole]


def records_of(rule: Rule) -> frozenset[str]:
    """The arguments of a rule that name a record, not a choice."""
    room = rule.endpoint.partition(".")[0]
    if "token" in rule.arguments:  # an address that is a key of its own: nobody is asked who he is
        return frozenset()
    return frozenset(
        name
        for name in rule.arguments
        if name not in CHOICES and f"{room}.{name}" not in CHOICES
    )  # fmt: skip


def how_to_add() -> str:
    """For whoever added a route."""
    return __doc__ or ""


def read_bag(path: Path, name: str, county: str, code: str) -> Bag:
    """Of the county with this number and its department with this code."""
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    (county_id,) = base.execute("SELECT id FROM jurisdictions WHERE code = ?", [county]).fetchone()
    sheet = base.execute(
        """SELECT s.id, s.inspection_id, s.department_id FROM sheets s
        WHERE s.jurisdiction_id = ? AND s.code = ? AND s.entered_at IS NOT NULL
        AND (SELECT count(*) FROM sheets o WHERE o.inspection_id = s.inspection_id) > 1""",
        [county_id, code],
    ).fetchone()
    known = {"county": county_id, "code": code, "visit": sheet["inspection_id"]}
    known |= {"department": sheet["department_id"], "sheet": sheet["id"]}
    values = {key: _first(base, key, query, known) for key, query in QUERIES.items()}
    (home,) = base.execute(
        "SELECT id FROM departments WHERE jurisdiction_id = ? AND is_home", [county_id]
    ).fetchone()
    team = base.execute(
        """SELECT o.person_id FROM team_members m JOIN officers o ON o.id = m.officer_id
        WHERE m.inspection_id = ? AND m.removed_at IS NULL""",
        [sheet["inspection_id"]],
    ).fetchall()
    departments = base.execute(
        "SELECT department_id FROM sheets WHERE inspection_id = ?", [sheet["inspection_id"]]
    ).fetchall()
    base.close()
    team_ids = frozenset(int(one["person_id"]) for one in team)
    return Bag(
        name,
        values,
        Target(county_id, None, team_ids, 0),
        Target(county_id, sheet["department_id"], team_ids, 0),
        tuple(Target(county_id, one[0], team_ids, 0) for one in departments),
        Target(county_id, home, author_person_id=0),
    )


def _first(base: sqlite3.Connection, key: str, query: str, known: dict[str, Any]) -> Value:
    found = base.execute(query, known).fetchone()
    assert found is not None and found[0] is not None, f"no record for {key}: {json.dumps(known)}"
    value: Value = found[0]
    return value

"""The access table: every line of the roles in the domain research as a fact."""

import pytest

from domain.access import Action, Actor, Condition, Role, Target, may, may_ever, roles_for

COUNTY, OTHER_COUNTY = 1, 2
TRANSPORT, MARKET = 10, 20
ME, COLLEAGUE = 100, 101
READS = {action for action in Action if action.value.endswith((".read", ".verify", ".pull"))}
ONESELF = {
    Action.ACCOUNT_SELF, Action.ACCOUNT_SIGN_IN, Action.DEVICE_OWN, Action.INBOX_READ,
    Action.PAGE_HOME,
}  # fmt: skip
# What a firm does behind its link takes its own code: nobody's right here.
EVERYBODYS = {Action.CLUE_REPORT, Action.FIRM_ANSWER}  # who is signed in is one of the public, too
WRITES = set(Action) - READS - ONESELF - EVERYBODYS
HOME_ONLY = {
    Action.CALENDAR_IMPORT, Action.CHECKLIST_IMPORT, Action.CHECKLIST_WRITE, Action.DRAW_IMPORT,
    Action.DRAW_RUN, Action.EXPERT_WRITE, Action.FIRM_WRITE, Action.INSPECTION_ASSIGN,
    Action.INSPECTION_CLOSE, Action.REVISIT_DRAW,
    Action.ITEM_WRITE, Action.ORGANISATION_WRITE, Action.PLAN_IMPORT, Action.REDRAW_REQUEST,
    Action.PLAN_ADJUST, Action.PLAN_PUBLISH, Action.PLAN_WRITE, Action.SETTING_WRITE,
    Action.REPORT_MAKE, Action.TAG_WRITE, Action.WITHDRAWAL_REQUEST,
}  # fmt: skip
RECORD_WRITES = {
    Action.SHEET_FILL, Action.SHEET_SUBMIT, Action.SHEET_ENTER, Action.SHEET_REVIEW,
    Action.SYNC_PUSH, Action.FILE_UPLOAD, Action.CORRECTION_REQUEST, Action.CORRECTION_APPROVE,
    Action.CORRECTION_ENDORSE, Action.INSPECTION_ASSIGN,
}  # fmt: skip


def _actor(*roles: Role, department: int = TRANSPORT, jurisdiction: int = COUNTY) -> Actor:
    is_home = department == TRANSPORT
    return Actor(ME, jurisdiction, department, frozenset(roles), is_home=is_home)


def _sheet(department: int = TRANSPORT, team: set[int] | None = None) -> Target:
    members = frozenset({ME, COLLEAGUE} if team is None else team)
    return Target(COUNTY, department, members)


# A target that meets every condition at once.
EASY = Target(COUNTY, TRANSPORT, frozenset({ME}), author_person_id=COLLEAGUE)


def test_every_action_has_a_row_with_at_least_one_role() -> None:
    for action in Action:
        assert roles_for(action), action


def test_nobody_signed_in_does_only_what_the_public_does() -> None:
    public = {action for action in Action if may(None, action)}
    assert public == {
        Action.ACCOUNT_SIGN_IN,
        Action.CLUE_REPORT,
        Action.DRAW_VERIFY,
        Action.FIRM_ANSWER,
        Action.KIT_READ,
        Action.PUBLIC_READ,
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_other_county_is_closed_to_everybody(role: Role, action: Action) -> None:
    stranger = _actor(role, jurisdiction=OTHER_COUNTY)
    assert may(stranger, action, EASY) is may(None, action)


@pytest.mark.parametrize("action", Action)
def test_forgotten_target_opens_no_door_that_has_a_condition(action: Action) -> None:
    free = {Condition.ANY, Condition.OWN_JURISDICTION, Condition.HOME_DEPARTMENT}
    conditional = set(Condition) - free
    for role, condition in roles_for(action).items():
        if condition in conditional:
            assert not may(_actor(role), action)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_may_ever_is_true_exactly_where_an_easy_target_is_allowed(
    role: Role, action: Action
) -> None:
    assert may_ever(_actor(role), action) is may(_actor(role), action, EASY)


@pytest.mark.parametrize("action", Action)
def test_home_departments_actions_are_closed_to_every_role_of_a_partner(action: Action) -> None:
    """The county's registers and draws are its home department's; partners hand in their own."""
    conditions = set(roles_for(action).values())
    assert (conditions == {Condition.HOME_DEPARTMENT}) is (action in HOME_ONLY)
    if action in HOME_ONLY:
        partner = _actor(*Role, department=MARKET)
        assert not may_ever(partner, action)
        assert not may(partner, action) and not may(partner, action, Target(COUNTY, MARKET))
        assert may(_actor(*Role), action) and may_ever(_actor(*Role), action)


@pytest.mark.parametrize("action", [Action.OFFICER_WRITE, Action.REPLACEMENT_REQUEST])
def test_each_office_sees_to_its_own_officers_and_the_home_office_to_all(action: Action) -> None:
    home, partner = (_actor(Role.OFFICE_STAFF, department=one) for one in (TRANSPORT, MARKET))
    own, other = Target(COUNTY, MARKET), Target(COUNTY, TRANSPORT)
    assert may(partner, action, own) and not may(partner, action, other)
    assert may(home, action, own) and may(home, action, other)
    assert not may(partner, action, Target(COUNTY)), "nobody's in particular"


def test_auditor_reads_everything_of_the_office_and_writes_nothing() -> None:
    auditor = _actor(Role.AUDITOR)
    anywhere = Target(COUNTY, MARKET)
    assert {action for action in READS if not may(auditor, action, anywhere)} == {Action.SYNC_PULL}
    assert not {action for action in WRITES if may_ever(auditor, action)}


def test_only_the_auditor_reads_the_audit_log() -> None:
    assert set(roles_for(Action.AUDIT_READ)) == {Role.AUDITOR}


def test_administrator_never_touches_or_reads_inspection_data() -> None:
    admin = _actor(Role.ADMIN)
    closed = RECORD_WRITES | {Action.SHEET_READ, Action.PHOTO_READ, Action.DRAW_RUN}
    assert not {action for action in closed if may(admin, action, EASY)}
    assert may(admin, Action.SETTING_WRITE)
    assert may(admin, Action.ACCOUNT_ADMIN)


@pytest.mark.parametrize("action", [Action.SHEET_FILL, Action.SHEET_SUBMIT, Action.SHEET_ENTER])
def test_inspector_works_on_the_own_departments_sheet_of_the_own_team_only(action: Action) -> None:
    inspector = _actor(Role.INSPECTOR)
    assert may(inspector, action, _sheet())
    assert not may(inspector, action, _sheet(team={COLLEAGUE}))
    # Same visit, same team, the other department's sheet.
    assert not may(inspector, action, _sheet(MARKET))
    partner = _actor(Role.INSPECTOR, department=MARKET)
    assert may(partner, action, _sheet(MARKET))
    assert not may(partner, action, _sheet(TRANSPORT))


def test_partner_officer_reads_the_visit_but_not_the_other_sheet() -> None:
    partner = _actor(Role.INSPECTOR, department=MARKET)
    visit = Target(COUNTY, None, frozenset({ME, COLLEAGUE}))
    assert may(partner, Action.INSPECTION_READ, visit)
    assert not may(partner, Action.SHEET_READ, _sheet(TRANSPORT))
    assert not may(partner, Action.PHOTO_READ, _sheet(TRANSPORT))
    assert may(partner, Action.SHEET_READ, _sheet(MARKET))


def test_inspector_does_not_change_the_team_nor_review() -> None:
    inspector = _actor(Role.INSPECTOR)
    closed = {
        Action.INSPECTION_ASSIGN, Action.REPLACEMENT_REQUEST, Action.REPLACEMENT_APPROVE,
        Action.SHEET_REVIEW, Action.CORRECTION_APPROVE, Action.DRAW_RUN, Action.BOARD_READ,
    }  # fmt: skip
    assert not {action for action in closed if may(inspector, action, EASY)}


def test_team_lead_reviews_the_own_department_only() -> None:
    lead = _actor(Role.TEAM_LEAD)
    assert may(lead, Action.SHEET_REVIEW, _sheet(team=set()))
    assert not may(lead, Action.SHEET_REVIEW, _sheet(MARKET))


def test_lead_who_is_not_on_the_team_does_not_fill() -> None:
    assert not may(_actor(Role.TEAM_LEAD), Action.SHEET_FILL, _sheet(team={COLLEAGUE}))


def test_office_records_and_watches_but_neither_fills_nor_approves() -> None:
    office = _actor(Role.OFFICE_STAFF)
    for action in (Action.PLAN_IMPORT, Action.DRAW_RUN, Action.RECEIPT_RECORD, Action.BOARD_READ):
        assert may(office, action, EASY)
    closed = {
        Action.SHEET_FILL, Action.SHEET_ENTER, Action.SHEET_REVIEW, Action.CORRECTION_APPROVE,
        Action.CORRECTION_ENDORSE, Action.SETTING_WRITE, Action.AUDIT_READ,
    }  # fmt: skip
    assert not {action for action in closed if may(office, action, EASY)}


def test_each_department_publishes_its_own() -> None:
    for action in (
        Action.RECEIPT_RECORD, Action.PUBLICATION_RECORD, Action.FOLLOW_UP_DECIDE,
        Action.TELLING_RECORD,
    ):  # fmt: skip
        assert not may(_actor(Role.OFFICE_STAFF), action, _sheet(MARKET))


@pytest.mark.parametrize("role", [Role.DEPUTY_HEAD, Role.UNIT_HEAD])
def test_head_reads_and_approves_others_corrections_and_writes_no_record(role: Role) -> None:
    head = _actor(role)
    order = Target(COUNTY, TRANSPORT, author_person_id=COLLEAGUE)
    assert may(head, Action.CORRECTION_APPROVE, order)
    assert not may(head, Action.CORRECTION_APPROVE, Target(COUNTY, TRANSPORT, author_person_id=ME))
    assert not may(head, Action.CORRECTION_APPROVE, Target(COUNTY, TRANSPORT))
    assert not may(head, Action.CORRECTION_APPROVE, Target(COUNTY, MARKET, author_person_id=1))
    assert may(head, Action.SHEET_READ, _sheet(team=set()))
    writes = RECORD_WRITES - {Action.CORRECTION_APPROVE, Action.CORRECTION_ENDORSE}
    assert not {action for action in writes if may(head, action, EASY)}


def test_head_who_also_inspects_still_does_not_approve_the_own_correction() -> None:
    both = _actor(Role.UNIT_HEAD, Role.INSPECTOR)
    assert may(both, Action.SHEET_FILL, _sheet())
    assert not may(both, Action.CORRECTION_APPROVE, Target(COUNTY, TRANSPORT, author_person_id=ME))


def test_person_without_a_role_is_treated_as_the_public() -> None:
    bare = _actor()
    assert {a for a in Action if may(bare, a, EASY)} == {a for a in Action if may(None, a)}


def test_person_without_a_department_owns_no_departments_data() -> None:
    homeless = Actor(ME, COUNTY, None, frozenset({Role.TEAM_LEAD}))
    assert not may(homeless, Action.SHEET_REVIEW, Target(COUNTY, None))

"""The table behind `domain.access`: every action, the roles that may do it, on which condition."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Roles of a person in a jurisdiction. A partner officer (配合部门) is an inspector of another
    department. PUBLIC is everybody, signed in or not."""

    PUBLIC = "public"
    INSPECTOR = "inspector"
    TEAM_LEAD = "team_lead"
    OFFICE_STAFF = "office_staff"
    DEPUTY_HEAD = "deputy_head"
    UNIT_HEAD = "unit_head"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Condition(StrEnum):
    """ANY and OWN_JURISDICTION need no target (all is scoped by jurisdiction anyway; the second
    says that the data are the whole county's), nor does HOME_DEPARTMENT: the county's registers
    and draws are its home department's, whoever else takes part. The others are refused without
    one. OWN_OR_HOME: each department's own, and the home department's everywhere."""

    ANY = "any"
    OWN_JURISDICTION = "own_jurisdiction"
    HOME_DEPARTMENT = "home_department"
    OWN_DEPARTMENT = "own_department"
    OWN_OR_HOME = "own_or_home"
    OWN_TEAM = "own_team"
    OTHERS_IN_DEPARTMENT = "others_in_department"


class Action(StrEnum):
    """Everything the system lets a person do."""

    ACCOUNT_ADMIN = "account.admin"
    ACCOUNT_SELF = "account.self"
    ACCOUNT_SIGN_IN = "account.sign_in"
    APP_OPEN = "app.open"
    AUDIT_READ = "audit.read"
    BOARD_READ = "board.read"
    BOARD_REMIND = "board.remind"
    CALENDAR_IMPORT = "calendar.import"
    CALENDAR_READ = "calendar.read"
    CHANGE_READ = "change.read"
    CHECKLIST_IMPORT = "checklist.import"
    CHECKLIST_OFFER = "checklist.offer"
    CHECKLIST_READ = "checklist.read"
    CHECKLIST_WRITE = "checklist.write"
    CLUE_HANDLE = "clue.handle"
    CLUE_READ = "clue.read"
    CLUE_REPORT = "clue.report"
    CORRECTION_APPROVE = "correction.approve"
    CORRECTION_DROP = "correction.drop"
    CORRECTION_ENDORSE = "correction.endorse"
    CORRECTION_READ = "correction.read"
    CORRECTION_REQUEST = "correction.request"
    DAY_READ = "day.read"
    DAY_SIGN = "day.sign"
    DEVICE_ADMIN = "device.admin"
    DEVICE_IMPORT = "device.import"
    DEVICE_OWN = "device.own"
    DEVICE_READ = "device.read"
    DEVICE_RELEASE = "device.release"
    DRAW_IMPORT = "draw.import"
    DRAW_READ = "draw.read"
    DRAW_RUN = "draw.run"
    DRAW_VERIFY = "draw.verify"
    ENTRY_PACKAGE = "entry.package"
    EXPERT_WRITE = "expert.write"
    FILE_UPLOAD = "file.upload"
    FIRM_ANSWER = "firm.answer"  # the firm itself, with a code: no account
    FIRM_READ = "firm.read"
    FIRM_WRITE = "firm.write"
    FOLLOW_UP_DECIDE = "follow_up.decide"
    FOLLOW_UP_READ = "follow_up.read"
    INBOX_READ = "inbox.read"
    INSPECTION_ASSIGN = "inspection.assign"
    INSPECTION_ASSIST = "inspection.assist"
    INSPECTION_CLOSE = "inspection.close"
    INSPECTION_READ = "inspection.read"
    ITEM_READ = "item.read"
    ITEM_WRITE = "item.write"
    JOB_READ = "job.read"
    JOB_RETRY = "job.retry"
    KIT_READ = "kit.read"
    LIBRARY_READ = "library.read"
    MATERIALS_HAND_OVER = "materials.hand_over"
    OFFICER_READ = "officer.read"
    OFFICER_STATISTICS_READ = "officer_statistics.read"
    OFFICER_WRITE = "officer.write"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    PAGE_HOME = "page.home"
    PAUSE_APPROVE = "pause.approve"
    PAUSE_READ = "pause.read"
    PAUSE_REQUEST = "pause.request"
    PHOTO_READ = "photo.read"
    PHRASE_READ = "phrase.read"
    PHRASE_WRITE = "phrase.write"
    PLAN_ADJUST = "plan.adjust"
    PLAN_APPROVE = "plan.approve"
    PLAN_IMPORT = "plan.import"
    PLAN_PUBLISH = "plan.publish"
    PLAN_READ = "plan.read"
    PLAN_WRITE = "plan.write"
    PUBLIC_READ = "public.read"
    PUBLICATION_RECORD = "publication.record"
    RECEIPT_RECORD = "receipt.record"
    REDRAW_APPROVE = "redraw.approve"
    REDRAW_REQUEST = "redraw.request"
    REGISTER_IMPORT = "register.import"
    REGISTER_READ = "register.read"  # whole, as a file
    REPLACEMENT_APPROVE = "replacement.approve"
    REPLACEMENT_REQUEST = "replacement.request"
    REPORT_MAKE = "report.make"
    REPORT_READ = "report.read"
    REVISIT_DRAW = "revisit.draw"
    REVISIT_READ = "revisit.read"
    SETTING_READ = "setting.read"
    SETTING_WRITE = "setting.write"
    SHEET_CHOOSE = "sheet.choose"
    SHEET_ENTER = "sheet.enter"
    SHEET_FILL = "sheet.fill"
    SHEET_READ = "sheet.read"
    SHEET_REVIEW = "sheet.review"
    SHEET_SUBMIT = "sheet.submit"
    STATISTICS_READ = "statistics.read"
    SUMMARY_HAND_OVER = "summary.hand_over"
    SUMMARY_JOIN = "summary.join"
    SUMMARY_READ = "summary.read"
    SYNC_PULL = "sync.pull"
    SYNC_PUSH = "sync.push"
    TELLING_READ = "telling.read"
    TELLING_RECORD = "telling.record"
    WITHDRAWAL_APPROVE = "withdrawal.approve"
    WITHDRAWAL_REQUEST = "withdrawal.request"
    TAG_WRITE = "tag.write"
    TRAINING_READ = "training.read"
    TRAINING_WRITE = "training.write"
    WARNING_DECIDE = "warning.decide"


Row = Mapping[Role, Condition]

_COUNTY = Condition.OWN_JURISDICTION
_HOME = Condition.HOME_DEPARTMENT
_DEPARTMENT = Condition.OWN_DEPARTMENT
_OWN_OR_HOME = Condition.OWN_OR_HOME
_TEAM = Condition.OWN_TEAM
_OTHERS = Condition.OTHERS_IN_DEPARTMENT

_EVERYBODY: Final[Row] = {Role.PUBLIC: Condition.ANY}
_SIGNED_IN: Final[Row] = {role: Condition.ANY for role in Role if role is not Role.PUBLIC}
_COLLEAGUES: Final[Row] = {role: _COUNTY for role in Role if role is not Role.PUBLIC}
_FIELD: Final[Row] = {Role.INSPECTOR: Condition.ANY, Role.TEAM_LEAD: Condition.ANY}
_HEADS: Final = (Role.DEPUTY_HEAD, Role.UNIT_HEAD)

# Administrators see registers and settings, never what a team recorded about a firm.
_RECORDS_READ: Final[Row] = {
    Role.INSPECTOR: _TEAM,
    Role.TEAM_LEAD: _DEPARTMENT,
    Role.OFFICE_STAFF: _DEPARTMENT,
    Role.DEPUTY_HEAD: _DEPARTMENT,
    Role.UNIT_HEAD: _DEPARTMENT,
    Role.AUDITOR: _COUNTY,
}
_WATCH: Final[Row] = {
    Role.TEAM_LEAD: _COUNTY,
    Role.OFFICE_STAFF: _COUNTY,
    Role.DEPUTY_HEAD: _COUNTY,
    Role.UNIT_HEAD: _COUNTY,
    Role.AUDITOR: _COUNTY,
}
# What became of a problem is as much the department's own as what was found.
_FOLLOW_UPS_READ: Final[Row] = {
    role: condition for role, condition in _RECORDS_READ.items() if role is not Role.INSPECTOR
}
# A visit's head (firm, task, team, dates) is the county's business; what was found there is not.
_VISITS_READ: Final[Row] = {**_WATCH, Role.INSPECTOR: _TEAM}
_OFFICE: Final[Row] = {Role.OFFICE_STAFF: _COUNTY}
_OFFICE_AND_ADMIN: Final[Row] = {Role.OFFICE_STAFF: _COUNTY, Role.ADMIN: _COUNTY}
# The county's registers, plans and draws: a partner department takes part and keeps none of them.
_HOME_OFFICE: Final[Row] = {Role.OFFICE_STAFF: _HOME}
_HOME_OFFICE_AND_ADMIN: Final[Row] = {Role.OFFICE_STAFF: _HOME, Role.ADMIN: _HOME}
_ADMIN: Final[Row] = {Role.ADMIN: _COUNTY}
# Whose phone still holds data: each department sees to its own people.
_PHONES: Final[Row] = {
    Role.TEAM_LEAD: _DEPARTMENT,
    Role.OFFICE_STAFF: _DEPARTMENT,
    Role.ADMIN: _COUNTY,
}
_TEAM_WORK: Final[Row] = {Role.INSPECTOR: _TEAM, Role.TEAM_LEAD: _TEAM}

GRANTS: Final[Mapping[Action, Row]] = {
    # open to all
    Action.ACCOUNT_SIGN_IN: _EVERYBODY,
    Action.CLUE_REPORT: _EVERYBODY,
    Action.DRAW_VERIFY: _EVERYBODY,
    Action.FIRM_ANSWER: _EVERYBODY,
    Action.KIT_READ: _EVERYBODY,
    Action.PUBLIC_READ: _EVERYBODY,
    # everybody who signed in
    Action.ACCOUNT_SELF: _SIGNED_IN,
    Action.DEVICE_OWN: _SIGNED_IN,
    Action.INBOX_READ: _SIGNED_IN,  # and by which ways one is told
    Action.PAGE_HOME: _SIGNED_IN,
    Action.CALENDAR_READ: _COLLEAGUES,
    Action.CHECKLIST_READ: _COLLEAGUES,
    Action.DRAW_READ: _COLLEAGUES,
    Action.FIRM_READ: _COLLEAGUES,
    Action.ITEM_READ: _COLLEAGUES,
    Action.LIBRARY_READ: _COLLEAGUES,
    Action.OFFICER_READ: _COLLEAGUES,
    Action.ORGANISATION_READ: _COLLEAGUES,
    Action.PHRASE_READ: _COLLEAGUES,
    Action.PLAN_READ: _COLLEAGUES,
    Action.SETTING_READ: _COLLEAGUES,
    # the field
    Action.APP_OPEN: _FIELD,
    Action.FILE_UPLOAD: _FIELD,
    Action.SYNC_PULL: _FIELD,
    Action.SYNC_PUSH: _FIELD,
    # Between versions the team recorded; the lead adds nothing of their own.
    Action.SHEET_CHOOSE: {Role.INSPECTOR: _TEAM, Role.TEAM_LEAD: _DEPARTMENT},
    Action.SHEET_ENTER: _TEAM_WORK,
    Action.SHEET_FILL: _TEAM_WORK,
    Action.SHEET_SUBMIT: _TEAM_WORK,
    Action.SHEET_REVIEW: {Role.TEAM_LEAD: _DEPARTMENT},
    Action.DAY_SIGN: {Role.TEAM_LEAD: _DEPARTMENT},
    # what was recorded
    Action.INSPECTION_READ: _VISITS_READ,
    Action.PHOTO_READ: _RECORDS_READ,
    Action.SHEET_READ: _RECORDS_READ,
    # watching
    Action.BOARD_READ: _WATCH,
    Action.BOARD_REMIND: {
        **dict.fromkeys((Role.OFFICE_STAFF, *_HEADS), _COUNTY),
        Role.TEAM_LEAD: _DEPARTMENT,
    },
    Action.DAY_READ: _WATCH,
    # The bureau's own: the lists behind them name the firms in which somebody found something.
    Action.REPORT_MAKE: _HOME_OFFICE,
    Action.REPORT_READ: {
        **{role: _HOME for role in _WATCH if role is not Role.AUDITOR},
        Role.AUDITOR: _COUNTY,
    },
    Action.CHANGE_READ: _WATCH,
    Action.AUDIT_READ: {Role.AUDITOR: _COUNTY},
    # corrections and replacements
    Action.CORRECTION_APPROVE: dict.fromkeys(_HEADS, _OTHERS),
    # One's own proposal, also after one has left the team: the service asks for the author.
    Action.CORRECTION_DROP: _FIELD,
    Action.CORRECTION_ENDORSE: {Role.DEPUTY_HEAD: _OTHERS},
    Action.CORRECTION_READ: _RECORDS_READ,
    Action.CORRECTION_REQUEST: _TEAM_WORK,
    # The days of a pause are not counted in a visit's term: never on one's own word.
    Action.PAUSE_APPROVE: dict.fromkeys(_HEADS, _OTHERS),
    Action.PAUSE_READ: _WATCH,
    Action.PAUSE_REQUEST: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _OWN_OR_HOME},
    # To the department that leads the joint task: each hands over its own (R102).
    Action.MATERIALS_HAND_OVER: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _DEPARTMENT},
    # Each hands its part of the summary table to the department that leads, which returns it or
    # joins the parts (R101).
    Action.SUMMARY_HAND_OVER: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _DEPARTMENT},
    Action.SUMMARY_JOIN: {Role.OFFICE_STAFF: _DEPARTMENT},
    Action.SUMMARY_READ: {
        **dict.fromkeys((Role.TEAM_LEAD, Role.OFFICE_STAFF, *_HEADS), _OWN_OR_HOME),
        Role.AUDITOR: _COUNTY,
    },
    # A plan is adjusted with the unit head's signature, never the requester's (R016, R017).
    Action.PLAN_APPROVE: {Role.UNIT_HEAD: _OTHERS},
    Action.REPLACEMENT_APPROVE: {Role.UNIT_HEAD: _OTHERS},
    # Each department knows who of its own cannot go; the home office asks for any of them.
    Action.REPLACEMENT_REQUEST: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _OWN_OR_HOME},
    # A draw made anew: like a replacement, asked for by the office, decided by the unit's head.
    Action.REDRAW_APPROVE: {Role.UNIT_HEAD: _OTHERS},
    Action.REDRAW_REQUEST: _HOME_OFFICE,
    Action.WITHDRAWAL_APPROVE: {Role.UNIT_HEAD: _OTHERS},
    Action.WITHDRAWAL_REQUEST: _HOME_OFFICE,
    # the office
    Action.CHECKLIST_IMPORT: _HOME_OFFICE_AND_ADMIN,
    Action.CHECKLIST_WRITE: _HOME_OFFICE_AND_ADMIN,
    # A newer version for a visit that has not begun: its department's lead, or the office.
    Action.CHECKLIST_OFFER: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _OWN_OR_HOME},
    Action.ITEM_WRITE: _HOME_OFFICE_AND_ADMIN,
    Action.CALENDAR_IMPORT: _HOME_OFFICE_AND_ADMIN,
    Action.EXPERT_WRITE: _HOME_OFFICE_AND_ADMIN,
    Action.FIRM_WRITE: _HOME_OFFICE_AND_ADMIN,
    # Departments hand in their own people; the home office keeps the whole register (R050).
    Action.OFFICER_WRITE: {Role.OFFICE_STAFF: _OWN_OR_HOME, Role.ADMIN: _HOME},
    Action.ORGANISATION_WRITE: _HOME_OFFICE_AND_ADMIN,
    # Each department its own trainings, the home office those of everybody (R119).
    Action.TRAINING_READ: {
        **dict.fromkeys((Role.TEAM_LEAD, Role.OFFICE_STAFF, *_HEADS, Role.ADMIN), _OWN_OR_HOME),
        Role.AUDITOR: _COUNTY,
    },
    Action.TRAINING_WRITE: {Role.OFFICE_STAFF: _OWN_OR_HOME},
    Action.DRAW_IMPORT: _HOME_OFFICE,
    # The way in for a file; which register it may change is asked of that register's own action.
    Action.REGISTER_IMPORT: {Role.OFFICE_STAFF: _COUNTY, Role.ADMIN: _HOME},
    Action.REGISTER_READ: {**_OFFICE_AND_ADMIN, Role.AUDITOR: _COUNTY},
    Action.TAG_WRITE: _HOME_OFFICE_AND_ADMIN,
    Action.DRAW_RUN: _HOME_OFFICE,
    Action.INSPECTION_ASSIGN: _HOME_OFFICE,
    Action.INSPECTION_ASSIST: {**_OFFICE, Role.TEAM_LEAD: _COUNTY},
    Action.PLAN_IMPORT: _HOME_OFFICE,
    # The bureau's plan is its own office's, not that of the departments that go along.
    Action.PLAN_ADJUST: _HOME_OFFICE,
    Action.PLAN_PUBLISH: _HOME_OFFICE,
    Action.PLAN_WRITE: _HOME_OFFICE,
    # Each department's own words.
    Action.PHRASE_WRITE: {Role.OFFICE_STAFF: _DEPARTMENT},
    # Each department records and publishes its own results (谁检查、谁录入、谁公示).
    # What is entered on the official platform: who inspected, or the office of that department.
    Action.ENTRY_PACKAGE: {
        Role.INSPECTOR: _TEAM,
        Role.TEAM_LEAD: _DEPARTMENT,
        Role.OFFICE_STAFF: _DEPARTMENT,
    },
    Action.FOLLOW_UP_DECIDE: {Role.OFFICE_STAFF: _DEPARTMENT},
    Action.FOLLOW_UP_READ: _FOLLOW_UPS_READ,
    # What the public reports: the home office says whose it is, that department deals with it. A
    # clue that is nobody's yet has no department: the home department's alone.
    Action.CLUE_HANDLE: {Role.OFFICE_STAFF: _OWN_OR_HOME},
    Action.CLUE_READ: {
        Role.TEAM_LEAD: _DEPARTMENT,
        Role.OFFICE_STAFF: _OWN_OR_HOME,
        Role.DEPUTY_HEAD: _OWN_OR_HOME,
        Role.UNIT_HEAD: _OWN_OR_HOME,
        Role.AUDITOR: _COUNTY,
    },
    # Each department counts its own findings, the home department the county's.
    Action.STATISTICS_READ: {
        Role.TEAM_LEAD: _DEPARTMENT,
        Role.OFFICE_STAFF: _OWN_OR_HOME,
        Role.DEPUTY_HEAD: _OWN_OR_HOME,
        Role.UNIT_HEAD: _OWN_OR_HOME,
        Role.AUDITOR: _COUNTY,
    },
    # How an officer fares is for those who answer for the officers, and for the audit.
    Action.OFFICER_STATISTICS_READ: {
        Role.TEAM_LEAD: _DEPARTMENT,
        Role.DEPUTY_HEAD: _OWN_OR_HOME,
        Role.UNIT_HEAD: _OWN_OR_HOME,
        Role.AUDITOR: _COUNTY,
    },
    Action.WARNING_DECIDE: {Role.OFFICE_STAFF: _OWN_OR_HOME},
    # Each department tells its own result; the team's lead may have carried the paper there.
    Action.TELLING_READ: _FOLLOW_UPS_READ,
    Action.TELLING_RECORD: {Role.TEAM_LEAD: _DEPARTMENT, Role.OFFICE_STAFF: _DEPARTMENT},
    # The visit is one, whoever took part: its home office closes it.
    Action.INSPECTION_CLOSE: _HOME_OFFICE,
    Action.REVISIT_DRAW: _HOME_OFFICE,
    Action.REVISIT_READ: _WATCH,
    Action.PUBLICATION_RECORD: {Role.OFFICE_STAFF: _DEPARTMENT},
    Action.RECEIPT_RECORD: {Role.OFFICE_STAFF: _DEPARTMENT},
    # administration
    Action.ACCOUNT_ADMIN: _ADMIN,
    Action.DEVICE_ADMIN: _ADMIN,
    Action.DEVICE_IMPORT: _PHONES,
    Action.DEVICE_READ: {**_PHONES, Role.AUDITOR: _COUNTY},
    Action.DEVICE_RELEASE: _PHONES,
    Action.JOB_READ: {**_ADMIN, Role.AUDITOR: _COUNTY},
    Action.JOB_RETRY: _ADMIN,
    Action.SETTING_WRITE: {Role.ADMIN: _HOME},
}

# What a revoked person or phone may still do: deliver what was recorded before, see to the session.
DELIVERY: Final = frozenset({Action.DEVICE_OWN, Action.FILE_UPLOAD, Action.SYNC_PUSH})
ONESELF: Final = frozenset({Action.ACCOUNT_SELF})

"""The one catalogue of faults: code, HTTP status, and what a person is told in both languages.

The data live in tables by subject; this module joins them and is what everybody imports
(through `domain.errors`). Templates are filled with `str.format` from the fault's details.
"""

from typing import Final

from domain.fault_spec import FaultSpec
from domain.faults_of_backups import BACKUP_FAULTS
from domain.faults_of_calendar import CALENDAR_FAULTS
from domain.faults_of_changes import CHANGE_FAULTS
from domain.faults_of_clues import CLUE_FAULTS
from domain.faults_of_day import DAY_FAULTS
from domain.faults_of_devices import DEVICE_FAULTS
from domain.faults_of_documents import DOCUMENT_FAULTS
from domain.faults_of_draws import DRAW_FAULTS
from domain.faults_of_exchange import EXCHANGE_FAULTS
from domain.faults_of_followup import FOLLOW_UP_FAULTS
from domain.faults_of_imports import IMPORT_FAULTS
from domain.faults_of_items import ITEM_FAULTS
from domain.faults_of_jobs import JOB_FAULTS
from domain.faults_of_organisation import ORGANISATION_FAULTS
from domain.faults_of_planning import PLANNING_FAULTS
from domain.faults_of_plans import PLAN_FAULTS
from domain.faults_of_publication import PUBLICATION_FAULTS
from domain.faults_of_registers import REGISTER_FAULTS
from domain.faults_of_reminders import REMINDER_FAULTS
from domain.faults_of_reports import REPORT_FAULTS
from domain.faults_of_settings import SETTING_FAULTS
from domain.faults_of_sheets import SHEET_FAULTS
from domain.faults_of_statistics import STATISTICS_FAULTS
from domain.faults_of_telling import TELLING_FAULTS
from domain.faults_of_terms import TERM_FAULTS
from domain.faults_of_training import TRAINING_FAULTS

__all__ = ["FAULTS", "FaultSpec"]


def _catalogue(*tables: tuple[FaultSpec, ...]) -> dict[str, FaultSpec]:
    joined: dict[str, FaultSpec] = {}
    for table in tables:
        for spec in table:
            if spec.code in joined:
                raise ValueError(f"fault code listed twice: {spec.code}")
            joined[spec.code] = spec
    return joined


FAULTS: Final[dict[str, FaultSpec]] = _catalogue(
    BACKUP_FAULTS,
    CALENDAR_FAULTS,
    CHANGE_FAULTS,
    CLUE_FAULTS,
    DAY_FAULTS,
    DEVICE_FAULTS,
    DRAW_FAULTS,
    DOCUMENT_FAULTS,
    EXCHANGE_FAULTS,
    FOLLOW_UP_FAULTS,
    IMPORT_FAULTS,
    ITEM_FAULTS,
    JOB_FAULTS,
    ORGANISATION_FAULTS,
    PLANNING_FAULTS,
    PLAN_FAULTS,
    PUBLICATION_FAULTS,
    REGISTER_FAULTS,
    REMINDER_FAULTS,
    REPORT_FAULTS,
    SETTING_FAULTS,
    SHEET_FAULTS,
    STATISTICS_FAULTS,
    TELLING_FAULTS,
    TERM_FAULTS,
    TRAINING_FAULTS,
)

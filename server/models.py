"""Every table, imported in one place so that the metadata is whole (migrations, tests)."""

from server.accounts import models as accounts
from server.audit import models as audit
from server.backups import models as backups
from server.clues import models as clues
from server.corrections import models as corrections
from server.custody import models as custody
from server.deadlines import material_models as materials
from server.deadlines import models as deadlines
from server.disclosure import models as disclosure
from server.draws import change_models as draw_changes
from server.draws import models as draws
from server.exchange import models as exchange
from server.fieldsync import models as fieldsync
from server.followup import models as followup
from server.inspections import models as inspections
from server.jobs import models as jobs
from server.notifications import models as notifications
from server.notifications import reminder_models as reminders
from server.organisation import models as organisation
from server.phrases import models as phrases
from server.planning import models as planning
from server.publication import models as publication
from server.registry import entry_models as registry_entries
from server.registry import models as registry
from server.registry import tier_models as registry_tiers
from server.registry.editing import models as checklist_editing
from server.registry.items import models as item_list
from server.reports import models as reports
from server.results import models as results
from server.statistics import models as statistics
from server.telling import models as telling
from server.training import models as training

__all__ = [
    "accounts",
    "audit",
    "backups",
    "checklist_editing",
    "clues",
    "corrections",
    "custody",
    "deadlines",
    "disclosure",
    "draw_changes",
    "draws",
    "exchange",
    "fieldsync",
    "followup",
    "inspections",
    "item_list",
    "jobs",
    "materials",
    "notifications",
    "organisation",
    "phrases",
    "planning",
    "publication",
    "registry",
    "registry_entries",
    "registry_tiers",
    "reminders",
    "reports",
    "results",
    "statistics",
    "telling",
    "training",
]

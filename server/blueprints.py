"""Every blueprint the product serves, in one list (``/kit`` joins in development only)."""

from server.accounts.api import blueprint as accounts_api
from server.accounts.pages import blueprint as accounts
from server.accounts.people_pages import blueprint as people
from server.archive.pages import blueprint as archive
from server.audit.pages import blueprint as audit
from server.audit.public_pages import blueprint as public_trail
from server.clues.pages import blueprint as clues
from server.clues.public_pages import blueprint as public_clues
from server.corrections.api import blueprint as corrections_api
from server.corrections.pages import blueprint as corrections
from server.corrections.paper_pages import blueprint as correction_papers
from server.corrections.request_pages import blueprint as correction_requests
from server.custody.api import blueprint as custody_api
from server.deadlines.calendar_pages import blueprint as work_calendar
from server.deadlines.material_pages import blueprint as materials
from server.deadlines.pages import blueprint as deadlines
from server.deadlines.pause_pages import blueprint as pauses
from server.deadlines.supervision_pages import blueprint as supervision
from server.devices.api import blueprint as devices_api
from server.devices.pages import blueprint as devices
from server.disclosure.pages import blueprint as disclosure
from server.disclosure.site_pages import blueprint as public_site
from server.documents.pages import blueprint as documents
from server.draws.ceremony_pages import blueprint as ceremony
from server.draws.change_pages import blueprint as changes
from server.draws.official_pages import blueprint as official
from server.draws.pages import blueprint as draws
from server.draws.public_pages import blueprint as public_draws
from server.draws.reached_pages import blueprint as reached
from server.draws.redraw_pages import blueprint as redraws
from server.draws.screen_pages import blueprint as screens
from server.exchange.history_pages import blueprint as entry_history
from server.exchange.pages import blueprint as exchange
from server.fieldsync.api import blueprint as fieldsync_api
from server.filling.pages import blueprint as filling
from server.followup.pages import blueprint as followup
from server.followup.revisit_pages import blueprint as revisits
from server.health.api import blueprint as health
from server.inspections.day_api import blueprint as day_api
from server.inspections.day_pages import blueprint as day
from server.inspections.day_summary_pages import blueprint as day_summary
from server.inspections.door_pages import blueprint as door
from server.inspections.pages import blueprint as inspections
from server.inspections.paper_pages import blueprint as papers
from server.inspections.relisting_pages import blueprint as relisting
from server.jobs.pages import blueprint as jobs
from server.notifications.api import blueprint as notifications_api
from server.notifications.pages import blueprint as notifications
from server.organisation.expert_pages import blueprint as experts
from server.organisation.pages import blueprint as organisation
from server.phrases.pages import blueprint as phrases
from server.planning.adjustment_pages import blueprint as plan_adjustments
from server.planning.coverage_pages import blueprint as plan_coverage
from server.planning.draft_pages import blueprint as plan_drafts
from server.planning.link_pages import blueprint as plan_links
from server.planning.pages import blueprint as planning
from server.planning.public_pages import blueprint as public_plans
from server.planning.version_pages import blueprint as plan_versions
from server.publication.pages import blueprint as publication
from server.registry.editing.entry_pages import blueprint as draft_entries
from server.registry.editing.pages import blueprint as drafts
from server.registry.editing.version_pages import blueprint as list_versions
from server.registry.firm_pages import blueprint as registry_firms
from server.registry.handover_pages import blueprint as handovers
from server.registry.items.pages import blueprint as items
from server.registry.items.province_pages import blueprint as province
from server.registry.items.public_pages import blueprint as public_items
from server.registry.officer_pages import blueprint as registry_officers
from server.registry.pages import blueprint as registry
from server.registry.risk_pages import blueprint as risk
from server.registry.tag_pages import blueprint as registry_tags
from server.registry.vehicle_pages import blueprint as registry_vehicles
from server.reports.behind_pages import blueprint as report_lists
from server.reports.date_pages import blueprint as report_dates
from server.reports.entry_pages import blueprint as report_entries
from server.reports.evaluation_pages import blueprint as evaluations
from server.reports.pages import blueprint as reports
from server.reports.part_pages import blueprint as summary_parts
from server.results.pages import blueprint as results
from server.settings.pages import blueprint as settings
from server.shell.pages import blueprint as shell
from server.statistics.history_pages import blueprint as firm_history
from server.statistics.pages import blueprint as statistics
from server.telling.firm_pages import blueprint as firm_link
from server.telling.pages import blueprint as telling
from server.training.pages import blueprint as training

BLUEPRINTS = (
    accounts,
    accounts_api,
    archive,
    audit,
    ceremony,
    changes,
    clues,
    custody_api,
    day,
    day_api,
    day_summary,
    corrections,
    corrections_api,
    correction_papers,
    correction_requests,
    deadlines,
    work_calendar,
    devices,
    devices_api,
    disclosure,
    public_site,
    documents,
    door,
    draft_entries,
    drafts,
    draws,
    experts,
    entry_history,
    exchange,
    fieldsync_api,
    filling,
    firm_history,
    firm_link,
    followup,
    handovers,
    health,
    inspections,
    jobs,
    notifications,
    notifications_api,
    organisation,
    official,
    items,
    list_versions,
    people,
    phrases,
    public_clues,
    public_draws,
    papers,
    pauses,
    materials,
    plan_adjustments,
    plan_coverage,
    plan_drafts,
    plan_links,
    plan_versions,
    planning,
    publication,
    reached,
    redraws,
    public_plans,
    province,
    public_items,
    public_trail,
    registry,
    relisting,
    registry_firms,
    registry_officers,
    registry_tags,
    registry_vehicles,
    evaluations,
    report_dates,
    report_entries,
    report_lists,
    reports,
    summary_parts,
    training,
    results,
    revisits,
    risk,
    screens,
    settings,
    shell,
    statistics,
    supervision,
    telling,
)

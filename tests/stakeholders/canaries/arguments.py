"""What follows the name of each route: an address of every page, and of every screen of the office.

A route with arguments that is not here fails the matrix.
"""

from projects.models import ConflictDeclaration
from stakeholders.meeting_workflow import BILATERAL
from stakeholders.views.meetings import ACTS


def arguments(world, planted) -> dict[str, list[tuple]]:
    """Return {route: [arguments]}; a route with arguments that is not here fails the matrix."""
    return {
        **_arguments_of_register(world, planted),
        **_arguments_of_accounts(),
        **_arguments_of_procedures(world),
        "programme:workstream-detail": [(world.workstream.slug,)],
        "portal:journey": [(world.idea.reference,)],
        "portal:news-detail": [(world.news.slug,)],
        "kpi:indicator-detail": [(world.indicator.code,)],
        "kpi:indicator-record": [(world.indicator.code,)],
        "kpi:indicator-svg": [(world.indicator.code,)],
        "kpi:indicator-embed": [(world.indicator.code,)],
        "kpi:dashboard-of": [("priorities", world.workstream.slug), ("volets", "4")],
        **_arguments_of_figures(world.indicator),
        # No figures are on their way here: nothing of the register comes with them.
        "kpi:import-detail": [(1,)],
        "kpi:import-failed": [(1,)],
        "kpi:import-do": [(1, "approve")],
        "kpi:import-template": [("csv",)],
        "kpi:token-revoke": [(1,)],
        "api:import-state": [(1,)],
        "standards:standard-detail": [(world.standard.slug,)],
        "compliance:statement-do": [(world.statement.pk, "find_partial")],
        "campaigns:campaign-detail": [(world.campaign.slug,)],
        "campaigns:preview": [(world.campaign.slug,)],
        "campaigns:progress": [(world.campaign.slug,)],
        "campaigns:preview-mail": [(world.campaign.slug, "fr")],
        **_arguments_of_plans(world.plan),
        "campaigns:check-links": [(world.campaign.slug,)],
        "campaigns:picture": [("0" * 64,)],
        **{
            f"campaigns:{name}": [(world.campaign.slug,)]
            for name in ("recipient", "recipient-mail", "recipient-people")
        },
        "campaigns:segment-detail": [(world.segment.pk,)],
        "campaigns:segment-do": [(world.segment.pk, "archive"), (world.segment.pk, "delete")],
        "unsubscribe": [("x" * 30,)],
        "click": [(1,)],
        "preferences": [("x" * 30,)],
        "sitemap-part": [("ideas-fr",), ("stakeholders-nl",), ("meetings-fr",)],
    }


def _arguments_of_figures(indicator):
    code, framework = (indicator.code,), indicator.framework.slug
    kinds = ("csv", "csv-metadata.json", "json")
    return {
        "api:indicator-detail": [code],
        "api:framework-detail": [(framework,)],
        "api:place-detail": [(indicator.geo_id,)],
        "api:nothing": [("nothing/at/all",)],
        "catalogue-file": [("ttl",)],
        "catalogue-dataset": [("indicators", indicator.code), ("frameworks", framework)],
        "kpi:all-data": [(kind,) for kind in kinds],
        "kpi:framework-data": [(framework, kind) for kind in kinds],
        "kpi:indicator-data": [(indicator.code, kind) for kind in kinds],
        "kpi:indicator-follow": [code],
        "kpi:figure-report": [code],
        # No index and no report are here: nothing of the register comes with them.
        "kpi:report-detail": [(1,)],
        "kpi:index-detail": [("desi-2022",)],
        "kpi:index-explain": [("desi-2022",)],
        "kpi:index-import-review": [(1,)],
        "kpi:index-import-failed": [(1,)],
    }


def _arguments_of_plans(plan):
    version = [(plan.pk, plan.versions.get().number)]
    return {
        "campaigns:plan-detail": [(plan.pk,)],
        "campaigns:plan-pdf": [(plan.pk,)],
        "campaigns:plan-do": [(plan.pk, "close")],
        "campaigns:plan-version": version,
        "campaigns:plan-version-pdf": version,
        "campaigns:action-do": [(plan.actions.get().pk, "complete")],
        "campaigns:plan-reading": [(plan.kpis.get().pk,)],
    }


def _arguments_of_accounts():
    return {
        "account_confirm_email": [("x",)],
        "account_reset_password_from_key": [("x", "y")],
    }


def _arguments_of_register(world, planted):
    slugs = [(row.slug,) for row in (world.shown, world.other, world.hidden)]
    token = [("x" * 30,)]
    moves = [*BILATERAL.table, *ACTS]
    people = [(planted.person.pk,), (world.partner_contact.pk,)]
    meetings = [world.meeting.pk, planted.to_come.pk]
    return {
        "stakeholders:idea-confirm": token,
        "stakeholders:idea-tracking": token,
        "stakeholders:idea-correct": token,
        "stakeholders:idea-data": token,
        "stakeholders:idea-data-json": token,
        "stakeholders:idea-data-pdf": token,
        "stakeholders:idea-erase": token,
        "stakeholders:idea-feedback": token,
        "stakeholders:subscribe-confirm": token,
        "stakeholders:idea-file": [(planted.file.pk,)],
        "stakeholders:idea-detail": [(world.idea.reference,)],
        "stakeholders:idea-follow": [(world.idea.reference,)],
        "stakeholders:idea-report": [(world.idea.reference,)],
        "stakeholders:exchange": [(planted.exchange.pk,), (world.meeting.interaction_id,)],
        "stakeholders:commitment-new": [(planted.exchange.pk,)],
        "stakeholders:meeting": [(pk,) for pk in meetings],
        "stakeholders:meeting-minutes": [(pk,) for pk in meetings],
        "stakeholders:meeting-do": [(planted.to_come.pk, name) for name in moves],
        "stakeholders:organisation-timeline": slugs,
        "stakeholders:organisation-detail": [*slugs, ("gone",)],
        "stakeholders:contact-timeline": people,
        "stakeholders:assessment-history": slugs,
        "stakeholders:assessment-add": slugs,
    }


def _arguments_of_procedures(world):
    decision, session = world.decision, world.jury.session
    assignment = [(world.jury.assignment().pk,)]
    agenda = [(world.workshop.agenda.first().pk,)]
    return {
        "workshops:workshop-detail": [(world.workshop.pk,)],
        "workshops:workshop-do": [(world.workshop.pk, "archive")],
        "workshops:agenda": [(world.workshop.pk,)],
        "workshops:result": agenda,
        "workshops:take-off": agenda,
        "workshops:put-idea": [(world.idea.reference,)],
        "projects:sheet-from-idea": [(world.idea.reference,)],
        "projects:sheet-detail": [(world.sheet.reference,)],
        "projects:sheet-edit": [(world.sheet.reference,)],
        "projects:sheet-move": [(world.sheet.reference, "submit")],
        "projects:ballot": assignment,
        "projects:declaration": assignment,
        "projects:ruling": [(ConflictDeclaration.objects.get().pk,)],
        "projects:session-detail": [(session.slug,)],
        "projects:session-move": [(session.slug, "close_scoring")],
        "governance:body-detail": [(decision.meeting.body.slug,)],
        "governance:meeting-detail": [(decision.meeting.number,)],
        "governance:meeting-do": [(decision.meeting.number, "close")],
        "governance:decision-detail": [(decision.slug,)],
        "governance:decision-do": [(decision.slug, "rescind")],
        "governance:action-do": [(world.action.pk, "start")],
        "roadmap:milestone-do": [(world.milestone.pk, "reach")],
        "roadmap:edition-detail": [(world.edition.number,)],
        "roadmap:publish-selection": [(decision.pk,)],
        "roadmap:initiative-detail": [(world.initiative.slug,)],
        "roadmap:initiative-do": [(world.initiative.slug, "suspend")],
    }


def office_arguments(world, planted) -> dict[str, list[tuple]]:
    """Return {screen of the register in the back office: [arguments]}."""
    organisation, contact = "stakeholders_organisation_", "stakeholders_contact_"
    pair = (planted.pair.first_id, planted.pair.second_id)
    people = (planted.contact_pair.first_id, planted.contact_pair.second_id)
    return {
        "stakeholders_idea_statement": [(world.idea.pk, "answer")],
        "stakeholders_officialstatement_publish": [()],
        "stakeholders_idea_queue": [()],
        "core_suppression_find": [()],
        "stakeholders_idea_contributors": [()],
        **{
            f"stakeholders_idea_{name}": [(world.idea.pk,)]
            for name in ("notes", "assign", "reports", "letter", "split")
        },
        f"{organisation}duplicates": [()],
        f"{organisation}compare": [pair],
        f"{organisation}reset": [(planted.pair.pk,)],
        f"{organisation}undo": [(planted.merge.pk,)],
        f"{organisation}import": [()],
        f"{organisation}import_template": [("csv",), ("xlsx",)],
        f"{organisation}import_review": [(planted.batch.pk,)],
        f"{organisation}import_failed": [(planted.batch.pk, kind) for kind in ("csv", "xlsx")],
        f"{contact}duplicates": [()],
        f"{contact}compare": [people],
        f"{contact}reset": [(planted.contact_pair.pk,)],
        f"{contact}undo": [(planted.contact_merge.pk,)],
        f"{contact}retention": [()],
        f"{contact}erase": [(planted.person.pk,)],
        f"{contact}job": [(planted.person.pk,)],
        f"{contact}close": [(planted.person.pk, planted.job.pk)],
    }

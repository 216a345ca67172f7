"""One public row behind each route of the portal, and nothing internal known of any."""

from datetime import date
from types import SimpleNamespace

from campaigns.services import adopt_plan
from compliance.models import ComplianceStatement
from core.models import StatusChange
from core.workflow import record_change
from roadmap.models import Milestone, RoadmapVersion
from tests.factories.campaigns import CampaignFactory, SegmentFactory, full_plan
from tests.factories.canaries import HIDDEN_NAME, public_meeting, words_for
from tests.factories.governance import ActionFactory, MandateFactory
from tests.factories.portal import NewsItemFactory, make_chain, words
from tests.factories.programme import WorkstreamFactory
from tests.factories.projects import Jury
from tests.factories.register import HELD_AT
from tests.factories.stakeholders import ContactFactory, OrganisationFactory, StatementFactory
from tests.factories.standards import StandardFactory


def make_world(make_user) -> SimpleNamespace:
    """Return one public row for each route, two listed organisations and a hidden one."""
    chain = make_chain()
    jury = Jury(make_user, jurors=1)
    jury.declare()
    host, second = make_user("staff", name="Host"), make_user("staff", name="Second")
    partner = make_user(name="Partner")
    world = SimpleNamespace(**vars(chain), jury=jury, host=host, partner=partner)
    world.shown = OrganisationFactory(name_fr="Premier", name_nl="Eerste")
    world.other = OrganisationFactory(name_fr="Second", name_nl="Tweede")
    hidden = {f"name_{code}": HIDDEN_NAME for code in ("fr", "nl")}
    world.hidden = OrganisationFactory(is_listed=False, slug=HIDDEN_NAME.lower(), **hidden)
    world.gone = OrganisationFactory(merged_into=world.shown, is_listed=False, slug="gone")
    world.partner_contact = ContactFactory(user=partner, name="Partner", email="partner@brus.be")
    note = words_for(StatusChange)["note"]
    record_change(world.shown, "rest", "active", "dormant", by=host, note=note)
    world.meeting = public_meeting(world.shown, host, second)
    world.answer = StatementFactory(idea=world.idea)
    # That somebody replied is counted in public; what they wrote is internal.
    world.reaction = world.answer.feedback.create(status="review", replied_at=HELD_AT)
    _rest_of(world)
    return world


def _rest_of(world):
    decision = world.decision
    world.mandate = MandateFactory(body=decision.meeting.body, contact=world.partner_contact)
    world.action = ActionFactory(decision=decision)
    world.workstream, world.news = WorkstreamFactory(), NewsItemFactory()
    world.standard, world.plan = StandardFactory(), full_plan()
    adopt_plan(world.plan, by=world.host)
    world.campaign, world.segment = CampaignFactory(), SegmentFactory()
    world.topic = world.campaign.topic
    day = date(2026, 3, 2)
    world.milestone = Milestone.objects.create(
        initiative=world.initiative, planned_on=day, **words("title")
    )
    world.edition = RoadmapVersion.objects.create(
        number=1,
        adopted_by=decision,
        published_on=day,
        sha256="x",
        **words("title", "introduction"),
    )
    world.statement = ComplianceStatement.objects.create(
        initiative=world.initiative, standard=world.standard, status="compliant", checked_on=day,
        **words("evidence"),
    )  # fmt: skip

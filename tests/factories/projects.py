"""Calls, sheets, grids and juries for tests; `Jury` is a session with everything around it."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from accounts.roles import Role
from governance.models import Body, Decision, Mandate, Meeting
from projects import services
from projects.models import (
    Assignment,
    Call,
    ConflictDeclaration,
    Criterion,
    JurySession,
    ProjectSheet,
    Rubric,
    ScaleLevel,
)
from projects.services import Answers
from projects.services.sheets import freeze_version
from stakeholders.models import Contact, Idea
from tests.factories.programme import ThemeFactory


class CallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Call

    slug = factory.Sequence(lambda n: f"call-{n}")
    name_fr = "Appel à projets"
    name_nl = "Projectoproep"
    edition = 2026
    opens_on = date(2026, 1, 5)
    closes_on = date(2026, 3, 27)


class SheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectSheet

    reference = factory.Sequence(lambda n: f"FP-2025-{n:02}")
    call = factory.SubFactory(CallFactory)
    theme = factory.SubFactory(ThemeFactory)
    title_fr = factory.Sequence(lambda n: f"Vélos partagés {n}")
    title_nl = factory.Sequence(lambda n: f"Deelfietsen {n}")
    summary_fr = "Des vélos dans chaque quartier."
    summary_nl = "Fietsen in elke wijk."
    problem_fr = "Il n’y en a pas."
    problem_nl = "Er zijn er geen."
    solution_fr = "En placer."
    solution_nl = "Er plaatsen."
    beneficiaries_fr = "Les habitants."
    beneficiaries_nl = "De bewoners."
    equality_impact_fr = "Tarif social."
    equality_impact_nl = "Sociaal tarief."
    cost_low = 1000
    cost_likely = 2000
    cost_high = 3000


class FrozenSheetFactory(SheetFactory):
    """A sheet that was frozen, with its version."""

    class Meta:
        skip_postgeneration_save = True

    status = ProjectSheet.Status.FROZEN

    @factory.post_generation
    def version(self, create, extracted, **kwargs):
        """Keep the frozen text."""
        freeze_version(self)


class IdeaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Idea

    reference = factory.Sequence(lambda n: f"SCO-2026-{n:05}")
    title = "Plus de vélos"
    body = "Dans chaque quartier, s’il vous plaît."
    language = "fr"
    theme = factory.SubFactory(ThemeFactory)
    status = Idea.Status.PUBLISHED


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body

    slug = factory.Sequence(lambda n: f"body-{n}")
    code = factory.Sequence(lambda n: f"B{n}")
    kind = Body.Kind.JURY
    name_fr = "Jury"
    name_nl = "Jury (nl)"


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    body = factory.SubFactory(BodyFactory, kind=Body.Kind.GOVERNMENT)
    number = factory.Sequence(lambda n: f"GOV-2026-{n:02}")
    title_fr = "Séance"
    title_nl = "Zitting"
    starts_at = factory.LazyFunction(timezone.now)
    status = Meeting.Status.CLOSED


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttributeSequence(lambda row, n: f"{row.meeting.number}/D{n}")
    title_fr = "Sélection"
    title_nl = "Selectie"
    text_fr = "Le Gouvernement décide."
    text_nl = "De Regering beslist."
    reasons_fr = "En fait et en droit."
    reasons_nl = "In feite en in rechte."
    decided_on = date(2026, 4, 23)
    status = Decision.Status.ADOPTED


def make_rubric(weights=None):
    """Return a grid with these weights {code: weight} and the levels 0 to 5."""
    rubric = Rubric.objects.create(
        slug=f"grid-{Rubric.objects.count()}", name_fr="Grille", name_nl="Schema"
    )
    for position, (code, weight) in enumerate((weights or {"c1": 6, "c2": 4}).items(), start=1):
        criterion = Criterion.objects.create(
            rubric=rubric,
            code=code,
            name_fr=f"Critère {code}",
            name_nl=f"Criterium {code}",
            weight=weight,
            position=position,
        )
        ScaleLevel.objects.bulk_create(
            ScaleLevel(
                criterion=criterion,
                value=value,
                anchor_fr=f"niveau {value}",
                anchor_nl=f"trap {value}",
            )
            for value in range(6)
        )
    return rubric


class Jury:
    """A session with its chair, secretary, jurors and frozen sheets, ready to be moved.

    ``stage`` is how far the session already is: planned, rules_frozen or scoring_open.
    """

    def __init__(
        self, make_user, *, jurors=3, sheets=1, quorum=1, weights=None, stage="scoring_open"
    ):
        self.chair = make_user(Role.CHAIR)
        self.secretary = make_user(Role.SECRETARY)
        self.government = make_user(Role.GOVERNMENT)
        self.call = CallFactory()
        self.sheets = FrozenSheetFactory.create_batch(sheets, call=self.call)
        self.body = BodyFactory()
        self.jurors = [make_user(Role.JUROR) for _number in range(jurors)]
        self.mandates = [self.add_mandate(user) for user in self.jurors]
        now = timezone.now()
        self.session = JurySession.objects.create(
            slug=f"session-{self.call.slug}",
            name_fr="Session du jury",
            name_nl="Jurysessie",
            call=self.call,
            body=self.body,
            rubric=make_rubric(weights),
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=7),
            quorum=quorum,
        )
        if stage != "planned":
            services.freeze_rules(self.session, by=self.chair)
        if stage == "scoring_open":
            services.open_scoring(self.session, by=self.chair)

    def add_mandate(self, user):
        """Give ``user`` a voting mandate in the jury."""
        contact = Contact.objects.create(
            name=user.email, email=user.email, language="fr", user=user
        )
        return Mandate.objects.create(
            body=self.body,
            contact=contact,
            title_fr="Membre",
            title_nl="Lid",
            starts_on=date(2026, 1, 1),
        )

    def assignment(self, juror=0, sheet=0) -> Assignment:
        """Return the assignment of one juror on one sheet."""
        return Assignment.objects.get(
            session=self.session, mandate=self.mandates[juror], sheet=self.sheets[sheet]
        )

    def declare(self, juror=0, sheet=0, answer="none"):
        """Let a juror answer the question on conflicts of interest."""
        return services.declare(self.assignment(juror, sheet), answer, by=self.jurors[juror])

    def seal(self, juror, sheet, *values, comment=""):
        """Let a juror declare and seal these values, in the order of the criteria."""
        assignment = self.assignment(juror, sheet)
        if not ConflictDeclaration.objects.filter(assignment=assignment).exists():
            self.declare(juror, sheet)
        return services.seal_ballot(
            assignment, self.answers(*values, comment=comment), by=self.jurors[juror], row_version=0
        )

    def answers(self, *values, comment="") -> Answers:
        """Return the answers with these values, in the order of the criteria."""
        codes = self.session.rubric.criteria.values_list("code", flat=True)
        return Answers(
            {
                code: {"value": value, "comment": comment}
                for code, value in zip(codes, values, strict=True)
            }
        )

    def close(self):
        """Close the scoring."""
        services.close_scoring(self.session, by=self.chair)

    def open(self, note=""):
        """Close the scoring and open the ballots."""
        self.close()
        services.open_ballots(self.session, by=self.secretary, note=note)

    def deliberate(self):
        """Open the ballots and begin to talk about every sheet."""
        self.open(note="peu de bulletins")
        services.begin_deliberation(self.session, by=self.chair)
        for sheet in self.sheets:
            services.deliberate(sheet, by=self.chair)


REASONS = {"reasons_fr": "Un besoin réel.", "reasons_nl": "Een echte nood."}

"""Whatever may be written to the tables from which `Standing` is computed, one write at a time."""

from datetime import date, timedelta
from itertools import count

import pgtrigger
from django.db import connection

from stakeholders.models import (
    BilateralMeeting,
    Engagement,
    Helix,
    Interaction,
    Organisation,
    OrganisationMerge,
    OrganisationStatus,
    Participation,
    StakeholderAssessment,
)
from stakeholders.services import merging
from tests.factories.register import (
    HELD_AT,
    AssessmentFactory,
    BilateralFactory,
    InteractionFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import OrganisationFactory

#: Without "validated", which asks for minutes and a second person.
MEETING_STATES = ("proposed", "held", "minutes_shared", "cancelled", "no_show")
#: Keys far beyond those that the table gives.
OWN_KEYS = count(1 << 40)
FIRST_DAY = date(2026, 1, 1)


class Writer:
    """Writes rows that a source of chance chooses, through Django and past it."""

    def __init__(self, chance, staff):
        self.chance, self.staff = chance, staff

    def one(self, rows):
        """Return the key of one of the rows, None where there is none."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return self.chance.choice(keys) if keys else None

    def organisation(self):
        """Return an organisation, made where there is none."""
        key = self.one(Organisation.objects.all())
        return Organisation.objects.get(pk=key) if key else self.organise()

    def moment(self):
        """Return one of a few moments, so that some are the same; one is to come."""
        return HELD_AT + timedelta(days=self.chance.choice((-200, -100, -1, 0, 4000)))

    def raw(self, model, values: str, key=None):
        """Change one row (``key``, or any) by SQL of which Django knows nothing."""
        key = key or self.one(model.objects.all())
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET {values} WHERE id = %s", [key])

    def organise(self):
        """Make an organisation."""
        return OrganisationFactory(helix=self.chance.choice(Helix.values))

    def assess(self):
        """Assess an organisation, not always after the assessment before."""
        AssessmentFactory(
            organisation=self.organisation(),
            influence=self.chance.randint(1, 5),
            interest=self.chance.randint(1, 5),
            engagement_current=self.chance.choice(Engagement.values),
            engagement_desired=self.chance.choice(Engagement.values),
            assessed_on=FIRST_DAY + timedelta(days=self.chance.choice((0, 1, 30, 4000))),
        )

    def talk(self):
        """Log an exchange of two organisations."""
        exchange = InteractionFactory(
            kind=self.chance.choice(("bilateral", "call", "mail")),
            direction=self.chance.choice(("in", "out")),
            happened_at=self.moment(),
        )
        for _each in range(2):
            ParticipationFactory(interaction=exchange, organisation=self.organisation())

    def talk_backwards(self):
        """Write who took part first and the exchange after it: the keys are checked at the end."""
        exchange = InteractionFactory.build(pk=next(OWN_KEYS), direction="in")
        exchange.happened_at = self.moment()
        ParticipationFactory(interaction=exchange, organisation=self.organisation())
        exchange.save(force_insert=True)

    def meet(self):
        """Make a meeting, about an exchange of whomever where there is one to spare."""
        exchange = Interaction.objects.filter(
            pk=self.one(Interaction.objects.filter(bilateral=None))
        )
        starts_at = self.moment()
        BilateralFactory(
            organisation=self.organisation(),
            owner=self.staff,
            interaction=exchange.first(),
            status=self.chance.choice(MEETING_STATES) if exchange else "proposed",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
        )

    def move_meeting(self):
        """Move a meeting to another state, moment, organisation or exchange."""
        values = {
            "status": f"'{self.chance.choice(MEETING_STATES)}'",
            "starts_at": "starts_at - interval '30 days'",
            "organisation_id": str(self.organisation().pk),
            "interaction_id": "NULL",
        }
        name = self.chance.choice(sorted(values))
        rows = BilateralMeeting.objects.exclude(interaction=None)
        if name == "interaction_id":
            rows = rows.exclude(status__in=("held", "minutes_shared"))
        if key := self.one(rows):
            self.raw(BilateralMeeting, f"{name} = {values[name]}", key)

    def change_exchange(self):
        """Change who sought whom, or what sort of exchange it was."""
        direction, kind = (
            self.chance.choice(("in", "out")),
            self.chance.choice(("bilateral", "call")),
        )
        self.raw(Interaction, f"direction = '{direction}', kind = '{kind}'")

    def change_part(self):
        """Say of somebody's part that it was for another organisation, or for none."""
        other = self.chance.choice(("NULL", str(self.organisation().pk)))
        self.raw(Participation, f"organisation_id = {other}")

    def postpone_part(self):
        """Say of somebody's part that it was later."""
        self.raw(Participation, "happened_at = happened_at + interval '3 days'")

    def remove_exchange(self):
        """Remove an exchange with those who took part."""
        key = self.one(Interaction.objects.filter(bilateral=None))
        Interaction.objects.filter(pk=key).delete()

    def remove_part(self):
        """Remove a part in an exchange by SQL."""
        with connection.cursor() as cursor:
            key = self.one(Participation.objects.all())
            cursor.execute("DELETE FROM stakeholders_participation WHERE id = %s", [key])

    def remove_meeting(self):
        """Remove a meeting."""
        BilateralMeeting.objects.filter(pk=self.one(BilateralMeeting.objects.all())).delete()

    def rewrite_assessment(self):
        """Change or remove an assessment, which only a merge or an erasure can."""
        rows = StakeholderAssessment.objects.filter(
            pk=self.one(StakeholderAssessment.objects.all())
        )
        with pgtrigger.ignore("stakeholders.StakeholderAssessment:append_only"):
            if self.chance.random() < 0.5:
                rows.delete()
            else:
                rows.update(influence=self.chance.randint(1, 5), assessed_on=FIRST_DAY)

    def change_organisation(self):
        """Rename an organisation, change its group or its state."""
        key = self.organisation().pk
        values = {
            "slug": f"'renamed-{self.chance.getrandbits(40)}'",
            "helix": f"'{self.chance.choice(Helix.values)}'",
            "status": f"'{self.chance.choice(OrganisationStatus.values)}'",
        }
        name = self.chance.choice(sorted(values))
        self.raw(Organisation, f"{name} = {values[name]}", key)

    def remove_organisation(self):
        """Remove an organisation about which nothing is known."""
        OrganisationFactory().delete()

    def merge(self):
        """Merge one organisation into another."""
        current = Organisation.objects.current()
        survivor = self.one(current)
        merged = self.one(current.exclude(pk=survivor))
        if merged:
            rows = [Organisation.objects.get(pk=key) for key in (survivor, merged)]
            choices = self.chance.choice(((), ("helix",)))
            merging.merge_organisations(*rows, by=self.staff, reason="Twice.", choices=choices)

    def undo(self):
        """Undo a merge that can be undone."""
        key = self.one(OrganisationMerge.objects.filter(undone_at=None))
        if key:
            record = OrganisationMerge.objects.get(pk=key)
            if not merging.undo_refusal(record):
                merging.undo_merge(record, by=self.staff)


WRITES = sorted(
    {
        *("organise", "change_organisation", "remove_organisation", "merge", "undo"),
        *("assess", "rewrite_assessment", "meet", "move_meeting", "remove_meeting"),
        *("talk", "talk_backwards", "change_exchange", "remove_exchange"),
        *("change_part", "postpone_part", "remove_part"),
    }
)

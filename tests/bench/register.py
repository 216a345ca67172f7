"""A register of any size, made in bulk, for measurements."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from stakeholders.models import (
    Affiliation,
    Contact,
    Helix,
    Interaction,
    Organisation,
    Participation,
    StakeholderAssessment,
)
from stakeholders.models.assessments import Engagement
from tests.factories.rows import municipality, theme, words

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
GROUPS, LEVELS = list(Helix), list(Engagement)
BATCH = 2000


def fill(organisations: int, contacts: int) -> None:
    """Make so many of both, with affiliations, two assessments each and one exchange each."""
    made = make_organisations(organisations)
    make_people(made, contacts)
    make_assessments(made)
    make_exchanges(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_organisations(count: int) -> list[Organisation]:
    """Make listed organisations of all groups with one theme."""
    place, about = municipality(), theme()
    made = Organisation.objects.bulk_create(
        (
            Organisation(
                slug=f"org-{n:06}",
                helix=GROUPS[n % 4],
                is_listed=True,
                municipality=place,
                **words("name", n=n),
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    through = Organisation.themes.through
    through.objects.bulk_create(
        (through(organisation_id=each.pk, theme_id=about.pk) for each in made), batch_size=BATCH
    )
    return made


def make_people(organisations, count: int) -> None:
    """Make people, each at one organisation."""
    people = Contact.objects.bulk_create(
        (
            Contact(name=f"Person {n}", email=f"person{n}@example.org", language="fr")
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    Affiliation.objects.bulk_create(
        (
            Affiliation(
                contact=each,
                organisation=organisations[n % len(organisations)],
                starts_on=date(2020, 1, 1),
            )
            for n, each in enumerate(people)
        ),
        batch_size=BATCH,
    )


def make_assessments(organisations) -> None:
    """Make two assessments of each organisation, over all fields of the grid."""
    StakeholderAssessment.objects.bulk_create(
        (
            StakeholderAssessment(
                organisation=each,
                influence=1 + n % 5,
                interest=1 + n // 5 % 5,
                engagement_current=LEVELS[n % 5],
                engagement_desired=LEVELS[n // 3 % 5],
                rationale="Seen twice.",
                assessed_on=day,
            )
            for day in (date(2026, 1, 1), date(2026, 6, 1))
            for n, each in enumerate(organisations)
        ),
        batch_size=BATCH,
    )


def make_exchanges(organisations) -> None:
    """Make one exchange with each organisation, over the year before."""
    exchanges = Interaction.objects.bulk_create(
        (
            Interaction(
                kind="call",
                direction="in" if n % 2 else "out",
                subject=f"Call {n}",
                happened_at=NOW - timedelta(days=n % 365),
            )
            for n in range(len(organisations))
        ),
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        (
            Participation(interaction=call, organisation=each, happened_at=call.happened_at)
            for call, each in zip(exchanges, organisations, strict=True)
        ),
        batch_size=BATCH,
    )

"""Many public rows of each kind, made in bulk; `lists.py` says which page shows which."""

from datetime import UTC, date, datetime, timedelta

from campaigns.models import Campaign, CommunicationPlan
from compliance.models import ComplianceStatement
from core.models import Document
from governance.models import Body, Decision, Meeting
from kpi.models import CompositeIndex, Framework, Indicator, Observation
from portal.models import NewsItem, ParliamentaryQuestion
from programme.models import Municipality, Theme, Workstream
from projects.models import Call, JurySession, ProjectSheet, Rubric
from roadmap.models import Initiative, Milestone, RoadmapVersion
from stakeholders.models import BilateralMeeting, Idea, Interaction, Organisation, Topic
from standards.models import Principle, Standard, StandardTheme
from workshops.models import Workshop

from .kpi import place

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def words(*fields, n=0) -> dict:
    """Return French and Dutch values for translated ``fields``."""
    return {
        f"{field}_{code}": f"{field} {text} {n}"
        for field in fields
        for code, text in (("fr", "français"), ("nl", "Nederlands"))
    }


def theme():
    """Return one theme, made once."""
    return Theme.objects.get_or_create(slug="mobility", defaults=words("name"))[0]


def municipality():
    """Return one municipality, made once."""
    return Municipality.objects.get_or_create(
        slug="ixelles",
        defaults={"nis": "21009", "postcodes": "1050", "lat": 50.8, "lon": 4.4, **words("name")},
    )[0]


def ideas(count):
    """Make public ideas."""
    Idea.objects.bulk_create(
        Idea(
            reference=f"SCO-2026-{n:05}",
            title=f"Idea {n}",
            body="words",
            language="fr",
            theme=theme(),
            municipality=municipality(),
            status="published",
            submitted_at=NOON + timedelta(minutes=n),
        )
        for n in range(count)
    )


def organisations(count):
    """Make organisations that agreed to be shown."""
    Organisation.objects.bulk_create(
        Organisation(
            slug=f"org-{n}",
            helix="public",
            is_listed=True,
            municipality=municipality(),
            **words("name", n=n),
        )
        for n in range(count)
    )


def workstreams(count):
    """Make workstreams."""
    Workstream.objects.bulk_create(
        Workstream(slug=f"ws-{n}", theme=theme(), **words("name", "summary", n=n))
        for n in range(count)
    )


def workshops(count):
    """Make announced workshops."""
    Workshop.objects.bulk_create(
        Workshop(
            kind="multidisciplinary",
            series_no=n,
            theme=theme(),
            municipality=municipality(),
            starts_at=NOON + timedelta(hours=n),
            ends_at=NOON + timedelta(hours=n + 1),
            status="published",
            **words("title", "summary", "venue", n=n),
        )
        for n in range(count)
    )


def call():
    """Return one call, made once."""
    about = {"edition": 1, "opens_on": DAY, "closes_on": DAY, **words("name")}
    return Call.objects.get_or_create(slug="call", defaults=about)[0]


def sheets(count):
    """Make frozen sheets."""
    ProjectSheet.objects.bulk_create(
        ProjectSheet(
            reference=f"FP-{n}",
            call=call(),
            theme=theme(),
            status="frozen",
            **words(*ProjectSheet.public_fields, n=n),
        )
        for n in range(count)
    )


def sessions(count):
    """Make sessions of the jury in which scores are given."""
    jury = Body.objects.create(slug="jury", kind="jury", code="JUR", **words("name"))
    rubric = Rubric.objects.create(slug="rubric", **words("name"))
    JurySession.objects.bulk_create(
        JurySession(
            slug=f"session-{n}",
            call=call(),
            body=jury,
            rubric=rubric,
            opens_at=NOON + timedelta(hours=n),
            closes_at=NOON + timedelta(hours=n + 1),
            rules_sha256="x",
            status="scoring_open",
            **words("name", n=n),
        )
        for n in range(count)
    )


def bodies(count):
    """Make bodies, each with a meeting to come and a meeting that decided something."""
    made = Body.objects.bulk_create(
        Body(slug=f"body-{n}", kind="working_group", code=f"W{n}", **words("name", n=n))
        for n in range(count)
    )
    later = datetime.now(UTC) + timedelta(days=1)
    for status, starts_at in (("convened", later), ("closed", NOON)):
        held = Meeting.objects.bulk_create(
            Meeting(
                body=body,
                number=f"{body.code}-{status}",
                starts_at=starts_at,
                status=status,
                **words("title"),
            )
            for body in made
        )
    Decision.objects.bulk_create(
        Decision(
            number=f"{each.number}/D1",
            meeting=each,
            decided_on=DAY,
            status="adopted",
            **words("title", "text", "reasons"),
        )
        for each in held
    )


def meeting():
    """Return one meeting of a body."""
    body = Body.objects.create(slug="board", kind="board", code="GB", **words("name"))
    return Meeting.objects.create(
        body=body, number="GB-2026-01", starts_at=NOON, status="closed", **words("title")
    )


def decisions(count):
    """Make adopted decisions."""
    held = meeting()
    Decision.objects.bulk_create(
        Decision(
            number=f"GB-2026-01/D{n}",
            meeting=held,
            decided_on=DAY,
            status="adopted",
            **words("title", "text", "reasons", n=n),
        )
        for n in range(count)
    )


def initiatives(count):
    """Make ongoing initiatives."""
    return Initiative.objects.bulk_create(
        Initiative(
            slug=f"initiative-{n}",
            origin="existing",
            status="in_progress",
            theme=theme(),
            starts_on=DAY,
            **words("title", "summary", "lead", "period", n=n),
        )
        for n in range(count)
    )


def indices(count):
    """Make published composite indices."""
    CompositeIndex.objects.bulk_create(
        CompositeIndex(code=f"index-{n}", status="published", **words("name", n=n))
        for n in range(count)
    )


def indicators(count):
    """Make published indicators with three observations each."""
    framework = Framework.objects.create(slug="local", **words("name"))
    region = place("BXL")
    made = Indicator.objects.bulk_create(
        Indicator(
            code=f"indicator-{n}",
            geo=region,
            framework=framework,
            theme=theme(),
            unit_code="count",
            direction="up",
            status="published",
            **words("name", "definition", "unit", n=n),
        )
        for n in range(count)
    )
    Observation.objects.bulk_create(
        Observation(indicator=each, geo_id="BXL", period=str(year), value=year)
        for each in made
        for year in (2023, 2024, 2025)
    )


def standards(count):
    """Make standards."""
    about = StandardTheme.objects.create(slug="geo", **words("name"))
    labels = [f for f in ("owner_label", "version_label") if hasattr(Standard, f"{f}_fr")]
    return Standard.objects.bulk_create(
        Standard(
            slug=f"standard-{n}",
            name=f"Standard {n}",
            owner="OGC",
            version="1",
            theme=about,
            **words("description", *labels, n=n),
        )
        for n in range(count)
    )


def statements(count):
    """Make compliance lines, one per initiative."""
    (standard,) = standards(1)
    ComplianceStatement.objects.bulk_create(
        ComplianceStatement(
            initiative=each,
            standard=standard,
            status="compliant",
            checked_on=DAY,
            **words("evidence"),
        )
        for each in initiatives(count)
    )


def principles(count):
    """Make principles."""
    Principle.objects.bulk_create(
        Principle(number=n, group="core", **words("name", "statement", n=n)) for n in range(count)
    )


def milestones(count):
    """Make planned milestones of one initiative."""
    (initiative,) = initiatives(1)
    Milestone.objects.bulk_create(
        Milestone(initiative=initiative, planned_on=DAY, **words("title", n=n))
        for n in range(count)
    )


def editions(count):
    """Make editions of the roadmap, all adopted by one decision."""
    decisions(1)
    decision = Decision.objects.get()
    RoadmapVersion.objects.bulk_create(
        RoadmapVersion(
            number=n,
            adopted_by=decision,
            published_on=DAY,
            sha256="x",
            **words("title", "introduction", n=n),
        )
        for n in range(count)
    )


def plans(count):
    """Make adopted communication plans."""
    CommunicationPlan.objects.bulk_create(
        CommunicationPlan(
            starts_on=DAY, ends_on=DAY, status="adopted", adopted_at=NOON, **words("title", n=n)
        )
        for n in range(count)
    )


def news(count):
    """Make published news."""
    NewsItem.objects.bulk_create(
        NewsItem(
            slug=f"news-{n}", status="published", published_on=DAY, **words("title", "body", n=n)
        )
        for n in range(count)
    )


def questions(count):
    """Make parliamentary questions."""
    ParliamentaryQuestion.objects.bulk_create(
        ParliamentaryQuestion(code=f"Q-{n}", **words("asked", "due", n=n)) for n in range(count)
    )


def campaigns(count):
    """Make finished campaigns."""
    from accounts.models import User

    topic = Topic.objects.create(slug="topic", **words("name", "purpose"))
    author = User.objects.create_user("author@example.org")
    second = User.objects.create_user("second@example.org")
    Campaign.objects.bulk_create(
        Campaign(
            slug=f"campaign-{n}",
            topic=topic,
            created_by=author,
            approved_by=second,
            approved_hash="x",
            status="finished",
            started_at=NOON,
            finished_at=NOON,
            **words("subject", "preheader", "body", n=n),
        )
        for n in range(count)
    )


def bilaterals(count):
    """Make validated meetings with stakeholders, all with one organisation."""
    from accounts.models import User

    organisations(1)
    host = User.objects.create_user("host@example.org")
    second = User.objects.create_user("second@example.org")
    document = Document.objects.bulk_create(
        Document(title=f"Minutes {n}", language="fr") for n in range(count)
    )
    exchange = Interaction.objects.bulk_create(
        Interaction(kind="bilateral", subject=f"Meeting {n}", happened_at=NOON)
        for n in range(count)
    )
    BilateralMeeting.objects.bulk_create(
        BilateralMeeting(
            series_no=n + 1,
            organisation=Organisation.objects.get(),
            starts_at=NOON + timedelta(hours=n),
            ends_at=NOON + timedelta(hours=n + 1),
            language="fr",
            owner=host,
            status="validated",
            validated_by=second,
            validated_at=NOON,
            outcomes=["pilot"],
            minutes=document[n],
            interaction=exchange[n],
        )
        for n in range(count)
    )

"""The invented segments of the demonstration; one of them narrows the campaign in draft."""

from core.seeding import ensure, read, texts
from stakeholders.models import Topic

from .models import Campaign, CampaignStatus, Segment
from .services.segments import checked


def load_segments(author) -> None:
    """Make the segments that are not there yet, and give those made now to their campaigns."""
    for entry in read("demo", "segments"):
        words = texts(name=entry["name"], description=entry["description"])
        key = {"name_fr": words.pop("name_fr")}
        rule = checked(with_keys(entry["rule"]))
        segment, made = ensure(Segment, key, rule=rule, created_by=author, is_demo=True, **words)
        if made and entry.get("campaign"):
            drafts = Campaign.objects.filter(slug=entry["campaign"], status=CampaignStatus.DRAFT)
            for campaign in drafts:
                campaign.segments.add(segment)


def with_keys(rule: dict) -> dict:
    """Return ``rule`` with the keys of the topics that it names by their addresses."""
    return rule | {"rows": [_with_key(row) for row in rule["rows"]]}


def _with_key(row: dict) -> dict:
    if row["field"] != "topic":
        return row
    return row | {"value": [Topic.objects.get(slug=slug).pk for slug in row["value"]]}

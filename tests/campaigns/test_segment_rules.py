"""The rule of a segment: what it may ask, how it is refused, what it finds."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns import services
from campaigns.models import RULE_FIELDS, Segment
from campaigns.segment_fields import FIELDS, Scope
from campaigns.segment_words import sentence
from campaigns.segments import BadRule, Group, compile_rule, parse
from programme.models import Theme
from stakeholders.models import Contact, Subscription
from tests.factories.campaigns import (
    CampaignFactory,
    SegmentFactory,
    SubscriberFactory,
    rule_of,
)
from tests.factories.register import AffiliationFactory, InteractionFactory, ParticipationFactory
from tests.factories.stakeholders import (
    IdeaFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SubmissionFactory,
)


def row(field="language", operator="is", value=("fr",), negated=False) -> dict:
    return {"field": field, "operator": operator, "value": list(value), "negated": negated}


def rule(*rows, match="all") -> dict:
    return {"match": match, "rows": list(rows)}


# --- what may be asked ---------------------------------------------------------------------------


def test_the_list_of_what_may_be_asked_is_this_and_nothing_of_what_the_office_thinks():
    assert (
        set(FIELDS)
        == set(RULE_FIELDS)
        == {
            *("language", "topic", "subscribed"),
            *("helix", "level", "organisation", "municipality", "theme", "role", "no_organisation"),
            *("idea", "idea_theme", "idea_municipality", "took_part"),
            *("received", "received_within"),
        }
    )


#: The tables that any rule can read at all. No assessment, note, commitment or promise is among
#: them, and of an exchange its kind alone is asked.
TABLES = {
    "stakeholders_contact",
    "stakeholders_subscription",
    "stakeholders_affiliation",
    "stakeholders_organisation",
    "stakeholders_organisation_themes",
    "stakeholders_submission",
    "stakeholders_idea",
    "stakeholders_participation",
    "stakeholders_interaction",
    "campaigns_delivery",
}
VALUES = {
    "language": ["fr"],
    "subscribed": ["2026-05-01"],
    "helix": ["academia"],
    "level": ["region"],
    "role": ["chief"],
    "no_organisation": [],
    "idea": [],
    "took_part": ["workshop"],
    "received_within": [30],
}


def every_condition():
    for name, field in FIELDS.items():
        for operator in field.kind.operators:
            for negated in (False, True) if field.kind.negates else (False,):
                yield row(name, operator, VALUES.get(name, [1]), negated)


def tables_of(query) -> set[str]:
    words = str(query).replace('"', " ").replace("(", " ").replace(")", " ").split()
    marks = [place for place, word in enumerate(words) if word in ("FROM", "JOIN")]
    return {words[place + 1] for place in marks if words[place + 1] != "SELECT"}


@pytest.mark.parametrize("condition", list(every_condition()), ids=json.dumps)
@pytest.mark.parametrize(
    "scope", [Scope(), Scope(person="contact_id", topic=1)], ids=["all", "one"]
)
def test_every_condition_reads_known_tables_only_and_joins_nobody_twice(condition, scope):
    model = Contact if scope.person == "pk" else Subscription
    rows = model.objects.filter(compile_rule(rule(condition), scope))
    assert tables_of(rows.query) <= TABLES
    joined = {name for name, uses in rows.query.alias_refcount.items() if uses}
    assert joined <= {model._meta.db_table}


@pytest.mark.parametrize("condition", list(every_condition()), ids=json.dumps)
@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.django_db
def test_every_condition_has_words(condition, language):
    words = sentence(parse(rule(condition)), language)
    assert "%(" not in words
    assert words.endswith(".")


# --- bad rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (None, "Rule"),
        ([], "Rule"),
        ({}, "Rule"),
        (rule(), "Rule"),
        ({"match": "all", "rows": {}}, "Rule"),
        (rule(row(), match="none"), "Rule"),
        ({**rule(row()), "more": 1}, "Rule"),
        (rule(*[row()] * 13), "Rule"),
        (rule(row(), row("influence")), "Row 2"),
        (rule(row("assessments__influence")), "Row 1"),
        (rule(row(["language"])), "Row 1"),
        (rule(row(operator="contains")), "Row 1"),
        (rule(row(operator=["is"])), "Row 1"),
        (rule(row(negated=1)), "Row 1"),
        (rule(row(value=[])), "Row 1"),
        (rule(row(value=["de"])), "Row 1"),
        (rule(row(value=["fr", "fr"])), "Row 1"),
        (rule(row(value=[["fr"]])), "Row 1"),
        (rule({**row(), "value": "fr"}), "Row 1"),
        (rule({"field": "language"}), "Row 1"),
        (rule(row("organisation", value=[True])), "Row 1"),
        (rule(row("organisation", value=[0])), "Row 1"),
        (rule(row("organisation", value=["1"])), "Row 1"),
        (rule(row("organisation", value=[2**40])), "Row 1"),
        (rule(row("organisation", value=[3, 3])), "Row 1"),
        (rule(row("subscribed", "before", ["2026-02-30"])), "Row 1"),
        (rule(row("subscribed", "before", ["1 May"])), "Row 1"),
        (rule(row("subscribed", "before", ["1026-05-01"])), "Row 1"),
        (rule(row("subscribed", "before", ["2026-05-01"], True)), "Row 1"),
        (rule(row("received_within", "within", [0])), "Row 1"),
        (rule(row("received_within", "within", [1.5])), "Row 1"),
        (rule(row("role", "contains", ["a"])), "Row 1"),
        (rule(row("role", "contains", ["a\x00b"])), "Row 1"),
        (rule(row("idea", "yes", [1])), "Row 1"),
        (rule(row(), rule(row(), row("x"))), "Group 2, row 2"),
        (rule(rule(rule(row()))), "Group 1, row 1"),
    ],
    ids=str,
)
def test_a_bad_rule_says_which_row_it_is(bad, where):
    with pytest.raises(BadRule) as refusal:
        parse(bad)
    assert str(refusal.value).startswith(f"{where}: ")


SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12)),
    *(st.sampled_from([*RULE_FIELDS, "is", "yes", "within", "all", "any", "fr", "2026-05-01"]),),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["match", "rows", "field", "value", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
NEARLY_ROWS = st.fixed_dictionaries(
    {
        "field": st.sampled_from(RULE_FIELDS) | SCALARS,
        "operator": st.sampled_from(["is", "yes", "contains", "before", "since", "within"])
        | ANYTHING,
        "value": st.lists(SCALARS, max_size=3) | ANYTHING,
        "negated": st.booleans() | ANYTHING,
    }
)
MATCH = st.sampled_from(["all", "any"]) | SCALARS
NEARLY_GROUPS = st.fixed_dictionaries(
    {"match": MATCH, "rows": st.lists(NEARLY_ROWS, min_size=1, max_size=2)}
)
NEARLY_RULES = st.fixed_dictionaries(
    {"match": MATCH, "rows": st.lists(NEARLY_ROWS | NEARLY_GROUPS, max_size=3)}
)
RIGHT_ROWS = st.sampled_from(list(every_condition()))
RIGHT_GROUPS = st.fixed_dictionaries(
    {
        "match": st.sampled_from(["all", "any"]),
        "rows": st.lists(RIGHT_ROWS, min_size=1, max_size=3),
    }
)
RIGHT_RULES = st.fixed_dictionaries(
    {
        "match": st.sampled_from(["all", "any"]),
        "rows": st.lists(RIGHT_ROWS | RIGHT_GROUPS, min_size=1, max_size=4),
    }
)


@given(ANYTHING | NEARLY_RULES)
def test_whatever_is_given_compiles_or_is_refused(given_rule):
    try:
        read = parse(given_rule)
    except BadRule:
        return
    assert tables_of(Contact.objects.filter(read.as_q(Scope())).query) <= TABLES


@given(RIGHT_RULES)
def test_a_right_rule_compiles_and_its_stored_shape_is_stable(right):
    read = parse(right)
    assert {each.field for _place, each in read.conditions()} <= set(RULE_FIELDS)
    assert tables_of(Contact.objects.filter(read.as_q(Scope())).query) <= TABLES
    stored = read.normal().as_json()
    assert parse(stored).normal().as_json() == stored
    assert len(list(parse(stored).conditions())) == len(list(read.conditions()))
    assert json.loads(json.dumps(stored)) == stored


def test_rows_beside_groups_keep_their_meaning():
    one, two, three = (row(value=[code]) for code in ("fr", "nl", "en"))
    mixed = parse(rule(one, two, rule(three, two, match="any")))
    assert mixed.normal().as_json() == rule(rule(one, two), rule(three, two, match="any"))
    assert isinstance(mixed.normal().rows[0], Group)
    assert parse(rule(rule(one))).normal().as_json() == rule(one)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        {},
        [],
        {"match": "all", "rows": []},
        {"match": "all", "rows": {}},
        {"match": "most", "rows": [row()]},
        rule(row("influence")),
        rule(row(), rule(row("name__startswith"), match="any")),
        rule({**row(), "field": 3}),
    ],
    ids=str,
)
def test_the_database_refuses_a_rule_that_asks_more(bad):
    segment = SegmentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Segment.objects.filter(pk=segment.pk).update(rule=bad)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [{"name_nl": ""}, {"description_fr": "x"}])
def test_the_database_refuses_one_language(bad):
    segment = SegmentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Segment.objects.filter(pk=segment.pk).update(**bad)


@pytest.mark.django_db
def test_the_service_refuses_what_does_not_exist(make_user):
    segment = SegmentFactory.build(rule=rule_of("topic", "is", 4711))
    with pytest.raises(BadRule) as refusal:
        services.create_segment(segment, by=make_user("staff"))
    assert str(refusal.value).startswith("Row 1: ")
    assert not Segment.objects.exists()


# --- what is found -------------------------------------------------------------------------------


@pytest.fixture
def world(db):
    """Anna works in a federation and sent an idea; Bram follows alone; both are subscribed."""
    anna = SubscriberFactory(email="anna@example.org", language="fr")
    bram = SubscriberFactory(email="bram@example.org", language="nl", topic=anna.topic)
    theme = Theme.objects.create(slug="m", name_fr="Mobilité", name_nl="Mobiliteit", position=1)
    place = MunicipalityFactory()
    house = OrganisationFactory(
        helix="academia", helix_secondary="private", level="region", municipality=place
    )
    house.themes.add(theme)
    AffiliationFactory(contact=anna.contact, organisation=house, role="Directrice générale")
    AffiliationFactory(
        contact=bram.contact, organisation=house, starts_on="2019-01-01", ends_on="2020-01-01"
    )
    idea = IdeaFactory(published=True, theme=theme, municipality=place)
    SubmissionFactory(idea=idea, contact=anna.contact)
    SubmissionFactory(contact=bram.contact)  # received, not public
    workshop = InteractionFactory(kind="workshop")
    ParticipationFactory(interaction=workshop, contact=bram.contact, organisation=None)
    campaign = CampaignFactory(topic=anna.topic)
    campaign.deliveries.create(
        contact=anna.contact, email="a", email_norm="a", language="fr", state=3,
        handed_at=timezone.now() - timedelta(days=10),
    )  # fmt: skip
    Subscription.objects.filter(pk=anna.pk).update(confirmed_at="2026-04-30T23:30+02:00")
    Subscription.objects.filter(pk=bram.pk).update(confirmed_at="2026-05-01T00:30+02:00")
    values = {"theme": theme.pk, "municipality": place.pk, "organisation": house.pk}
    return {**values, "topic": anna.topic_id}


def found(condition, **scope) -> str:
    rows = Contact.objects.filter(compile_rule(rule(condition), Scope(**scope)))
    return " ".join(sorted(each.email[0] for each in rows))


@pytest.mark.parametrize(
    ("field", "operator", "value", "whom"),
    [
        ("language", "is", ["fr"], "a"),
        ("language", "is", ["fr", "nl"], "a b"),
        ("topic", "is", "topic", "a b"),
        ("subscribed", "before", ["2026-05-01"], "a"),
        ("subscribed", "since", ["2026-05-01"], "b"),
        ("helix", "is", ["academia"], "a"),
        ("helix", "is", ["private"], "a"),
        ("level", "is", ["region"], "a"),
        ("organisation", "is", "organisation", "a"),
        ("municipality", "is", "municipality", "a"),
        ("theme", "is", "theme", "a"),
        ("role", "contains", ["generale"], "a"),
        ("role", "contains", ["100%_"], ""),
        ("no_organisation", "yes", [], "b"),
        ("idea", "yes", [], "a"),
        ("idea_theme", "is", "theme", "a"),
        ("idea_municipality", "is", "municipality", "a"),
        ("took_part", "is", ["workshop"], "b"),
        ("took_part", "is", ["bilateral"], ""),
        ("received_within", "within", [11], "a"),
        ("received_within", "within", [9], ""),
    ],
)
def test_each_field_finds_whom_it_names_and_its_denial_the_others(
    world, field, operator, value, whom
):
    value = [world[value]] if isinstance(value, str) else value
    assert found(row(field, operator, value)) == whom
    if FIELDS[field].kind.negates:
        others = " ".join(sorted({"a", "b"} - set(whom.split())))
        denied = Contact.objects.filter(
            compile_rule(rule(row(field, operator, value, True))), subscriptions__isnull=False
        )
        assert " ".join(sorted(each.email[0] for each in denied)) == others


def test_received_names_the_campaign(world):
    campaign = CampaignFactory._meta.model.objects.get()
    assert found(row("received", value=[campaign.pk])) == "a"
    other = CampaignFactory()
    assert found(row("received", value=[other.pk])) == ""


def test_the_language_is_that_of_the_subscription_to_what_is_sent(world):
    anna = Contact.objects.get(email="anna@example.org")
    SubscriberFactory(contact=anna, language="nl")
    assert found(row(value=["nl"])) == "a b"
    assert found(row(value=["nl"]), topic=world["topic"]) == "b"


def test_who_works_for_what_was_merged_is_found_by_the_old_name(world):
    old = OrganisationFactory(merged_into_id=world["organisation"], is_listed=False)
    assert found(row("organisation", value=[old.pk])) == "a"


def test_all_and_any_of_two_levels(world):
    alone, french = row("no_organisation", "yes", []), row(value=["fr"])
    rows = Contact.objects.filter(compile_rule(rule(alone, french)))
    assert not rows.exists()
    either = rule(rule(alone, french, match="any"), row("topic", value=[world["topic"]]))
    assert Contact.objects.filter(compile_rule(either)).count() == 2


@pytest.mark.django_db
def test_the_words_of_a_rule_name_rows_in_the_language(world):
    words = parse(rule(row("municipality", value=[world["municipality"]]), row(value=["nl"])))
    assert "Jette" in sentence(words, "fr")
    assert "Jette (NL)" in sentence(words, "nl")


def test_what_a_rule_asks_is_no_path_into_the_models():
    for name in RULE_FIELDS:
        assert "__" not in name
    with pytest.raises(FieldDoesNotExist):
        Contact._meta.get_field("took_part")

"""The pages on which segments are made, and the pages that show an audience, through HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns import services
from campaigns.models import Segment
from tests.campaigns.conftest import readers
from tests.factories.campaigns import (
    CampaignFactory,
    SegmentFactory,
    SubscriberFactory,
    rule_of,
)
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db
NEW = "/fr/news/segments/new/"
TEXTS = {"name_fr": "Lecteurs", "name_nl": "Lezers"}


@pytest.fixture
def desk(client, users):
    client.force_login(users["staff"])
    return client


def typed(*blocks, match="all", **more) -> dict:
    """Return what a browser posts: each block is a list of (field, operator, values)."""
    data = {"match": match, "shape": ",".join(str(len(rows)) for rows in blocks)}
    for number, rows in enumerate(blocks):
        data[f"b{number}-match"] = "all"
        for place, (field, operator, values) in enumerate(rows):
            start = f"b{number}-r{place}"
            data |= {f"{start}-field": field, f"{start}-was": field}
            data |= {f"{start}-operator": operator, f"{start}-value": values}
    return data | more


def saved(client, *blocks, address=NEW, **more):
    return client.post(address, typed(*blocks, act="save", **{**TEXTS, **more}))


def address_of(segment, language="fr"):
    with translation.override(language):
        return segment.get_absolute_url()


def state_of(client, segment) -> dict:
    context = client.get(address_of(segment)).context
    return {context["row_state_name"]: context["row_state"]}


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("staff", 200, 200),
        ("secretary", 200, 200),
        ("auditor", 200, 403),
        ("administrator", 200, 403),
        ("juror", 403, 403),
        ("facilitator", 403, 403),
        ("nobody", 403, 403),
    ],
)
def test_the_office_reads_segments_and_writers_make_them(client, users, role, reads, writes):
    segment = SegmentFactory()
    client.force_login(users[role])
    assert client.get("/fr/news/segments/").status_code == reads
    assert client.get(address_of(segment)).status_code == reads
    assert client.get(NEW).status_code == writes
    assert client.post(address_of(segment), typed([("idea", "yes", [])])).status_code == writes
    for act in ("archive", "delete"):
        where = reverse("campaigns:segment-do", args=[segment.pk, act])
        assert client.get(where).status_code == writes
    assert client.get(reverse("campaigns:segment-organisations")).status_code == writes


def test_without_a_login_there_is_nothing(client):
    for address in ("/fr/news/segments/", NEW, address_of(SegmentFactory())):
        assert client.get(address).status_code == 302


def test_a_segment_that_is_not_there_or_an_act_that_is_none(desk):
    assert desk.get("/fr/news/segments/4711/").status_code == 404
    segment = SegmentFactory()
    assert desk.get(reverse("campaigns:segment-do", args=[segment.pk, "rename"])).status_code == 404


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_list_names_them_in_the_language(desk, language):
    used, archived = SegmentFactory(), SegmentFactory()
    CampaignFactory().segments.add(used)
    services.archive_segment(archived, by=desk.get("/fr/news/").wsgi_request.user)
    response = desk.get(f"/{language}/news/segments/")
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert getattr(used, f"name_{language}") in page
    rows = list(response.context["page_obj"])
    assert [each.pk for each in rows] == [used.pk, archived.pk]
    assert [each.asking for each in rows] == [1, 0]


def test_an_empty_list_says_so(desk):
    assert '<div class="empty">' in desk.get("/nl/news/segments/").content.decode()


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_list_page_and_preview_ask_as_often_for_one_as_for_three(desk):
    campaign, counts = CampaignFactory(), []
    for more in (1, 2):
        readers_of = SubscriberFactory.create_batch(more, topic=campaign.topic)
        assert len(readers_of) == more
        segments = SegmentFactory.create_batch(more)
        campaign.segments.add(*segments)
        for each in CampaignFactory.create_batch(more):
            each.segments.add(*Segment.objects.all())
        first = Segment.objects.order_by("pk").first()
        preview = reverse("campaigns:preview", args=[campaign.slug])
        pages = ("/fr/news/segments/", address_of(first), preview)
        counts.append([queries(desk, page) for page in pages])
    assert counts[0] == counts[1]


# --- the builder ---------------------------------------------------------------------------------


def test_a_segment_is_made_without_a_script(desk, users):
    page = desk.get(NEW)
    assert page.context["builder"].shape == "1"
    page = desk.post(NEW, typed([("language", "", [])], act="add-0", name_fr="Lecteurs"))
    assert page.context["builder"].shape == "2"
    assert 'value="Lecteurs"' in page.content.decode(), "what was typed is kept"
    assert not Segment.objects.exists()
    rows = [("language", "is", ["fr", "nl"]), ("idea", "not_yes", [])]
    response = saved(desk, rows)
    segment = Segment.objects.get()
    assert response.status_code == 302
    assert response["Location"] == address_of(segment)
    assert segment.created_by == users["staff"]
    assert segment.rule == {
        "match": "all",
        "rows": [
            {"field": "language", "operator": "is", "value": ["fr", "nl"], "negated": False},
            {"field": "idea", "operator": "yes", "value": [], "negated": True},
        ],
    }


def test_groups_are_joined_as_it_was_said(desk):
    saved(
        desk,
        [("language", "is", ["fr"])],
        [("subscribed", "before", "2026-05-01"), ("received_within", "not_within", "30")],
        [("role", "contains", "chef")],
        match="any",
    )
    rule = Segment.objects.get().rule
    assert rule["match"] == "any"
    assert [len(group["rows"]) for group in rule["rows"]] == [1, 2, 1]
    page = desk.get(address_of(Segment.objects.get()))
    assert page.context["builder"].rule() == rule
    again = page.context["builder"]
    assert [len(rows) for _form, rows in again.blocks] == [1, 2, 1]


@pytest.mark.parametrize(
    ("act", "shape"),
    [
        ("look", "2,1"),
        ("group", "2,1,1"),
        ("add-1", "2,2"),
        ("drop-0-0", "1,1"),
        ("drop-1-0", "2"),
        ("drop-9-9", "2,1"),
        ("drop-0", "2,1"),
        ("add-x", "2,1"),
        ("nonsense", "2,1"),
    ],
)
def test_rows_and_groups_come_and_go(desk, act, shape):
    rows = [("language", "is", ["fr"]), ("idea", "yes", [])]
    page = desk.post(NEW, typed(rows, [("idea", "yes", [])], act=act))
    assert page.status_code == 200
    assert page.context["builder"].shape == shape


def test_the_last_row_that_is_removed_leaves_an_empty_one(desk):
    page = desk.post(NEW, typed([("idea", "yes", [])], act="drop-0-0"))
    assert page.context["builder"].shape == "1"
    assert page.context["reach"] is None


@pytest.mark.parametrize("shape", ["", "x", "999,999", "-1", "0", "1,,1", "1" * 30])
def test_a_shape_that_nobody_could_have_typed_is_no_error(desk, shape):
    assert desk.post(NEW, {"shape": shape, "act": "save"}).status_code == 200
    assert not Segment.objects.exists()


def test_another_field_has_other_comparisons(desk):
    data = typed([("language", "is", ["fr"])]) | {"b0-r0-field": "subscribed"}
    page = desk.post(NEW, data)
    ((_form, (row,)),) = page.context["builder"].blocks
    assert [code for code, _label in row.fields["operator"].choices] == ["before", "since"]
    assert row["was"].value() == "subscribed"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_whom_it_finds_is_shown_before_it_is_used(desk, language):
    SubscriberFactory(language="fr", email="anna@example.org")
    SubscriberFactory(language="nl", email="bram@example.org")
    where = f"/{language}/news/segments/new/"
    page = desk.post(where, typed([("language", "is", ["nl"])]))
    reach = page.context["reach"]
    assert (reach.total, reach.languages) == (1, {"fr": 0, "nl": 1, "en": 0})
    html = page.content.decode()
    assert "bram@example.org" in html
    assert "anna@example.org" not in html
    assert [code for code, _words in page.context["meanings"]] == ["fr", "nl"]
    other = {"fr": "nl", "nl": "fr"}[language]
    assert f'<p lang="{other}">' in html


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([("", "", [])], "field"),
        ([("language", "is", [])], "value"),
        ([("language", "is", ["de"])], "value"),
        ([("language", "before", ["fr"])], "operator"),
        ([("subscribed", "before", "31/02/2026")], "value"),
        ([("received_within", "within", "0")], "value"),
        ([("received_within", "within", "many")], "value"),
        ([("role", "contains", "a")], "value"),
        ([("organisation", "is", "Nowhere")], "value"),
        ([("influence", "is", ["5"])], "field"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(desk, rows, field):
    response = saved(desk, rows)
    assert response.status_code == 200
    assert not Segment.objects.exists()
    ((_form, (row,)),) = response.context["builder"].blocks
    assert list(row.errors) == [field]
    html = response.content.decode()
    assert 'value="Lecteurs"' in html
    assert "data-error-summary" in html


def test_what_a_form_lets_pass_the_rule_refuses(desk):
    response = saved(desk, [("role", "contains", "a\x07b")])
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    response = saved(desk, [("subscribed", "before", "1026-05-01")])
    assert response.context["form"].non_field_errors()
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name_nl": ""}, "name_nl"),
        ({"name_fr": "x" * 121}, "name_fr"),
        ({"description_fr": "Pour l’été"}, "description_nl"),
        ({"name_fr": "pris"}, "name_fr"),
    ],
)
def test_texts_are_given_in_both_languages_and_names_once(desk, more, field):
    SegmentFactory(name_fr="Pris")
    response = saved(desk, [("idea", "yes", [])], **more)
    assert list(response.context["form"].errors) == [field]
    assert Segment.objects.count() == 1


def test_organisations_are_typed_by_name(desk):
    one, two = OrganisationFactory(name_fr="Ferme"), OrganisationFactory(name_fr="Moulin")
    saved(desk, [("organisation", "is", "ferme; Moulin")])
    segment = Segment.objects.get()
    assert segment.rule["rows"][0]["value"] == sorted([one.pk, two.pk])
    assert "Ferme; Moulin" in desk.get(address_of(segment)).content.decode()


def test_a_name_of_several_organisations_is_asked_again(desk):
    OrganisationFactory.create_batch(2, name_fr="Ferme")
    response = saved(desk, [("organisation", "is", "Ferme")])
    ((_form, (row,)),) = response.context["builder"].blocks
    assert "Ferme, Ferme" in row.errors["value"][0]


def test_organisations_are_suggested_for_the_last_name(desk):
    OrganisationFactory(name_fr="Moulin")
    where = reverse("campaigns:segment-organisations")
    page = desk.post(where, {"b0-r0-value": "Ferme; moul"}, headers={"accept-language": "fr"})
    assert 'data-value="Ferme; Moulin"' in page.content.decode()


# --- changing ------------------------------------------------------------------------------------


def test_a_change_that_ends_an_approval_is_asked_about(desk, users):
    campaign = CampaignFactory(created_by=users["staff"])
    readers(campaign, 1)
    campaign.segments.add(segment := SegmentFactory())
    services.submit_campaign(campaign, by=users["staff"])
    services.approve_campaign(campaign, by=users["secretary"])
    page = desk.get(address_of(segment))
    assert page.context["voided"] == [campaign]
    assert campaign.subject_fr in page.content.decode()
    rows, state = [("language", "is", ["nl"])], state_of(desk, segment)
    texts = {"name_fr": segment.name_fr, "name_nl": segment.name_nl}
    refused = saved(desk, rows, address=address_of(segment), **state, **texts)
    assert list(refused.context["form"].errors) == ["agreed"]
    campaign.refresh_from_db()
    assert campaign.status == "approved"
    done = saved(desk, rows, address=address_of(segment), agreed="on", **state, **texts)
    assert done.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.status, campaign.approved_by) == ("draft", None)
    assert campaign.subject_fr in desk.get(address_of(segment)).content.decode()


def test_looking_at_a_rule_and_saving_it_changes_nothing(desk, users):
    campaign = CampaignFactory(created_by=users["staff"])
    readers(campaign, 1)
    campaign.segments.add(segment := SegmentFactory())
    services.submit_campaign(campaign, by=users["staff"])
    texts = {"name_fr": "Nouveau nom", "name_nl": "Nieuwe naam"}
    response = saved(
        desk,
        [("language", "is", ["fr"])],
        address=address_of(segment),
        **state_of(desk, segment),
        **texts,
    )
    assert response.status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == "in_review"
    assert Segment.objects.get().name_nl == "Nieuwe naam"


def test_a_concurrent_change_is_told_and_nothing_is_overwritten(desk):
    segment = SegmentFactory()
    state = state_of(desk, segment)
    Segment.objects.update(rule=rule_of("language", "is", "en"))
    response = saved(desk, [("language", "is", ["nl"])], address=address_of(segment), **state)
    assert response.context["form"].non_field_errors()
    assert Segment.objects.get().rule == rule_of("language", "is", "en")
    ((_form, (row,)),) = response.context["builder"].blocks
    assert row["value"].value() == ["nl"], "what was typed is kept"
    fresh = {response.context["row_state_name"]: response.context["row_state"]}
    saved(desk, [("language", "is", ["nl"])], address=address_of(segment), **fresh)
    assert Segment.objects.get().rule == rule_of("language", "is", "nl")


def test_archiving_and_deleting_ask_first(desk):
    used, unused = SegmentFactory(), SegmentFactory()
    CampaignFactory().segments.add(used)
    for segment, act, left in ((used, "delete", 2), (used, "archive", 2), (unused, "delete", 1)):
        where = reverse("campaigns:segment-do", args=[segment.pk, act])
        assert where.split("/", 2)[2] in desk.get(where).request["PATH_INFO"]
        assert Segment.objects.count() >= left
        assert desk.post(where).status_code == 302
        assert Segment.objects.count() == left
    used.refresh_from_db()
    assert used.archived_at
    page = desk.get(address_of(used))
    assert page.context["builder"] is None
    desk.post(reverse("campaigns:segment-do", args=[used.pk, "restore"]))
    assert desk.get(address_of(used)).context["builder"] is not None


def test_a_rule_that_cannot_be_read_is_told(desk, client, users):
    segment = SegmentFactory()
    Segment.objects.update(rule=rule_of("language", "is", "xx"))
    assert desk.get(address_of(segment)).status_code == 200
    client.force_login(users["auditor"])
    page = client.get(address_of(segment))
    assert "1" in page.context["bad_rule"]

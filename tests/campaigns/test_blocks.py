"""Blocks and pictures of a campaign: in the mail, on the page, in what is approved."""

import base64
import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns import selectors, services
from campaigns.models import PICTURE_MOST_BYTES, BlockKind, Campaign, Picture
from core import mail as post
from core.models import Message
from core.uploads import Refused
from core.workflow import PermissionRefused, TransitionRefused
from tests.campaigns.conftest import parts, readers, send_everything
from tests.factories.campaigns import (
    BlockFactory,
    CampaignFactory,
    PictureFactory,
    picture_file,
)

pytestmark = pytest.mark.django_db
EVENT = {
    "kind": BlockKind.EVENT,
    "heading_fr": "Atelier énergie",
    "heading_nl": "Workshop energie",
    "words_fr": "BIP, rue Royale 2-4",
    "words_nl": "BIP, Koningsstraat 2-4",
    "begins_at": datetime(2018, 3, 12, 13, 0, tzinfo=UTC),
    "link": "https://example.org/atelier",
    "label_fr": "S’inscrire",
    "label_nl": "Inschrijven",
}


def approve_again(campaign):
    """Give a campaign whose blocks were made by a factory the hash that an approval keeps."""
    Campaign.objects.filter(pk=campaign.pk).update(approved_hash=selectors.content_hash(campaign))
    campaign.refresh_from_db()


def test_each_reader_gets_the_blocks_in_their_language(campaign, staff, server):
    readers(campaign, 1, "nl")
    picture = PictureFactory()
    BlockFactory(campaign=campaign, position=1)
    BlockFactory(campaign=campaign, position=2, **EVENT)
    BlockFactory(
        campaign=campaign,
        position=3,
        kind=BlockKind.PICTURE,
        picture=picture,
        **dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), ""),
    )
    approve_again(campaign)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    (mail,) = server.received
    html, text = (each.replace("\xa0", " ") for each in parts(mail))
    for words in ("Wat verandert", "Workshop energie", "Inschrijven", "12 maart 2018"):
        assert words in html, words
        assert words in text, words
    assert "Ce qui change" not in html + text
    assert f'src="cid:{picture.content_id}"' in html
    assert f'alt="{picture.alt_nl}"' in html
    assert picture.alt_nl in text
    (inside,) = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert inside["Content-ID"] == f"<{picture.content_id}>"
    assert inside.get_content() == bytes(picture.content)
    assert mail.get_content_type() == "multipart/related"


def test_an_invitation_tells_when_and_where_first(campaign):
    campaign.layout = "invitation"
    campaign.save()
    BlockFactory(campaign=campaign, position=1)
    BlockFactory(campaign=campaign, position=2, **EVENT)
    html = services.skeleton_of(campaign, "fr").merge({"name": "x", "unsubscribe": "x"}, {})
    body = html.decode()
    html_part = body[body.index("<html") :]
    assert html_part.index("Atelier énergie") < html_part.index("la page")
    assert html_part.index("la page") < html_part.index("Ce qui change")


def test_news_name_first_what_is_in_them(campaign):
    campaign.layout = "news"
    campaign.save()
    BlockFactory(campaign=campaign, position=1)
    BlockFactory(campaign=campaign, position=2, heading_fr="Le budget", heading_nl="Het budget")
    body = services.skeleton_of(campaign, "fr").merge({"name": "x", "unsubscribe": "x"}, {})
    html = body.decode()[body.decode().index("<html") :]
    assert re.search(r"<ul[^>]*>\s*<li[^>]*>Ce qui change</li>\s*<li[^>]*>Le budget</li>", html)


def test_who_reads_english_gets_both_languages_where_a_block_has_no_english(campaign):
    BlockFactory(campaign=campaign)
    context = services.letter_context(campaign, "en")
    assert [each.language for each in context["sections"]] == ["fr", "nl"]


def test_the_name_of_the_reader_goes_into_blocks_escaped(campaign, staff, server):
    readers(campaign, 1)
    contact = campaign.topic.subscriptions.get().contact
    contact.name = '<img src=x onerror=1> & "Zoé"'
    contact.save()
    BlockFactory(campaign=campaign, words_fr="Bonjour {name}", words_nl="Dag {name}")
    approve_again(campaign)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    html, text = parts(server.received[0])
    assert "Bonjour &lt;img src=x onerror=1&gt; &amp; &quot;Zoé&quot;" in html
    assert 'Bonjour <img src=x onerror=1> & "Zoé"' in text


def test_a_block_is_part_of_what_is_approved(campaign, staff):
    readers(campaign, 1)
    BlockFactory(campaign=campaign)
    with pytest.raises(TransitionRefused, match="not the one that was approved"):
        services.start_campaign(campaign, by=staff)


def test_other_pixels_or_another_description_are_not_what_was_approved(campaign):
    picture = PictureFactory()
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    BlockFactory(campaign=campaign, kind=BlockKind.PICTURE, picture=picture, **words)
    before = selectors.content_hash(campaign)
    Picture.objects.filter(pk=picture.pk).update(alt_nl="Iets anders")
    described = selectors.content_hash(campaign)
    Picture.objects.filter(pk=picture.pk).update(sha256="0" * 64)
    assert len({before, described, selectors.content_hash(campaign)}) == 3


def test_editing_blocks_takes_a_campaign_back_and_counts_a_version(campaign, make_user):
    editor = make_user("staff")
    services.edit_blocks(campaign, by=editor, save=lambda: BlockFactory(campaign=campaign))
    assert (campaign.status, campaign.version) == ("draft", 2)
    assert campaign.approved_by is None
    assert list(campaign.editors.all()) == [editor]


def test_nobody_else_edits_blocks_nor_what_was_sent(campaign, make_user, staff):
    def refuse():
        pytest.fail("it was called")

    with pytest.raises(PermissionRefused):
        services.edit_blocks(campaign, by=make_user("juror"), save=refuse)
    sent = CampaignFactory(finished=True, approved_by=make_user("secretary"))
    with pytest.raises(TransitionRefused, match="not changed any more"):
        services.edit_blocks(sent, by=staff, save=refuse)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "video"},
        {"kind": BlockKind.PICTURE},
        {"kind": BlockKind.EVENT},
        {"kind": BlockKind.BUTTON, "label_fr": "Lire", "label_nl": "Lezen"},
    ],
)
def test_the_database_refuses_a_block_that_shows_nothing(campaign, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        BlockFactory(campaign=campaign, **values)


def test_a_picture_is_made_small_enough_for_a_mail():
    picture = PictureFactory(upload=picture_file(size=(3000, 2000), kind="JPEG", name="a.jpg"))
    assert picture.width == 1120
    assert picture.height == 747
    assert len(bytes(picture.content)) <= PICTURE_MOST_BYTES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4\n%%EOF", "This is no picture"),
        (b"GIF89a" + b"0" * 100, "This is no picture"),
        (b"", "The file is empty"),
        (b"\xff\xd8\xff" + b"0" * 100, "cannot be read"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_way_out(content, words):
    with pytest.raises(Refused, match=words):
        services.take_in_picture(Picture(name="x"), SimpleUploadedFile("x.png", content))


def test_the_same_picture_is_not_kept_twice():
    PictureFactory(upload=picture_file(size=(300, 300)), name="Gare")
    with pytest.raises(Refused, match="“Gare”"):
        PictureFactory(upload=picture_file(size=(300, 300)))


def test_pictures_are_public_with_the_archive_only(client, users, staff, make_user):
    shown, hidden = PictureFactory(), PictureFactory()
    sent = CampaignFactory(finished=True, approved_by=make_user("secretary"))
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    for campaign, picture in ((sent, shown), (CampaignFactory(), hidden)):
        BlockFactory(campaign=campaign, kind=BlockKind.PICTURE, picture=picture, **words)
    answer = client.get(shown.get_absolute_url())
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content == bytes(shown.content)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    client.force_login(staff)
    assert client.get(hidden.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_archive_shows_blocks_and_pictures(client, make_user, language):
    picture = PictureFactory()
    sent = CampaignFactory(finished=True, approved_by=make_user("secretary"))
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    BlockFactory(campaign=sent, kind=BlockKind.PICTURE, picture=picture, **words)
    BlockFactory(campaign=sent, kind=BlockKind.FIGURE, figure_fr="412 kWh", figure_nl="412 kWh")
    page = client.get(f"/{language}/news/campaigns/{sent.slug}/").content.decode()
    assert getattr(picture, f"alt_{language}") in page
    assert picture.sha256 in page
    assert "412 kWh" in page


def test_the_preview_carries_its_pictures_and_loads_nothing(client, staff, campaign):
    picture = PictureFactory()
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    BlockFactory(campaign=campaign, kind=BlockKind.PICTURE, picture=picture, **words)
    client.force_login(staff)
    answer = client.get(reverse("campaigns:preview-mail", args=[campaign.slug, "fr"]))
    data = base64.b64encode(bytes(picture.content)).decode()
    assert f"data:image/png;base64,{data}" in answer.content.decode()
    assert "cid:" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_test_mail_carries_its_pictures(
    campaign, staff, server, django_capture_on_commit_callbacks
):

    picture = PictureFactory()
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    BlockFactory(campaign=campaign, kind=BlockKind.PICTURE, picture=picture, **words)
    message = services.send_test(campaign, by=staff, language="nl")
    post.send(message.pk)
    (mail,) = server.received
    assert [part["Content-ID"] for part in mail.walk() if part["Content-ID"]] == [
        f"<{picture.content_id}>"
    ]
    assert Message.objects.get(pk=message.pk).status == "sent"


def test_queries_do_not_grow_with_blocks(campaign, django_assert_num_queries):
    def sections():
        return services.letter_context(Campaign.objects.get(pk=campaign.pk), "fr")["sections"]

    BlockFactory(campaign=campaign)
    with django_assert_num_queries(3):
        assert len(sections()[0].blocks) == 1
    BlockFactory.create_batch(2, campaign=campaign)
    with django_assert_num_queries(3):
        assert len(sections()[0].blocks) == 3


INCOMPLETE = [
    {"words_nl": ""},
    {"heading_fr": "", "heading_nl": ""},
    {"kind": BlockKind.FIGURE},
    {"kind": BlockKind.FIGURE, "figure_fr": "412 kWh"},
    {"kind": BlockKind.BUTTON, "link": "https://example.org/"},
    {**EVENT, "label_nl": " "},
]


@pytest.mark.parametrize("values", INCOMPLETE)
def test_no_raw_statement_approves_what_one_language_lacks(campaign, values):
    Campaign.objects.filter(pk=campaign.pk).update(status="in_review")
    block = BlockFactory(campaign=campaign, **values)
    assert block.missing_texts()
    with pytest.raises(IntegrityError, match="lacks French or Dutch"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(status="approved")
    block.delete()
    Campaign.objects.filter(pk=campaign.pk).update(status="approved")

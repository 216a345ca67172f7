"""Ideas that may be the same: found in one language and across, decided once, merged from there."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from stakeholders import services, tasks
from stakeholders.concepts import concepts_of
from stakeholders.models import IdeaKey, SimilarityPair, Verdict, text_state, words_of
from stakeholders.services.verdicts import VerdictRefused
from stakeholders.similar import PER_KEY, similar_ideas
from tests.core.test_translators import typed
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    MunicipalityFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


def found() -> list[tuple]:
    """Return (a, b, method) of every pair."""
    return list(SimilarityPair.objects.order_by("pk").values_list("a", "b", "method"))


@pytest.fixture
def two(db):
    """The same idea in French and in Dutch, with the same theme and place."""
    same = {"theme": ThemeFactory(slug="mobility"), "municipality": MunicipalityFactory()}
    fr = IdeaFactory(
        published=True,
        title="Des bancs aux arrêts de bus",
        body="Un banc à chaque arrêt, pour les personnes âgées.",
        language="fr",
        **same,
    )
    nl = IdeaFactory(
        title="Zitbanken aan de bushaltes",
        body="Een bank aan elke halte, voor ouderen.",
        language="nl",
        **same,
    )
    return fr, nl


@pytest.fixture
def pair(two):
    """The pair that the portal makes of the two."""
    call_command("idea_pairs")
    return SimilarityPair.objects.get()


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("fr", "Les vélos et la piste cyclable", {"bicycle-bike-cyclist", "cycle-path-bike-lane"}),
        ("nl", "Straatverlichting bij het fietspad", {"lighting", "cycle-path", "bicycle"}),
        ("fr", "Un jumeau numérique", {"digital-twin"}),
        ("nl", "Een digitale tweeling", {"digital-twin"}),
        ("en", "Nothing of the kind", set()),
        ("nl", "Een bankier", set()),
    ],
)
def test_what_a_text_speaks_of_is_the_same_in_every_language(language, text, codes):
    told = concepts_of(text, language)
    assert len(told) == len(codes)
    assert all(any(each.startswith(code) for each in told) for code in codes)


def test_the_same_idea_in_french_and_dutch_is_flagged(two, pair):
    fr, nl = two
    assert (pair.a, pair.b, pair.method) == (fr, nl, "concepts")
    assert pair.verdict == Verdict.OPEN
    assert pair.score >= 50


@pytest.mark.parametrize("differs", ["theme", "municipality", "text", "state"])
def test_two_languages_need_the_same_theme_place_and_subject(two, differs):
    _fr, nl = two
    changes = {
        "theme": {"theme": ThemeFactory(slug="water")},
        "municipality": {"municipality": None},
        "text": {"title": "Bomen in de straat", "body": "Meer groen."},
        "state": {"status": "hidden"},
    }[differs]
    for name, value in changes.items():
        setattr(nl, name, value)
    nl.save()
    call_command("idea_pairs")
    assert found() == []


def test_two_titles_alike_in_one_language_are_flagged_and_others_are_not(db):
    one = IdeaFactory(title="Des bancs ombragés aux arrêts", published=True)
    other = IdeaFactory(title="Bancs ombragés à l’arrêt")
    IdeaFactory(title="Des arrêts plus propres le soir")
    IdeaFactory(title="Bancs ombragés à l’arrêt 7")
    assert services.find_pairs(other) == 1
    assert found() == [(one.pk, other.pk, "words")]


def test_an_idea_that_is_received_is_compared_after_the_commit_and_once(
    two, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "stakeholders.services.pairs.current_app.send_task",
        lambda name, args, **options: sent.append((name, args)),
    )
    _fr, nl = two
    nl.status, nl.reference = "submitted", None
    nl.save()
    call_command("idea_pairs")
    assert found() == []
    from core.permissions import SYSTEM

    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_idea(nl, by=SYSTEM)
        assert sent == []
    assert sent == [("stakeholders.find_idea_pairs", [nl.pk])]
    for _time in range(2):
        tasks.find_idea_pairs(nl.pk)
    assert len(found()) == 1


@pytest.fixture
def asked(monkeypatch, django_capture_on_commit_callbacks):
    """Return the ideas that a worker is asked to look at again while a function runs."""
    sent = []
    monkeypatch.setattr(
        "stakeholders.services.pairs.current_app.send_task",
        lambda name, args=(), *more, **options: sent.append((name, *args)),
    )

    def run(act):
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
            assert sent == [], "nobody looks before the commit"
        return [pk for name, pk in sent if name == "stakeholders.find_idea_pairs"]

    return run


def correct(idea, **words):
    """Let a contributor correct ``idea``; return the correction."""
    submission = SubmissionFactory(idea=idea)
    return services.correct_idea(submission, {**words_of(idea), **words}, seen=text_state(idea))


@pytest.mark.parametrize("status", ["received", "published"])
def test_a_corrected_text_is_compared_anew_and_found_by_its_new_words(two, users, asked, status):
    fr, nl = two
    nl.title, nl.body, nl.status = "Bomen in de straat", "Meer groen.", status
    nl.published_at = timezone.now() if status == "published" else None
    nl.save()
    for each in (fr, nl):
        tasks.find_idea_pairs(each.pk)
    assert found() == []
    words = {"title": "Zitbanken aan de bushaltes", "body": "Een bank aan elke halte."}
    if status == "received":
        assert asked(lambda: correct(nl, **words)) == [nl.pk]
    else:
        waits = []
        assert asked(lambda: waits.append(correct(nl, **words))) == [], "it waits for the Office"
        assert asked(lambda: services.approve_edit(waits[0], by=users["staff"])) == [nl.pk]
    tasks.find_idea_pairs(nl.pk)
    assert len(found()) == 1
    keys = set(IdeaKey.objects.filter(idea=nl).values_list("key", flat=True))
    assert not {key for key in keys if "bom" in key}
    assert {key for key in keys if "bushalt" in key}
    assert {key for key in keys if key.startswith("#bench")}


def test_a_correction_of_what_is_not_compared_asks_nobody(two, users, asked):
    edit = correct(two[0], expected_benefit="Moins de fatigue.")
    assert asked(lambda: services.approve_edit(edit, by=users["staff"])) == []


def test_an_idea_that_the_office_files_elsewhere_is_compared_anew(two, users, client, asked):
    fr, nl = two
    theme, nl.theme = nl.theme, ThemeFactory(slug="water")
    nl.save()
    for each in (fr, nl):
        tasks.find_idea_pairs(each.pk)
    assert found() == []
    client.force_login(users["staff"])
    address = f"/admin/stakeholders/idea/{nl.pk}/change/"

    def file_under(**changes):
        data = typed(client.get(address)) | changes
        return lambda: client.post(address, data)

    assert asked(file_under(helix="academia")) == []
    assert asked(file_under(theme=theme.pk)) == [nl.pk]
    nl.refresh_from_db()
    assert nl.theme == theme
    tasks.find_idea_pairs(nl.pk)
    assert len(found()) == 1


def test_a_pair_that_is_none_is_never_proposed_again_until_it_is_reset(two, pair, users):
    services.judge_pair(pair, Verdict.NOT_DUPLICATE, by=users["staff"])
    call_command("idea_pairs")
    pair.refresh_from_db()
    assert (pair.verdict, pair.by) == (Verdict.NOT_DUPLICATE, users["staff"])
    assert len(found()) == 1
    with pytest.raises(VerdictRefused):
        services.judge_pair(pair, Verdict.RELATED, by=users["staff"])
    services.reset_pair(pair, by=users["staff"])
    pair.refresh_from_db()
    assert (pair.verdict, pair.by, pair.at) == (Verdict.OPEN, None, None)


def test_a_verdict_that_is_none_is_refused(pair, users):
    for verdict in ("open", "perhaps"):
        with pytest.raises(VerdictRefused):
            services.judge_pair(pair, verdict, by=users["staff"])


def test_nobody_decides_on_an_idea_of_their_own(two, pair, users):
    mine = ContactFactory(user=users["staff"])
    SubmissionFactory(idea=two[1], contact=mine)
    for verb in (
        lambda: services.judge_pair(pair, Verdict.RELATED, by=users["staff"]),
        lambda: services.reset_pair(pair, by=users["staff"]),
        lambda: services.merge_pair(pair, two[0], by=users["staff"]),
        lambda: services.judge_pair(pair, Verdict.RELATED, by=users["auditor"]),
    ):
        with pytest.raises(VerdictRefused):
            verb()


def test_the_database_keeps_one_pair_of_two_in_order(two, pair):
    fr, nl = two
    for a, b in ((fr, nl), (nl, fr), (fr, fr)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SimilarityPair.objects.create(a=a, b=b, score=90, method="words")


def test_a_merge_from_the_pair_decides_it(two, pair, users):
    fr, nl = two
    services.merge_pair(pair, fr, by=users["staff"])
    nl.refresh_from_db()
    pair.refresh_from_db()
    assert (nl.status, nl.duplicate_of, pair.verdict) == ("merged", fr, Verdict.DUPLICATE)


def test_the_keys_of_an_idea_follow_its_title():
    idea = IdeaFactory(title="Des bancs aux arrêts", language="fr")
    keys = IdeaKey.objects.filter(idea=idea).values_list("key", flat=True)
    assert sorted(keys) == ["fr:arret", "fr:banc", "fr=arret banc"]
    idea.title = "Fietsen"
    idea.language = "nl"
    idea.save()
    assert sorted(keys.all()) == ["nl:fiet", "nl=fiet"]


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        *[("nl", "halte", "haltes"), ("nl", "brug", "bruggen"), ("nl", "fiets", "fietsen")],
        *[("nl", "idee", "ideeën"), ("nl", "fles", "flessen"), ("nl", "stad", "steden")],
        *[("nl", "adres", "adressen"), ("nl", "huis", "huizen"), ("nl", "brief", "brieven")],
        *[("fr", "vélo", "vélos"), ("fr", "velo", "VELOS"), ("fr", "travail", "travaux")],
        *[("fr", "cheval", "chevaux"), ("fr", "école", "ecoles"), ("en", "bench", "benches")],
    ],
)
def test_one_word_has_one_key_in_the_singular_and_the_plural(language, one, several, users):
    idea = IdeaFactory(published=True, title=f"Xyz {one}", language=language)
    assert similar_ideas(several, users["staff"]).ideas == [idea]
    idea.title = f"Xyz {several}"
    idea.save()
    assert similar_ideas(one, users["staff"]).ideas == [idea]


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [
        *[("nl", "les", "lift"), ("nl", "bus", "bos"), ("nl", "halte", "hal")],
        *[("fr", "bus", "bosse"), ("fr", "vélo", "vélodrome"), ("fr", "école", "écologie")],
    ],
)
def test_other_words_have_other_keys(language, title, other, users):
    IdeaFactory(published=True, title=f"Xyz {title}", language=language)
    assert similar_ideas(other, users["staff"]).ideas == []


def test_a_word_of_many_ideas_says_at_least_and_finds_the_rare_first(users):
    for _number in range(PER_KEY + 1):
        IdeaFactory(published=True, title="Un quartier calme")
    rare = IdeaFactory(published=True, title="Un quartier fleuri")
    common = similar_ideas("quartier", users["staff"])
    assert (len(common.ideas), common.total, common.and_more) == (5, PER_KEY, True)
    assert similar_ideas("Quartier fleuri", users["staff"]).ideas[0] == rare
    assert similar_ideas("fleuri", users["staff"]).total == 1


def test_none_of_my_own_and_none_where_nothing_matches(users):
    mine = IdeaFactory(published=True, title="Un quartier fleuri")
    assert similar_ideas(mine.title, users["staff"], other_than=mine).ideas == []
    assert similar_ideas("Introuvable", users["staff"]).ideas == []
    assert similar_ideas("a\0b", users["staff"]).ideas == []


@pytest.fixture
def screen(pair, client, users):
    """Open the screen of the pair as staff; return (client, address)."""
    client.force_login(users["staff"])
    return client, f"/admin/stakeholders/similaritypair/{pair.pk}/change/"


def test_the_two_stand_side_by_side_and_a_decision_is_taken_and_reset(screen, pair, users):
    client, address = screen
    page = client.get(address).content.decode()
    assert pair.a.title in page
    assert pair.b.title in page
    assert "bench, bus stop" in page
    client.post(address, {"verdict": "not_duplicate"})
    pair.refresh_from_db()
    assert pair.verdict == Verdict.NOT_DUPLICATE
    listed = client.get("/admin/stakeholders/similaritypair/?verdict__exact=not_duplicate")
    assert pair.a.title in listed.content.decode()
    client.post(address, {"reset": "1"})
    pair.refresh_from_db()
    assert pair.verdict == Verdict.OPEN


def test_a_merge_is_made_from_the_screen_or_says_why_not(screen, two, pair):
    client, address = screen
    fr, nl = two
    client.post(address, {"survivor": "b"})
    pair.refresh_from_db()
    assert pair.verdict == Verdict.OPEN
    client.post(address, {"survivor": "a"})
    nl.refresh_from_db()
    assert nl.duplicate_of == fr


def test_only_staff_decide_and_others_do_not_read(screen, pair, users):
    client, address = screen
    for role, status in (("auditor", 200), ("juror", 403), ("translator", 403)):
        client.force_login(users[role])
        assert client.get(address).status_code in (status, 302 if status == 403 else status)
        assert client.post(address, {"verdict": "related"}).status_code in (302, 403)
    pair.refresh_from_db()
    assert pair.verdict == Verdict.OPEN

"""The look-out for what ideas lead to: it looks at what was written since, and misses nothing."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import changes
from core.models import Message
from core.permissions import SYSTEM
from kpi.models import InitiativeIndicator
from projects.models import SheetIdea
from roadmap.models import Initiative
from stakeholders import services, tasks
from stakeholders.models import Idea, IdeaStep, Watch
from stakeholders.services import linked, steps
from tests.factories import chains
from tests.factories.stakeholders import IdeaFactory
from tests.factories.workshops import WorkshopFactory
from tests.stakeholders.test_steps import discuss, follower_of, steps_to
from workshops.models import AgendaIdea, Workshop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("alone_on_the_server"),
]


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch):
    """No worker is woken: the mails stay as they are."""
    monkeypatch.setattr("core.mail.wake", lambda pk: None)


@pytest.fixture
def followed():
    """An idea that somebody follows; the look-out has begun."""
    idea = IdeaFactory(published=True)
    follower = follower_of(idea)
    services.tell_steps()
    return idea, follower.contact


def to_look_at() -> set[int]:
    """Return the ideas that the next look would look at."""
    last = Watch.objects.get(name=steps.LINKS).position
    after = Watch.objects.get(name=steps.WATCH).position - steps.OVERLAP
    return linked.newly_linked(last, after)


def test_what_was_looked_at_is_not_looked_at_again():
    chains.chains(4)
    services.tell_steps()
    assert to_look_at() == set()
    with CaptureQueriesContext(connection) as asked:
        assert services.tell_steps() == 0
    assert not [each for each in asked.captured_queries if "body" in each["sql"]], "no idea is read"


def test_a_new_link_anywhere_on_the_chain_leads_to_the_ideas_above_it_and_to_no_other():
    chains.chains(3)
    services.tell_steps()
    link = InitiativeIndicator.objects.order_by("pk").first()
    idea = link.initiative.outcome.sheet.ideas.get()
    fields = {"initiative": link.initiative, "indicator": link.indicator}
    link.delete()
    assert to_look_at() == set()
    link = InitiativeIndicator.objects.create(**fields)
    assert to_look_at() == {idea.pk}
    services.tell_steps()
    other = SheetIdea.objects.exclude(idea=idea).first()
    SheetIdea.objects.filter(pk=other.pk).update(idea=idea)
    assert to_look_at() == {idea.pk}, "a link that was given to another idea"
    services.tell_steps()
    Initiative.objects.filter(pk=link.initiative.pk).update(status="completed")
    assert idea.pk in to_look_at()
    assert len(to_look_at()) < Idea.objects.count()


def test_a_thing_that_becomes_public_is_told_whoever_wrote_that(followed):
    idea, person = followed
    workshop = discuss(idea, status="draft")
    services.tell_steps()
    assert steps_to(person) == []
    assert to_look_at() == set()
    Workshop.objects.filter(pk=workshop.pk).update(status="published")
    services.tell_steps()
    assert len(steps_to(person)) == 1


def test_an_idea_that_becomes_public_after_its_link_is_told(make_user):
    idea = IdeaFactory()
    services.tell_steps()
    discuss(idea)
    services.tell_steps()
    assert not IdeaStep.objects.filter(kind="workshops.Workshop").exists()
    follower = follower_of(idea)
    services.publish_idea(idea, by=make_user("staff"))
    services.tell_steps()
    told = [each.text for each in steps_to(follower.contact)]
    assert len(told) == 2, "it was published, and it is on an agenda"


def test_what_is_committed_after_a_look_that_it_began_before_is_told(followed):
    idea, person = followed
    workshop = WorkshopFactory(status="published")
    written, looked = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            AgendaIdea.objects.create(workshop=workshop, idea=idea)
            written.set()
            looked.wait(30)
        connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert written.wait(30)
    # Others come and go meanwhile, so that the numbers run on.
    for _each in range(3):
        IdeaFactory(published=True)
    services.tell_steps()
    assert steps_to(person) == []
    looked.set()
    slow.join()
    services.tell_steps()
    assert len(steps_to(person)) == 1


@pytest.mark.parametrize("position", [0, 2**40])
def test_a_mark_that_is_none_or_of_another_server_has_all_looked_at(followed, position):
    idea, person = followed
    discuss(idea)
    Watch.objects.filter(name=steps.LINKS).update(position=position)
    services.tell_steps()
    assert len(steps_to(person)) == 1
    assert 0 < Watch.objects.get(name=steps.LINKS).position < 2**40


def test_every_night_all_are_looked_at(followed):
    idea, person = followed
    discuss(idea)
    Watch.objects.filter(name=steps.LINKS).update(position=changes.mark())
    services.tell_steps()
    assert steps_to(person) == [], "a look at the latest changes does not find it"
    tasks.tell_all_steps()
    assert len(steps_to(person)) == 1
    assert Message.objects.count() == 1


def test_a_crash_leaves_the_mark_where_it_was(followed, monkeypatch):
    idea, person = followed
    before = Watch.objects.get(name=steps.LINKS).position
    discuss(idea)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "_tell_links", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.tell_steps()
    assert Watch.objects.get(name=steps.LINKS).position == before
    services.tell_steps()
    assert len(steps_to(person)) == 1


def test_a_withdrawn_idea_is_looked_at_like_any_that_moved(followed):
    idea, _person = followed
    services.withdraw_idea(idea, by=SYSTEM, reason="solved", explanation="")
    assert to_look_at() == {idea.pk}

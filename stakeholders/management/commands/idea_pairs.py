"""`manage.py idea_pairs`: look for the ideas that may be the same among all that go on."""

from django.core.management.base import BaseCommand

from stakeholders import services
from stakeholders.models import PENDING_IDEA, Idea
from stakeholders.services.pairs import keep_concepts


class Command(BaseCommand):
    """May be run at any time: nothing is proposed twice, and nothing that was decided."""

    help = "Looks for pairs of ideas that may be the same and puts them before the moderators."

    def handle(self, *args, **options):
        """Write down what every idea speaks of first, so that each finds all the others."""
        ideas = Idea.objects.filter(status__in=PENDING_IDEA).order_by("pk")
        for idea in ideas.iterator(1000):
            keep_concepts(idea)
        found = sum(services.find_pairs(idea) for idea in ideas.iterator(1000))
        self.stdout.write(f"{found} new pairs")

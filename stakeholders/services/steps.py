"""Tell contributors and followers each step of an idea, once, whatever is retried or cut off.

Two kinds of steps: a move of the idea itself, and a thing further down the chain to which it led
(a workshop, a sheet, a decision, an initiative, an indicator), as the trace shows it to anybody.
A step is a row of `IdeaStep`, made in the transaction that queues its mails; the key of each mail
holds step and person. No upper app is imported: the trace knows what they link.
"""

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Q
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import changes, trace
from core.models import Message, StatusChange
from core.templatetags.ui import stage_name

from .. import follow_mails
from ..models import Idea, IdeaStatus, IdeaStep, Watch
from ..words import sentence
from . import linked
from .audience import audience, followers, survivor

#: Two look-outs: up to which move (`StatusChange`), and up to which mark of `core.changes`.
WATCH, LINKS = "steps", "links"
CHANGE = "change"
#: Of the key of a mail: idea, kind and key of the step, person follow.
PREFIX = "idea-step:"
#: A row with a smaller key may be committed later: so many are looked at once more.
OVERLAP = 1000
CHUNK = 200
#: Moves that are told. Of these `moderation` writes to the contributors itself, but for the review.
TOLD = (
    IdeaStatus.PUBLISHED,
    IdeaStatus.UNDER_REVIEW,
    IdeaStatus.ANSWERED,
    IdeaStatus.MERGED,
    IdeaStatus.WITHDRAWN,
)
FIRST_STAGE_BEYOND = 2


def tell_steps(*, all_links: bool = False) -> int:
    """Tell what has happened since the last time; return how many steps were new.

    The very first time nothing is told: what was there already is noted. ``all_links``: look at
    all that ideas have led to, not only at what was written since.
    """
    watch, is_first = Watch.objects.get_or_create(name=WATCH)
    links = Watch.objects.get_or_create(name=LINKS)[0]
    # Before looking: what is committed meanwhile is looked at once more.
    now, newest = changes.mark(), StatusChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
    count = 0 if is_first else sum(_tell_change(each) for each in _changes(watch))
    if all_links or not (links.position and changes.reaches(links.position, now)):
        ideas = linked.all_linked()
    else:
        ideas = linked.newly_linked(links.position, watch.position - OVERLAP)
    for pks in _chunks(sorted(ideas)):
        count += _tell_links(pks, silently=is_first)
    Watch.objects.filter(pk=watch.pk, position__lt=newest).update(position=newest)
    Watch.objects.filter(pk=links.pk, position=links.position).update(position=now)
    return count


def _changes(watch):
    """Return the moves of ideas that may not have been told yet, the oldest first."""
    kind = ContentType.objects.get_for_model(Idea)
    rows = StatusChange.objects.filter(
        content_type=kind,
        pk__gt=watch.position - OVERLAP,
        at__gte=watch.began_at,
        target__in=TOLD,
    )
    # A reply to a question, or a merge that is undone, brings an idea back to where it was.
    back = Q(source=IdeaStatus.INFO_REQUESTED, target__in=TOLD[:2]) | Q(source=IdeaStatus.MERGED)
    rows = rows.exclude(back).order_by("pk")
    noted = IdeaStep.objects.filter(kind=CHANGE, key__gt=watch.position - OVERLAP)
    known = set(noted.values_list("key", flat=True))
    return [row for row in rows if row.pk not in known]


@transaction.atomic
def _tell_change(change) -> bool:
    idea = Idea.objects.select_related("duplicate_of").get(pk=change.object_id)
    if not _note(idea, CHANGE, change.pk) or not idea.is_public:
        return False
    state = IdeaStatus(change.target)
    told = frozenset() if state == IdeaStatus.UNDER_REVIEW else _written_to(idea, state)
    for each in audience(idea, contributors=state == IdeaStatus.UNDER_REVIEW, told=told):
        with translation.override(each.language):
            step = _step_of_change(idea, state)
        _send(step, idea, each, f"{idea.pk}:{CHANGE}:{change.pk}")
    return True


def _written_to(idea, state) -> frozenset:
    """Return the people to whom `moderation` writes about this move."""
    rows = idea.submissions.all()
    rows = rows if state == IdeaStatus.WITHDRAWN else rows.filter(notify=True)
    return frozenset(rows.values_list("contact", flat=True))


def _step_of_change(idea, state) -> dict:
    """Return what happened: as it stands now, or as it was where the idea has gone on since."""
    if idea.status != state:
        words = _("New state: %(state)s.") % {"state": state.label}
        return {"words": words, "name": "", "url": "", "named": ()}
    if state != IdeaStatus.MERGED:
        return {"words": sentence(idea), "name": "", "url": "", "named": ()}
    words = sentence(idea) + " " + _("You follow that one from now on:")
    into = survivor(idea)
    return {
        "words": words,
        "name": str(into),
        "url": follow_mails.absolute(into),
        "named": (into,),
    }


def _chunks(pks):
    return (pks[start : start + CHUNK] for start in range(0, len(pks), CHUNK))


def _tell_links(pks, *, silently: bool) -> int:
    """Tell what the ideas ``pks`` have newly led to; return how many steps were new."""
    ideas = list(Idea.objects.public().filter(pk__in=pks).select_related("duplicate_of"))
    noted = IdeaStep.objects.filter(idea__in=ideas).exclude(kind=CHANGE)
    known = set(noted.values_list("idea", "kind", "key"))
    count = 0
    for root in trace.walk(ideas, AnonymousUser()):
        for edge, obj in _met_beyond(root):
            if (root.obj.pk, obj._meta.label, obj.pk) not in known:
                count += _tell_link(root.obj, edge, obj, silently)
    return count


def _met_beyond(root) -> list[tuple]:
    """Return (edge, object) of what lies beyond an idea, without what only its survivor led to."""
    found, seen, queue = [], set(), [root]
    while queue:
        for edge, node in queue.pop(0).links:
            key = (node.obj._meta.label, node.obj.pk)
            if key in seen or isinstance(node.obj, Idea):
                continue
            seen.add(key)
            queue.append(node)
            if trace.chain_stage(node.obj) >= FIRST_STAGE_BEYOND:
                found.append((edge, node.obj))
    return found


@transaction.atomic
def _tell_link(idea, edge, obj, silently) -> bool:
    if not _note(idea, obj._meta.label, obj.pk):
        return False
    if silently:
        return True
    root = survivor(idea)
    for each in audience(idea):
        with translation.override(each.language):
            step = {
                "words": _words_of_link(edge, obj),
                "name": str(obj),
                "url": follow_mails.absolute(obj),
                "named": (obj,),
            }
        _send(step, idea, each, f"{root.pk}:{obj._meta.label}:{obj.pk}")
    return True


def _words_of_link(edge, obj) -> str:
    """Return the step and what happened: "Step 3 of 6, “Deepen”. Became the project sheet:"."""
    stage = trace.chain_stage(obj)
    words = {"number": stage, "name": stage_name(stage), "fact": capfirst(str(edge.label))}
    return _("Step %(number)s of 6, “%(name)s”. %(fact)s:") % words


def _note(idea, kind: str, key: int) -> bool:
    """Make the row of a step; False where somebody has made it already."""
    return IdeaStep.objects.get_or_create(idea=idea, kind=kind, key=key)[1]


def _send(step, idea, recipient, key):
    follow_mails.send_step(step, idea, recipient, f"{PREFIX}{key}:{recipient.contact.pk}")


def reason_not_to_send(message: Message) -> str | None:
    """Return why a mail about a step is not wanted any more, or None (slot `mail.veto`).

    Whether what it names is public still is asked by `named_in_mails`.
    """
    if not message.key.startswith(PREFIX):
        return None
    _prefix, idea_pk, *_step, contact_pk = message.key.split(":")
    idea = Idea.objects.select_related("duplicate_of").filter(pk=idea_pk).first()
    if idea is None:
        return str(_("The idea is not public any more."))
    contributes = idea.submissions.filter(contact=contact_pk, notify=True).exists()
    follows = followers(idea).filter(contact=contact_pk).exists()
    return None if contributes or follows else str(_("Nobody wants it any more."))

"""What this app shows on other pages and in the work queues."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots
from core.permissions import is_staff
from core.queues import Queue, Waiting
from core.search import answer

from . import desk_panels, meeting_panels, register_panels, selectors  # noqa: F401  three register by themselves
from .duplicates import Reason, proposals
from .models import (
    Contact,
    Idea,
    IdeaAttachment,
    IdeaEdit,
    Organisation,
    ScanState,
)
from .permissions import is_contributor
from .waiting import open_pairs
from .workflow import SPLITTABLE

VOLET = 1
ROWS = 10


def ideas_to_moderate(user) -> Queue | None:
    """Queue: ideas that wait for a moderator, the oldest first."""
    rows = _not_mine(Idea.objects.in_moderation(), user)
    return _queue(
        user, _("Ideas to moderate"), rows, selectors.MODERATION_WITHIN, "status__exact=received"
    )


def ideas_to_answer(user) -> Queue | None:
    """Queue: public ideas without an official answer, the oldest first."""
    rows = _not_mine(Idea.objects.without_answer(), user)
    query = "status__in=published,under_review"
    return _queue(user, _("Ideas to answer"), rows, selectors.ANSWER_WITHIN, query)


def files_to_release(user) -> Queue | None:
    """Queue: attachments that no scanner has judged, the oldest first."""
    if not is_staff(user):
        return None
    rows = IdeaAttachment.objects.waiting().select_related("idea")
    rows = rows.exclude(idea__submissions__contact__user_id=user.pk)
    waiting = [_waiting_file(each) for each in rows[:ROWS]]
    url = reverse("admin:stakeholders_ideaattachment_changelist")
    query = f"?scan_state__exact={ScanState.NOT_SCANNED}"
    return Queue(_("Attachments to look at"), VOLET, waiting, rows.count(), url + query)


def _waiting_file(attachment) -> Waiting:
    since = attachment.idea.received_at or attachment.added_at
    return Waiting(
        text=str(attachment),
        url=reverse("admin:stakeholders_ideaattachment_change", args=[attachment.pk]),
        since=since,
        due=since + selectors.MODERATION_WITHIN,
        whom=_("Staff"),
    )


def corrections_to_decide(user) -> Queue | None:
    """Queue: corrections by authors that wait for a decision, the oldest first."""
    if not is_staff(user):
        return None
    rows = IdeaEdit.objects.visible_to(user).pending().select_related("idea")
    rows = rows.exclude(idea__submissions__contact__user_id=user.pk)
    waiting = [
        Waiting(
            text=str(edit),
            url=reverse("admin:stakeholders_ideaedit_change", args=[edit.pk]),
            since=edit.made_at,
            due=edit.made_at + selectors.MODERATION_WITHIN,
            whom=_("Staff"),
        )
        for edit in rows[:ROWS]
    ]
    url = reverse("admin:stakeholders_ideaedit_changelist") + "?status__exact=pending"
    title = _("Corrections by authors")
    return Queue(title, VOLET, waiting, rows.count(), url) if waiting else None


def organisations_alike(user) -> Queue | None:
    """Queue: pairs of organisations that may be the same, the most alike first."""
    return _alike(user, _("Organisations that may be the same"), Organisation)


def people_alike(user) -> Queue | None:
    """Queue: pairs of people that may be the same, the most alike first."""
    return _alike(user, _("People who may be the same"), Contact)


def _alike(user, title, model) -> Queue | None:
    pairs = proposals(model) if is_staff(user) else []
    if not pairs:
        return None
    shown = pairs[:ROWS]
    rows = model.objects.in_bulk([key for pair in shown for key in (pair.first, pair.second)])
    name = f"admin:stakeholders_{model._meta.model_name}"
    waiting = [
        Waiting(
            text=f"{rows[pair.first]} · {rows[pair.second]}",
            url=reverse(f"{name}_compare", args=[pair.first, pair.second]),
            since=None,
            whom=", ".join(str(Reason(reason).label) for reason in pair.reasons),
        )
        for pair in shown
    ]
    return Queue(title, VOLET, waiting, len(pairs), reverse(f"{name}_duplicates"))


def ideas_alike(user) -> Queue | None:
    """Return the pairs of ideas to decide, the most alike first."""
    if not is_staff(user):
        return None
    rows = open_pairs(user)
    waiting = [
        Waiting(
            text=str(pair),
            url=reverse("admin:stakeholders_similaritypair_change", args=[pair.pk]),
            since=pair.found_at,
            whom=_("Staff"),
        )
        for pair in rows.select_related("a", "b")[:ROWS]
    ]
    url = reverse("admin:stakeholders_similaritypair_changelist") + "?verdict__exact=open"
    return Queue(_("Ideas that may be the same"), VOLET, waiting, rows.count(), url)


def _not_mine(rows, user):
    """Leave out what ``user`` sent: nobody moderates or answers an idea of their own."""
    return rows.exclude(submissions__contact__user_id=user.pk)


def _queue(user, title, rows, within, query) -> Queue | None:
    if not is_staff(user):
        return None
    url = reverse("admin:stakeholders_idea_changelist") + f"?{query}"
    waiting = [_waiting(idea, within) for idea in rows[:ROWS]]
    return Queue(title, VOLET, waiting, rows.count(), url) if waiting else None


def _waiting(idea, within) -> Waiting:
    since = idea.received_at or idea.submitted_at
    url = reverse("admin:stakeholders_idea_change", args=[idea.pk])
    return Waiting(text=str(idea), url=url, since=since, due=since + within, whom=_("Staff"))


def chain() -> dict:
    """Tell the first step of the chain: the public ideas, and how many have an answer."""
    rows = selectors.listed_ideas(AnonymousUser())
    answered = rows.filter(status=Idea.Status.ANSWERED).count()
    words = ngettext("%(n)s answered", "%(n)s answered", answered) % {"n": answered}
    return {
        "stage": 1,
        "count": rows.count(),
        "url": reverse("stakeholders:idea-list"),
        "detail": words,
        "detail_url": f"{reverse('stakeholders:idea-list')}?status=answered",
    }


def search_ideas(query, user) -> dict:
    """Answer the search of the portal with ideas; an exact reference comes first."""
    rows = selectors.public_ideas(user).search(query).newest_first(query)
    return answer(_("Ideas"), reverse("stakeholders:idea-list"), query, rows)


def search_organisations(query, user) -> dict:
    """Answer the search of the portal with organisations."""
    rows = selectors.listed_organisations(user).search(query)
    return answer(_("Stakeholders"), reverse("stakeholders:organisation-list"), query, rows)


def letter_link(obj, user) -> dict | None:
    """Lead the staff from an idea without e-mail address to the letter with its link."""
    if not isinstance(obj, Idea) or not is_staff(user) or is_contributor(user, obj):
        return None
    if selectors.on_paper(obj) is None:
        return None
    url = reverse("admin:stakeholders_idea_letter", args=[obj.pk])
    return {"label": _("Letter with the secret link"), "url": url}


def split_link(obj, user) -> dict | None:
    """Lead the staff from an idea that goes on to the screen that separates a part of it."""
    if not isinstance(obj, Idea) or not is_staff(user) or is_contributor(user, obj):
        return None
    if obj.status not in SPLITTABLE:
        return None
    url = reverse("admin:stakeholders_idea_split", args=[obj.pk])
    return {"label": _("Separate a part"), "url": url}


slots.register("office.links", letter_link)
slots.register("office.links", split_link)
slots.register("office.queues", ideas_to_moderate)
slots.register("office.queues", files_to_release)
slots.register("office.queues", ideas_to_answer)
slots.register("office.queues", corrections_to_decide)
slots.register("office.queues", ideas_alike)
slots.register("office.queues", organisations_alike)
slots.register("office.queues", people_alike)
slots.register("portal.chain", chain)
slots.register("portal.search", search_ideas)
slots.register("portal.search", search_organisations)

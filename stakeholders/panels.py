"""What this app shows on other pages and in the work queues."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import slots
from core.permissions import is_staff
from core.queues import Queue, Waiting, end_of
from core.search import answer

from . import (
    clock,
    desk_panels,  # noqa: F401  registers by itself
    meeting_panels,  # noqa: F401  registers by itself
    named_in_mails,
    register_panels,  # noqa: F401  registers by itself
    selectors,
)
from .duplicates import Reason, proposals
from .models import (
    AnswerFeedback,
    Contact,
    Idea,
    IdeaAttachment,
    IdeaEdit,
    Organisation,
    ScanState,
    StatementKind,
)
from .permissions import is_contributor, moderates
from .services import digests, steps
from .statement_workflow import FITS
from .waiting import open_pairs, proposed_statements, unhelpful_answers
from .workflow import SPLITTABLE

VOLET = 1
ROWS = 10


def ideas_to_moderate(user) -> Queue | None:
    """Queue: ideas that wait for a moderator, the oldest first."""
    rows = _not_mine(Idea.objects.in_moderation(), user)
    return _queue(
        user,
        _("Ideas to moderate"),
        rows,
        lambda idea: clock.clock_of(idea).acknowledge_due_on,
        "status__exact=received",
    )


def ideas_to_answer(user) -> Queue | None:
    """Queue: public ideas without an official answer, the oldest first."""
    rows = _not_mine(Idea.objects.without_answer(), user)
    query = "status__in=published,under_review"
    return _queue(
        user,
        _("Ideas to answer"),
        rows,
        lambda idea: clock.clock_of(idea).answer_due_on,
        query,
    )


def statements_to_publish(user) -> Queue | None:
    """Queue: what somebody else has proposed to say about an idea, the oldest first."""
    if not is_staff(user):
        return None
    rows = proposed_statements(user).select_related("idea")
    waiting = [
        Waiting(
            text=str(statement),
            url=reverse("admin:stakeholders_officialstatement_change", args=[statement.pk]),
            since=statement.proposed_at,
            whom=_("Staff"),
        )
        for statement in rows[:ROWS]
    ]
    url = reverse("admin:stakeholders_officialstatement_changelist") + "?status__exact=proposed"
    title = _("Answers to publish")
    return Queue(title, VOLET, waiting, rows.count(), url) if waiting else None


def answers_to_review(user) -> Queue | None:
    """Queue: answers that did not help somebody, the oldest first."""
    if not is_staff(user):
        return None
    rows = unhelpful_answers(user).select_related("statement__idea")
    waiting = [
        Waiting(
            text=str(feedback.statement.idea),
            url=reverse("admin:stakeholders_answerfeedback_change", args=[feedback.pk]),
            since=feedback.replied_at,
            due=feedback.replied_at + selectors.MODERATION_WITHIN,
            whom=_("Staff"),
        )
        for feedback in rows[:ROWS]
    ]
    url = reverse("admin:stakeholders_answerfeedback_changelist") + "?status__exact=review"
    title = _("Answers that did not help")
    return Queue(title, VOLET, waiting, rows.count(), url) if waiting else None


def statement_links(kind):
    """Return the slot entry that leads the staff from an idea to a statement of ``kind``."""

    def link(obj, user) -> dict | None:
        if not isinstance(obj, Idea) or obj.status not in FITS[kind] or not moderates(user, obj):
            return None
        url = reverse("admin:stakeholders_idea_statement", args=[obj.pk, kind.value])
        return {"label": WAYS[kind], "url": url}

    return link


WAYS = {
    StatementKind.ACKNOWLEDGEMENT: gettext_lazy("Write an acknowledgement"),
    StatementKind.ANSWER: gettext_lazy("Write the answer"),
    StatementKind.UPDATE: gettext_lazy("Write an update"),
}


def new_answer_link(obj, user) -> dict | None:
    """Lead the staff from a reaction to the answer that would replace the one before."""
    if not isinstance(obj, AnswerFeedback):
        return None
    found = statement_links(StatementKind.ANSWER)(obj.statement.idea, user)
    return found and {**found, "label": _("Write a new answer")}


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


def _queue(user, title, rows, due_on, query) -> Queue | None:
    if not is_staff(user):
        return None
    url = reverse("admin:stakeholders_idea_changelist") + f"?{query}"
    waiting = [_waiting(idea, due_on) for idea in clock.timed(rows)[:ROWS]]
    return Queue(title, VOLET, waiting, rows.count(), url) if waiting else None


def _waiting(idea, due_on) -> Waiting:
    received = idea.received_at
    return Waiting(
        text=str(idea),
        url=reverse("admin:stakeholders_idea_change", args=[idea.pk]),
        since=received or idea.submitted_at,
        due=end_of(due_on(idea)) if received else None,
        whom=_("Staff"),
    )


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


slots.register("mail.veto", steps.reason_not_to_send)
slots.register("mail.veto", named_in_mails.reason_not_to_send)
slots.register("mail.context", digests.made_anew)
slots.register("office.links", letter_link)
slots.register("office.links", split_link)
for statement_kind in StatementKind:
    slots.register("office.links", statement_links(statement_kind))
slots.register("office.links", new_answer_link)
slots.register("office.queues", ideas_to_moderate)
slots.register("office.queues", files_to_release)
slots.register("office.queues", ideas_to_answer)
slots.register("office.queues", statements_to_publish)
slots.register("office.queues", answers_to_review)
slots.register("office.queues", corrections_to_decide)
slots.register("office.queues", ideas_alike)
slots.register("office.queues", organisations_alike)
slots.register("office.queues", people_alike)
slots.register("portal.chain", chain)
slots.register("portal.search", search_ideas)
slots.register("portal.search", search_organisations)

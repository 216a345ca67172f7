"""All that waits around ideas, as one list: each kind is a query, the list is their union.

An app or a module adds a kind by the slot `stakeholders.idea.queue` (user) → `Kind` or None:

    slots.register("stakeholders.idea.queue", corrections)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import (
    CharField,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots

from . import clock
from .models import (
    PENDING_IDEA,
    AnswerFeedback,
    Assignment,
    Idea,
    IdeaAttachment,
    IdeaEdit,
    IdeaReport,
    OfficialStatement,
    SimilarityPair,
    Verdict,
    sent_by,
)
from .selectors import MODERATION_WITHIN, REPORTS_WITHIN

SLOT = "stakeholders.idea.queue"
PER_PAGE = 25
#: Whose an idea is, as the page asks it.
MINE, NOBODY, SOMEBODY = "me", "nobody", "somebody"
#: What was reported comes before what merely waits.
URGENT, ORDINARY = 0, 1


@dataclass(frozen=True)
class Kind:
    """One sort of thing that waits.

    ``rows`` are the things, ``idea`` is the path from one to the key of its idea, ``since`` the
    column or expression that says since when; ``page`` is the name of the address of one, with
    its key as argument. Whoever makes it leaves out what ``user`` sent.
    """

    code: str
    title: str
    rows: QuerySet
    idea: str
    since: object
    page: str
    within: timedelta | None = None
    rank: int = ORDINARY


@dataclass(frozen=True)
class Line:
    """One row of the page."""

    kind: Kind
    url: str
    idea: Idea
    since: datetime
    assignment: Assignment | None
    count: int = 0

    @property
    def due(self):
        """Return until when it should be done, None where nobody has said."""
        return self.since + self.kind.within if self.kind.within else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether that has passed."""
        return self.due is not None and self.due < timezone.now()


# --- the kinds -----------------------------------------------------------------------------------


def new_ideas(user) -> Kind:
    """Ideas that no moderator has read."""
    rows = Idea.objects.in_moderation().exclude(pk__in=sent_by(user))
    since, page = F("received_at"), "admin:stakeholders_idea_change"
    return Kind("new", _("New ideas"), rows, "pk", since, page, MODERATION_WITHIN)


def reported_ideas(user) -> Kind:
    """Ideas that somebody reported, one line each however many reports there are."""
    reports = IdeaReport.objects.visible_to(user).open()
    first = reports.filter(idea=OuterRef("pk")).values("at")[:1]
    rows = Idea.objects.filter(pk__in=reports.values("idea"))
    title, page = _("Reported ideas"), "admin:stakeholders_idea_reports"
    return Kind("report", title, rows, "pk", Subquery(first), page, REPORTS_WITHIN, URGENT)


def corrections(user) -> Kind:
    """Corrections of a public text that their authors have sent."""
    rows = IdeaEdit.objects.visible_to(user).pending().exclude(idea__in=sent_by(user))
    page = "admin:stakeholders_ideaedit_change"
    return Kind("edit", _("Corrections"), rows, "idea", F("made_at"), page, MODERATION_WITHIN)


def files(user) -> Kind:
    """Files that no scanner has judged."""
    rows = IdeaAttachment.objects.waiting().exclude(idea__in=sent_by(user))
    page = "admin:stakeholders_ideaattachment_change"
    return Kind("file", _("Attachments"), rows, "idea", F("added_at"), page, MODERATION_WITHIN)


def open_pairs(user):
    """Return the pairs of ideas that go on and that ``user`` may decide: none of their own."""
    rows = SimilarityPair.objects.filter(verdict=Verdict.OPEN)
    rows = rows.filter(a__status__in=PENDING_IDEA, b__status__in=PENDING_IDEA)
    return rows.exclude(a__in=sent_by(user)).exclude(b__in=sent_by(user))


def pairs(user) -> Kind:
    """Pairs of ideas that may be the same, at the idea that came last."""
    page = "admin:stakeholders_similaritypair_change"
    return Kind("pair", _("Possible duplicates"), open_pairs(user), "b", F("found_at"), page)


def counted_from():
    """Return from when the time of an answer counts: received, moved on by the pauses."""
    paused = Coalesce(Subquery(clock.paused_seconds()), 0.0) * Value(timedelta(seconds=1))
    return ExpressionWrapper(F("received_at") + paused, output_field=DateTimeField())


def overdue(user) -> Kind:
    """Public ideas whose answer should have been there."""
    within, since = clock.answer_within(), counted_from()
    rows = Idea.objects.without_answer().annotate(counted_from=since)
    rows = rows.filter(counted_from__lt=timezone.now() - within).exclude(pk__in=sent_by(user))
    page = "admin:stakeholders_idea_change"
    return Kind("late", _("Answers overdue"), rows, "pk", since, page, within)


def proposed_statements(user):
    """Return what somebody else than ``user`` has proposed to say, about no idea of theirs."""
    rows = OfficialStatement.objects.visible_to(user).proposed()
    return rows.exclude(proposed_by=user.pk).exclude(idea__in=sent_by(user))


def proposals(user) -> Kind:
    """Statements that somebody else proposed: a second person publishes them."""
    rows, page = proposed_statements(user), "admin:stakeholders_officialstatement_change"
    return Kind("statement", _("Answers to publish"), rows, "idea", F("proposed_at"), page)


def unhelpful_answers(user):
    """Return the reactions that ask for another look, to no idea of ``user``'s own."""
    rows = AnswerFeedback.objects.visible_to(user).to_review()
    return rows.exclude(statement__idea__in=sent_by(user))


def reactions(user) -> Kind:
    """Answers that did not help somebody."""
    rows, path = unhelpful_answers(user), "statement__idea"
    title, page = _("Answers that did not help"), "admin:stakeholders_answerfeedback_change"
    return Kind("reaction", title, rows, path, F("replied_at"), page, MODERATION_WITHIN)


for each in (
    *(reported_ideas, new_ideas, corrections, files, pairs, overdue, proposals, reactions),
):
    slots.register(SLOT, each)


# --- the list ------------------------------------------------------------------------------------


def kinds_of(user) -> list[Kind]:
    """Return every kind of thing that can wait for ``user``."""
    return slots.collect(SLOT, user)


def of_whom(kind: Kind, whose: str, user) -> QuerySet:
    """Return the rows of ``kind`` whose idea is ``user``'s to evaluate, somebody's or nobody's."""
    given = Assignment.objects.open()
    if whose == MINE:
        return kind.rows.filter(**{f"{kind.idea}__in": given.filter(evaluator=user).values("idea")})
    if whose == SOMEBODY:
        return kind.rows.filter(**{f"{kind.idea}__in": given.values("idea")})
    if whose == NOBODY:
        return kind.rows.exclude(**{f"{kind.idea}__in": given.values("idea")})
    return kind.rows


#: The columns of the list, alike for every kind.
COLUMNS = ("line_rank", "line_since", "line_kind", "line_key", "line_idea")


def _columns(kind: Kind, rows: QuerySet) -> QuerySet:
    """Return ``rows`` as the columns of the list."""
    # Plain: the query set of a translated model would put the columns into another order.
    plain = QuerySet(rows.model, query=rows.order_by().query)
    found = plain.annotate(
        line_rank=Value(kind.rank, IntegerField()),
        line_kind=Value(kind.code, CharField()),
        line_key=F("pk"),
        line_idea=F(kind.idea),
        line_since=kind.since,
    )
    return found.values_list(*COLUMNS)


def waiting(kinds: list[Kind], user, *, kind: str = "", whose: str = "") -> QuerySet:
    """Return what waits as one query: what was reported first, then the oldest."""
    chosen = [each for each in kinds if kind in ("", each.code)]
    first, *rest = [_columns(each, of_whom(each, whose, user)) for each in chosen]
    return first.union(*rest, all=True).order_by(*COLUMNS)


def page_of(rows, kinds: list[Kind], number):
    """Return a page of the list, with its lines."""
    page = Paginator(rows, PER_PAGE).get_page(number)
    page.lines = lines_of(list(page.object_list), kinds)
    return page


def lines_of(found: list[tuple], kinds: list[Kind]) -> list[Line]:
    """Return the lines of a page: three queries, whatever stands on it."""
    by_code = {kind.code: kind for kind in kinds}
    keys = {idea for *_rest, idea in found}
    ideas = Idea.objects.in_bulk(keys)
    running = Assignment.objects.open().filter(idea__in=keys).select_related("evaluator")
    given = {each.idea_id: each for each in running}
    reports = reports_of(keys)
    return [
        Line(
            kind=by_code[code],
            url=reverse(by_code[code].page, args=[key]),
            idea=ideas[idea],
            since=since,
            assignment=given.get(idea),
            count=reports.get(idea, 0),
        )
        for _rank, since, code, key, idea in found
    ]


def reports_of(keys) -> dict[int, int]:
    """Return {idea: how many open reports} of the ideas ``keys``."""
    found = IdeaReport.objects.filter(idea__in=keys).open().values_list("idea", flat=True)
    counts = {}
    for idea in found:
        counts[idea] = counts.get(idea, 0) + 1
    return counts


def counts_of(kinds: list[Kind], user, whose: str = "") -> list[tuple[Kind, int]]:
    """Return how much of each kind waits."""
    return [(kind, of_whom(kind, whose, user).count()) for kind in kinds]

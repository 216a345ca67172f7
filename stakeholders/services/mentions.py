"""Which rows have to do with a person: there their name and telephone are meant as theirs."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from core.models import Document, Message, StatusChange

from ..models import (
    AnswerFeedback,
    BilateralMeeting,
    Commitment,
    Contact,
    ContactMerge,
    Idea,
    Interaction,
    Organisation,
    Participation,
    Submission,
)
from .relations import relations


def own_rows(people) -> dict:
    """Return {model: keys} of the rows that name one of ``people``."""
    return _hanging_at(Contact, {person.pk for person in people})


def rows_about(people) -> dict:
    """Return {model: keys} of what ``people`` sent, took part in and promised, with its history.

    What hangs at those rows is among them: corrections, answers, minutes, promises. Of the
    organisations for which they work only the history is, not what these say of themselves.
    """
    found: dict = {}
    for model, keys in _centres([person.pk for person in people]).items():
        _add(found, {model: keys}, _hanging_at(model, keys))
    # It names organisations: what they are called is not the person's.
    found.pop(Organisation, None)
    _add(found, _history({**found, Organisation: _employers(people)}))
    _add(found, _mails(found))
    return found


def _mails(rows) -> dict:
    """Return {model: keys} of the mails to whomever about the meetings and ideas among ``rows``.

    The key of a mail names its meeting, the text the reference of each idea that it tells of.
    """
    meetings = rows.get(BilateralMeeting, set())
    ideas = Idea.objects.filter(pk__in=rows.get(Idea, set())).exclude(reference=None)
    references = ideas.order_by().values_list("reference", flat=True)
    wanted = Q(key__regex=rf"^bilateral_[a-z_]+:{_one_of(meetings)}:")
    wanted |= Q(text__regex=rf"{_one_of(references)}([^0-9]|$)")
    return {Message: set(Message.objects.filter(wanted).values_list("pk", flat=True))}


def _one_of(values) -> str:
    """Return the pattern of any of ``values``; of none it finds nothing."""
    return f"({'|'.join(map(str, values)) or '(?!)'})"


def logged_about(rows: dict):
    """Return the entries of the back office's log about ``rows``: {model: keys}."""
    return LogEntry.objects.filter(_about(rows, as_text=True))


def _centres(pks) -> dict:
    """Return {model: keys} of what others have to do with as well."""
    sent = Submission.objects.filter(contact__in=pks, via=None).values_list("idea", flat=True)
    seats = Participation.objects.filter(contact__in=pks)
    exchanges = set(seats.values_list("interaction", flat=True))
    guests = Q(contacts__in=pks) | Q(interaction__in=exchanges)
    meetings = BilateralMeeting.objects.filter(guests).values_list("pk", "interaction", "minutes")
    rows = list(meetings)
    promised = Commitment.objects.filter(contact__in=pks).values_list("pk", flat=True)
    either = Q(merged__in=pks) | Q(survivor__in=pks)
    merges = ContactMerge.objects.filter(either).values_list("pk", flat=True)
    of_answers = Q(submission__contact__in=pks) | Q(statement__idea__in=sent)
    reactions = AnswerFeedback.objects.filter(of_answers).values_list("pk", flat=True)
    return {
        Contact: set(pks),
        ContactMerge: set(merges),
        AnswerFeedback: set(reactions),
        Idea: set(sent),
        Interaction: exchanges | {each for _pk, each, _minutes in rows if each},
        BilateralMeeting: {pk for pk, _exchange, _minutes in rows},
        Document: {each for _pk, _exchange, each in rows if each},
        Commitment: set(promised),
    }


def _hanging_at(model, keys) -> dict:
    found: dict = {}
    for key in relations(model):
        rows = key.model._base_manager.filter(**{f"{key.attname}__in": keys})
        _add(found, {key.model: set(rows.values_list("pk", flat=True))})
    return found


def _employers(people) -> set:
    return set(
        Organisation.objects.filter(affiliations__contact__in=people).values_list("pk", flat=True)
    )


def _history(rows) -> dict:
    """Return {model: keys} of the notes and log entries about ``rows``."""
    changes = StatusChange.objects.filter(_about(rows, as_text=False))
    return {
        StatusChange: set(changes.values_list("pk", flat=True)),
        LogEntry: set(logged_about(rows).values_list("pk", flat=True)),
    }


def _about(rows, *, as_text) -> Q:
    """Return the condition that a row with a generic key is about one of ``rows``."""
    wanted = Q(pk__in=[])
    for model, keys in rows.items():
        kind = ContentType.objects.get_for_model(model)
        named = [str(key) for key in keys] if as_text else list(keys)
        wanted |= Q(content_type=kind, object_id__in=named)
    return wanted


def _add(found, *more) -> None:
    for each in more:
        for model, keys in each.items():
            found[model] = found.get(model, set()) | keys

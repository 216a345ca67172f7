"""Verbs of a project sheet, from the idea to the roadmap."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.concurrency import refuse_stale
from core.permissions import is_office
from core.publication import parity_guard
from core.search import LANGUAGES
from core.workflow import PermissionRefused, TransitionRefused, record_change
from governance.models import Body, Decision

from .. import permissions, sealing, selectors
from ..models import (
    SHEET_TEXTS,
    WRITABLE_SHEET,
    Call,
    ProjectSheet,
    Proposal,
    SheetIdea,
    SheetOutcome,
    SheetVersion,
)
from ..workflow import SHEET

TEXT_FIXED = gettext_lazy("This sheet was sent: its text is no longer changed here.")
IDEA_NOT_PUBLIC = gettext_lazy("Only a published idea can become a project sheet.")
#: States of a decision that was taken and still holds.
TAKEN = (Decision.Status.ADOPTED, Decision.Status.IMPLEMENTED)


@transaction.atomic
def create_sheet_from_idea(idea, *, call, by):
    """Make a draft sheet from ``idea`` for ``call`` and return it; the link is kept for ever.

    Title and summary are the author's words, in the language of the idea; a place, a theme, a
    workstream and a verified organisation come along. For the office only, and only from an idea
    that everybody can read.
    """
    if not is_office(by):
        raise PermissionRefused(_("You may not do this."))
    if idea.status not in idea.PUBLIC_STATES:
        raise TransitionRefused(str(IDEA_NOT_PUBLIC))
    sheet = ProjectSheet.objects.create(
        reference=next_reference(call),
        call=call,
        theme=idea.theme,
        workstream=idea.workstream,
        owner_organisation=idea.organisation,
        is_demo=idea.is_demo,
        **{f"title_{idea.language}": idea.title, f"summary_{idea.language}": idea.body},
    )
    if idea.municipality:
        sheet.municipalities.add(idea.municipality)
    SheetIdea.objects.create(sheet=sheet, idea=idea)
    record_change(sheet, "create", "", sheet.status, by=by)
    return sheet


@transaction.atomic
def write_sheet(sheet, *, by, row_state: str, **texts) -> None:
    """Save ``texts`` (columns such as `problem_nl`) of a sheet that is being written.

    ``row_state`` is what the writer saw: raises `ValidationError` when somebody changed it since.
    Refused once the sheet is sent.
    """
    locked = ProjectSheet.objects.select_for_update().get(pk=sheet.pk)
    if not permissions.edits_sheet(by, locked):
        raise PermissionRefused(_("You may not do this."))
    if locked.status not in WRITABLE_SHEET:
        raise TransitionRefused(str(TEXT_FIXED))
    refuse_stale(locked, row_state)
    for column, text in texts.items():
        setattr(locked, column, text)
    locked.save(update_fields=list(texts))


def next_reference(call) -> str:
    """Return the next number of the call's edition, `FP-2026-07`; the edition stays locked."""
    list(Call.objects.select_for_update().filter(edition=call.edition).order_by("pk"))
    prefix = f"FP-{call.edition}-"
    known = ProjectSheet.objects.filter(reference__startswith=prefix)
    numbers = [int(each.removeprefix(prefix)) for each in known.values_list("reference", flat=True)]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


@SHEET.verb("send_to_review")
def send_to_review(sheet, *, by, note=""):
    """Hand a draft to the colleagues who read it first."""
    return SHEET.apply(sheet, "send_to_review", by=by, note=note)


@SHEET.verb("submit")
def submit_sheet(sheet, *, by, note=""):
    """Submit a sheet to the call, also again after it was returned."""
    return SHEET.apply(sheet, "submit", by=by, note=note)


@SHEET.verb("declare_eligible")
def declare_eligible(sheet, *, by, note=""):
    """Say that the sheet meets the conditions of the call."""
    return SHEET.apply(sheet, "declare_eligible", by=by, note=note)


@SHEET.verb("declare_ineligible")
def declare_ineligible(sheet, *, by, note=""):
    """Say, with the reason, that the sheet does not meet the conditions of the call."""
    return SHEET.apply(sheet, "declare_ineligible", by=by, note=note)


@SHEET.verb("freeze")
@transaction.atomic
def freeze_sheet(sheet, *, by, note=""):
    """Freeze the text for the jury as a `SheetVersion`, once French and Dutch are complete."""
    change = SHEET.apply(sheet, "freeze", by=by, note=note)
    freeze_version(sheet)
    return change


def freeze_version(sheet, **fields) -> SheetVersion:
    """Keep what the sheet says now as its next version, with the fingerprint of the text."""
    content = content_of(sheet)
    return SheetVersion.objects.create(
        sheet=sheet,
        number=sheet.versions.count() + 1,
        content=content,
        sha256=sealing.fingerprint(content),
        **fields,
    )


def content_of(sheet) -> dict:
    """Return all that a version keeps: every text in each language, amounts, dates, places."""
    texts = {
        name: {code: getattr(sheet, f"{name}_{code}") or "" for code in LANGUAGES}
        for name in (*SHEET_TEXTS, "partners")
    }
    owner = sheet.owner_organisation
    return {
        "reference": sheet.reference,
        "call": sheet.call.slug,
        "theme": sheet.theme.slug,
        "owner": owner.slug if owner else None,
        "municipalities": sorted(sheet.municipalities.values_list("nis", flat=True)),
        "costs": [_amount(sheet.cost_low), _amount(sheet.cost_likely), _amount(sheet.cost_high)],
        "starts_on": sheet.starts_on.isoformat() if sheet.starts_on else None,
        "duration_months": sheet.duration_months,
        "texts": texts,
    }


def _amount(value):
    return None if value is None else f"{value:.2f}"


@SHEET.verb("deliberate")
def deliberate(sheet, *, by, note=""):
    """Say that the jury has talked about the sheet; it may now be proposed, reserved or not."""
    return SHEET.apply(sheet, "deliberate", by=by, note=note)


@SHEET.verb("return_for_information")
def return_for_information(sheet, *, by, note=""):
    """Send the sheet back with the jury's question; frozen again, it gets a new version."""
    return SHEET.apply(sheet, "return_for_information", by=by, note=note)


STEP_OF_PROPOSAL = {
    Proposal.Outcome.PROPOSED: "propose",
    Proposal.Outcome.RESERVE: "put_on_reserve",
    Proposal.Outcome.NOT_PROPOSED: "not_propose",
}


@transaction.atomic
def propose(session, sheet, outcome, *, by, note="", **texts):
    """Record the jury's proposal on ``sheet`` with its reasons, and move the sheet accordingly.

    ``texts`` are `reasons_fr`, `reasons_nl` (both obligatory), `reasons_en`, `conditions_…`. Only
    while the session deliberates. The Government decides; this binds nobody.
    """
    proposal = Proposal(session=session, sheet=sheet, outcome=outcome, **texts)
    parity_guard(proposal)
    change = SHEET.apply(sheet, STEP_OF_PROPOSAL[outcome], by=by, note=note)
    proposal.save()
    return change


@SHEET.verb("propose")
def propose_sheet(sheet, *, by, note="", **texts):
    """Propose the sheet to the Government in its present session."""
    session = selectors.session_of(sheet)
    return propose(session, sheet, Proposal.Outcome.PROPOSED, by=by, note=note, **texts)


@SHEET.verb("put_on_reserve")
def reserve_sheet(sheet, *, by, note="", **texts):
    """Put the sheet on the reserve list in its present session."""
    session = selectors.session_of(sheet)
    return propose(session, sheet, Proposal.Outcome.RESERVE, by=by, note=note, **texts)


@SHEET.verb("not_propose")
def not_propose_sheet(sheet, *, by, note="", **texts):
    """Record that the jury does not propose the sheet, with its reasons."""
    session = selectors.session_of(sheet)
    return propose(session, sheet, Proposal.Outcome.NOT_PROPOSED, by=by, note=note, **texts)


@SHEET.verb("record_outcome")
@transaction.atomic
def record_outcome(sheet, *, decision, outcome, by, note="", **texts):
    """Record what the Government decided on ``sheet`` and return the change.

    ``decision`` has to be adopted and taken by the Government. ``texts`` are the reasons in French
    and Dutch, and the conditions where the sheet is selected with conditions. Once only.
    """
    if decision.status not in TAKEN or decision.meeting.body.kind != Body.Kind.GOVERNMENT:
        raise TransitionRefused(_("Choose a decision that the Government has adopted."))
    result = SheetOutcome(sheet=sheet, decision=decision, outcome=outcome, **texts)
    parity_guard(result)
    _conditions_said(result)
    change = SHEET.apply(sheet, "record_outcome", by=by, note=note)
    result.save()
    return change


def _conditions_said(result):
    wanted = result.outcome == SheetOutcome.Outcome.WITH_CONDITIONS
    if wanted and not (result.conditions_fr or "").strip():
        raise TransitionRefused(_("Say what the conditions are, in French and in Dutch."))


@SHEET.verb("publish")
def publish_sheet(sheet, *, by, note=""):
    """Publish the sheet with the decision on it."""
    return SHEET.apply(sheet, "publish", by=by, note=note)


@SHEET.verb("put_on_roadmap")
def put_on_roadmap(sheet, *, by, note=""):
    """Say that the selected sheet became an initiative; `roadmap` calls this when it makes one."""
    return SHEET.apply(sheet, "put_on_roadmap", by=by, note=note)


@SHEET.verb("withdraw")
def withdraw_sheet(sheet, *, by, note=""):
    """Withdraw a sheet before the decision, with the reason; what was public keeps its page."""
    return SHEET.apply(sheet, "withdraw", by=by, note=note)

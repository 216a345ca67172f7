"""What of the register is public, of the office or internal, said field by field."""

from django.apps import apps

from core.models import StatusChange

#: What anybody may learn of a row that is public (a listed organisation, a validated meeting).
PUBLIC = {
    "stakeholders.Organisation": (
        "is_demo not_proofread verified slug name short_name helix level municipality website "
        "note themes sources "
        # The address of a merged row leads to the row that it was merged into.
        "merged_into"
    ),
    "stakeholders.OrganisationName": "not_proofread organisation name since until",
    "stakeholders.BilateralMeeting": "kind series_no organisation starts_at status is_demo",
    "stakeholders.Topic": "is_demo not_proofread slug name purpose is_open",
    "stakeholders.ReferenceSeries": "year last",
    "stakeholders.Idea": (
        "is_demo uuid reference title body language expected_benefit theme workstream "
        "municipality submitter_type helix organisation_claimed organisation display display_text "
        "staff_summary answer status outcome duplicate_of split_from closing_reason public_note "
        "instead "
        "submitted_at received_at published_at answered_at author_removed_at"
    ),
    "stakeholders.AnsweringFigure": "day code value base counted_at",
    "stakeholders.IdeaAttachment": "idea name kind size alt_text",
    "stakeholders.OfficialStatement": (
        "idea kind status outcome reason signatory body instead published_at supersedes"
    ),
}
#: What whoever reads the list of organisations in the back office may learn besides.
OFFICE = {
    "stakeholders.Organisation": "helix_secondary legal_id status ended_on successor is_listed",
    "stakeholders.Idea": "withdrawal_words",
    "stakeholders.MessageTemplate": (
        "is_demo not_proofread slug name use reason text instead is_active"
    ),
}
#: What only those who may know people learn. A field that nobody has decided on fails a test.
INTERNAL = {
    "stakeholders.Organisation": "retention_review_on",
    "stakeholders.Contact": (
        "name email language user phone legal_basis do_not_contact merged_into "
        "retention_review_on erased_at created_at is_demo"
    ),
    "stakeholders.Affiliation": "contact organisation role is_main starts_on ends_on",
    "stakeholders.StakeholderAssessment": (
        "organisation influence interest engagement_current engagement_desired iap2_target "
        "rationale assessed_on assessed_by is_demo"
    ),
    "stakeholders.Standing": (
        "assessment assessed_on influence interest gap heard_at slug helix is_merged is_active"
    ),
    "stakeholders.Interaction": (
        "kind direction happened_at minutes_long place subject summary sentiment logged_by "
        "is_demo themes"
    ),
    "stakeholders.Participation": "interaction side organisation contact user happened_at",
    "stakeholders.Commitment": (
        "made_by organisation contact interaction text owner due_on status evidence closed_on "
        "created_at is_demo"
    ),
    "stakeholders.BilateralMeeting": (
        "portfolio ends_at place language owner agenda invited_at agenda_sent_at ical_sequence "
        "interaction positions needs assets_offered synergies workstream outcomes minutes "
        "validated_by validated_at followed_up_at colleagues contacts"
    ),
    "stakeholders.DistinctOrganisations": "by at first second",
    "stakeholders.DistinctContacts": "by at first second",
    "stakeholders.OrganisationMerge": (
        "by at reason moves kept changes undone_at undone_by survivor merged"
    ),
    "stakeholders.ContactMerge": (
        "by at reason moves kept changes undone_at undone_by survivor merged"
    ),
    "stakeholders.RegisterImport": (
        "file_name sha256 by at table verdict result confirmed_at confirmed_by purged_at"
    ),
    "stakeholders.Idea": "raised_in",
    "stakeholders.Submission": (
        "idea contact channel email_verified_at language notify consent_version via created_at"
    ),
    "stakeholders.IdeaAttachment": (
        "stored_name sha256 scan_state refusal rights_confirmed is_public added_at"
    ),
    "stakeholders.IdeaKey": "idea key",
    "stakeholders.IdeaMerge": (
        "survivor merged was_status was_published_at was_explained by at undone_by undone_at"
    ),
    "stakeholders.SimilarityPair": "a b score method verdict found_at by at",
    "stakeholders.IdeaQuestion": "idea text asked_from asked_by asked_at reply replied_at",
    "stakeholders.IdeaDecision": "idea outcome note by at",
    "stakeholders.OfficialStatement": "proposed_by proposed_at published_by created_at",
    "stakeholders.AnswerFeedback": (
        "statement submission status comment asked_at replied_at closed_at closed_by"
    ),
    "stakeholders.IdeaEdit": (
        "idea submission title body expected_benefit theme municipality former status reason "
        "explanation made_at decided_at"
    ),
    "stakeholders.IdeaReport": (
        "idea reason details locale reporter_hash device_hash at settled_by settled_at how "
        "settle_note"
    ),
    "stakeholders.IdeaNote": "idea author text at reply_to",
    "stakeholders.ContributorsDownload": "by at purpose criteria kind lines sha256",
    "stakeholders.Assignment": ("idea evaluator due_on assigned_by assigned_at ended_by ended_at"),
    "stakeholders.TrackingLetter": "submission by at replaces reason",
    "stakeholders.Subscription": (
        "contact kind topic target status language asked_at confirmed_at ended_at seen_until"
    ),
    "stakeholders.SubscriptionRequest": (
        "contact kind target language wording_version asked_at confirmed_at topics"
    ),
    "stakeholders.ConsentEvent": (
        "address_hmac kind topic target event wording_version wording_sha256 language source at"
    ),
    "stakeholders.IdeaStep": "idea kind key at",
    "stakeholders.Watch": "name began_at position",
    "core.Document": (
        "title language status circulated_until signed_by signed_at corrects created_at"
    ),
    "core.DocumentVersion": (
        "document number body sha256 author note at redacted_at redacted_sha256"
    ),
    # The moves of a row are told to who reads that row in the back office, never what was noted.
    "core.StatusChange": "content_type object_id transition source target by note at",
}


def watched_models() -> list:
    """Return every model of the register, and the documents and histories that it writes."""
    engine = [apps.get_model("core", name) for name in ("Document", "DocumentVersion")]
    return [*apps.get_app_config("stakeholders").get_models(), *engine, StatusChange]


def fields_of(model) -> dict:
    """Return {name: field} of a model, a translated text as one, without the primary key."""
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return {
        each.name: each
        for each in fields
        if not each.primary_key and not hasattr(each, "translated_field")
    }


def internal_fields() -> list[tuple]:
    """Return (model, field) for all that nobody declared public or of the office."""
    return [
        (model, field)
        for model in watched_models()
        for name, field in fields_of(model).items()
        if name not in f"{PUBLIC.get(model._meta.label)} {OFFICE.get(model._meta.label)}".split()
    ]

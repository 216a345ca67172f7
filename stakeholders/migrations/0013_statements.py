"""Decisions (internal), statements (public) and reactions to answers."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


#: Answers given before become statements without persons: taken over, see the four-eyes constraint.
TAKE_OVER = """
INSERT INTO stakeholders_officialstatement (idea_id, kind, status, outcome, reason,
    signatory, signatory_fr, signatory_nl, signatory_en, body, body_fr, body_nl, body_en,
    instead, published_at, created_at)
SELECT id, 'answer', 'published', outcome, '', office, office, office, office,
    answer_fr, answer_fr, answer_nl, answer_en, '', answered_at, answered_at
FROM stakeholders_idea, (VALUES ('Smart City Office')) AS signs(office)
WHERE answered_at IS NOT NULL AND outcome <> '' AND answer_fr ~ '\\S' AND answer_nl ~ '\\S'
"""


class Migration(migrations.Migration):
    """Makes decisions, statements and reactions; takes the answers of today over."""

    dependencies = [
        ("programme", "0004_search_index"),
        ("stakeholders", "0012_similarity_pairs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerFeedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("helped", "it helped"),
                            ("review", "did not help: to review"),
                            ("closed", "did not help: reviewed"),
                        ],
                        db_index=True,
                        default="asked",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "comment",
                    models.TextField(blank=True, verbose_name="comment of the contributor"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked on"
                    ),
                ),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="replied")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewed")),
            ],
            options={
                "verbose_name": "reaction to an answer",
                "verbose_name_plural": "reactions to answers",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="IdeaDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("accepted_in_part", "accepted in part"),
                            ("forwarded", "forwarded"),
                            ("declined", "declined"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="decided"),
                ),
            ],
            options={
                "verbose_name": "internal decision",
                "verbose_name_plural": "internal decisions",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OfficialStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledgement", "acknowledgement"),
                            ("answer", "answer"),
                            ("update", "update"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("proposed", "proposed"),
                            ("published", "published"),
                            ("dropped", "dropped"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("accepted_in_part", "accepted in part"),
                            ("forwarded", "forwarded"),
                            ("declined", "declined"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_competent", "another authority decides"),
                            ("exists", "it exists already"),
                            ("cost", "too dear for what it brings"),
                            ("law", "the law does not allow it"),
                            ("not_feasible", "it cannot be done"),
                            ("priority", "other priorities now"),
                        ],
                        max_length=20,
                        verbose_name="reason for declining",
                    ),
                ),
                (
                    "signatory",
                    models.CharField(blank=True, max_length=200, verbose_name="signed by"),
                ),
                (
                    "signatory_fr",
                    models.CharField(
                        blank=True, max_length=200, null=True, verbose_name="signed by"
                    ),
                ),
                (
                    "signatory_nl",
                    models.CharField(
                        blank=True, max_length=200, null=True, verbose_name="signed by"
                    ),
                ),
                (
                    "signatory_en",
                    models.CharField(
                        blank=True, max_length=200, null=True, verbose_name="signed by"
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("body_fr", models.TextField(blank=True, null=True, verbose_name="text")),
                ("body_nl", models.TextField(blank=True, null=True, verbose_name="text")),
                ("body_en", models.TextField(blank=True, null=True, verbose_name="text")),
                ("instead", models.TextField(blank=True, verbose_name="where to go instead")),
                (
                    "instead_fr",
                    models.TextField(blank=True, null=True, verbose_name="where to go instead"),
                ),
                (
                    "instead_nl",
                    models.TextField(blank=True, null=True, verbose_name="where to go instead"),
                ),
                (
                    "instead_en",
                    models.TextField(blank=True, null=True, verbose_name="where to go instead"),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="proposed on"),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published on"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun"),
                ),
            ],
            options={
                "verbose_name": "official statement",
                "verbose_name_plural": "official statements",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="idea",
            name="instead",
            field=models.TextField(blank=True, verbose_name="where to go instead"),
        ),
        migrations.AddField(
            model_name="idea",
            name="instead_en",
            field=models.TextField(blank=True, null=True, verbose_name="where to go instead"),
        ),
        migrations.AddField(
            model_name="idea",
            name="instead_fr",
            field=models.TextField(blank=True, null=True, verbose_name="where to go instead"),
        ),
        migrations.AddField(
            model_name="idea",
            name="instead_nl",
            field=models.TextField(blank=True, null=True, verbose_name="where to go instead"),
        ),
        migrations.AddConstraint(
            model_name="idea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("instead_fr__isnull", False),
                        ("instead_fr__regex", "\\S"),
                        ("instead_nl__isnull", False),
                        ("instead_nl__regex", "\\S"),
                    ),
                    models.Q(
                        models.Q(
                            ("instead_fr__isnull", False),
                            ("instead_fr__regex", "\\S"),
                            _negated=True,
                        ),
                        models.Q(
                            ("instead_nl__isnull", False),
                            ("instead_nl__regex", "\\S"),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="idea_instead_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddField(
            model_name="answerfeedback",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="feedback",
                to="stakeholders.submission",
                verbose_name="contribution",
            ),
        ),
        migrations.AddField(
            model_name="ideadecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="ideadecision",
            name="idea",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="stakeholders.idea",
                verbose_name="idea",
            ),
        ),
        migrations.AddField(
            model_name="officialstatement",
            name="idea",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statements",
                to="stakeholders.idea",
                verbose_name="idea",
            ),
        ),
        migrations.AddField(
            model_name="officialstatement",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="officialstatement",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddField(
            model_name="officialstatement",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="stakeholders.officialstatement",
                verbose_name="replaces",
            ),
        ),
        migrations.AddField(
            model_name="answerfeedback",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stakeholders.officialstatement",
                verbose_name="new answer",
            ),
        ),
        migrations.AddField(
            model_name="answerfeedback",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feedback",
                to="stakeholders.officialstatement",
                verbose_name="answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="ideadecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["accepted", "accepted_in_part", "forwarded", "declined"])
                ),
                name="idea_decision_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ideadecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="95b586d0ea59d330a869951bcdbd3da95a07feb6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8c2d5",
                    table="stakeholders_ideadecision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "proposed", "published", "dropped"])),
                name="official_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "answer"),
                        ("outcome__in", ["accepted", "accepted_in_part", "forwarded", "declined"]),
                    ),
                    models.Q(
                        ("kind__in", ["acknowledgement", "update"]),
                        ("outcome", ""),
                        ("supersedes", None),
                    ),
                    _connector="OR",
                ),
                name="official_answer_has_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), ("outcome", "declined"), _connector="OR"),
                name="official_reason_of_declined",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "proposed"), _negated=True),
                    models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                    _connector="OR",
                ),
                name="official_proposed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", False), ("status", "published")),
                    models.Q(
                        ("published_at", None),
                        ("published_by", None),
                        models.Q(("status", "published"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="official_published_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("proposed_by", None), ("published_by", None)),
                    models.Q(
                        ("proposed_by__isnull", False),
                        ("published_by__isnull", False),
                        models.Q(("published_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="official_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "declined"), ("status", "published"), _negated=True),
                    ("published_by", None),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("instead_fr__isnull", False),
                        ("instead_fr__regex", "\\S"),
                        ("instead_nl__isnull", False),
                        ("instead_nl__regex", "\\S"),
                    ),
                    _connector="OR",
                ),
                name="official_declined_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes", None),
                    models.Q(("supersedes", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="official_supersedes_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("signatory_fr__isnull", False),
                        ("signatory_fr__regex", "\\S"),
                        ("signatory_nl__isnull", False),
                        ("signatory_nl__regex", "\\S"),
                        ("body_fr__isnull", False),
                        ("body_fr__regex", "\\S"),
                        ("body_nl__isnull", False),
                        ("body_nl__regex", "\\S"),
                        models.Q(
                            models.Q(
                                ("instead_fr__isnull", False),
                                ("instead_fr__regex", "\\S"),
                                ("instead_nl__isnull", False),
                                ("instead_nl__regex", "\\S"),
                            ),
                            models.Q(
                                models.Q(
                                    ("instead_fr__isnull", False),
                                    ("instead_fr__regex", "\\S"),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("instead_nl__isnull", False),
                                    ("instead_nl__regex", "\\S"),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(("status__in", ["published"]), _negated=True),
                    _connector="OR",
                ),
                name="official_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["draft", "proposed"])),
                fields=("idea", "kind"),
                name="official_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialstatement",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "answer"), ("status", "published"), ("supersedes", None)
                ),
                fields=("idea",),
                name="official_one_first_answer",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="officialstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"status\" = 'published')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7601a4eebbcaca6dd54097b9894cb46ac7de637c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_stays_4b48a",
                    table="stakeholders_officialstatement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="answerfeedback",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "helped", "review", "closed"])),
                name="feedback_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerfeedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at", None), ("status", "asked")),
                    models.Q(
                        models.Q(("status", "asked"), _negated=True), ("replied_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="feedback_replied_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerfeedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status", "closed")),
                    models.Q(
                        models.Q(("status", "closed"), _negated=True),
                        ("closed_at", None),
                        ("closed_by", None),
                    ),
                    _connector="OR",
                ),
                name="feedback_closed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerfeedback",
            constraint=models.UniqueConstraint(
                fields=("statement", "submission"), name="feedback_once"
            ),
        ),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
    ]

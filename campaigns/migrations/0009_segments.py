import campaigns.models.segments
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_plan_rows"),
        ("stakeholders", "0022_steps_by_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_demo",
                    models.BooleanField(default=False, verbose_name="demonstration content"),
                ),
                (
                    "not_proofread",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("fr", "Français"), ("nl", "Nederlands"), ("en", "English")],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="not proof-read",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_fr", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_nl", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=120, null=True, verbose_name="name")),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="what it is for"),
                ),
                (
                    "description_fr",
                    models.CharField(
                        blank=True, max_length=300, null=True, verbose_name="what it is for"
                    ),
                ),
                (
                    "description_nl",
                    models.CharField(
                        blank=True, max_length=300, null=True, verbose_name="what it is for"
                    ),
                ),
                (
                    "description_en",
                    models.CharField(
                        blank=True, max_length=300, null=True, verbose_name="what it is for"
                    ),
                ),
                ("rule", models.JSONField(verbose_name="rule")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="archived"),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="campaign",
            name="campaign_bilingual",
        ),
        migrations.RemoveConstraint(
            model_name="campaign",
            name="campaign_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="campaign",
            name="campaign_approved_by_somebody",
        ),
        migrations.AddField(
            model_name="campaign",
            name="approved_audience_hash",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="fingerprint of the audience"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="approved_count",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="people in the approved audience",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in_review", "in review"),
                    ("approved", "approved"),
                    ("scheduled", "planned"),
                    ("freezing", "list being frozen"),
                    ("held", "waits: its audience has changed"),
                    ("sending", "being sent"),
                    ("paused", "paused"),
                    ("finished", "sent"),
                    ("cancelled", "cancelled"),
                    ("missed", "not sent in time"),
                ],
                default="draft",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="excluded_segments",
            field=models.ManyToManyField(
                blank=True,
                help_text="Whoever is in one of them gets nothing.",
                related_name="excluded_from",
                to="campaigns.segment",
                verbose_name="without these segments",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="segments",
            field=models.ManyToManyField(
                blank=True,
                help_text="Subscribers of the topic who are in one of them at least. None: all of them.",
                related_name="campaigns",
                to="campaigns.segment",
                verbose_name="only these segments",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("subject_fr__isnull", False),
                        ("subject_fr__regex", "\\S"),
                        ("subject_nl__isnull", False),
                        ("subject_nl__regex", "\\S"),
                        ("preheader_fr__isnull", False),
                        ("preheader_fr__regex", "\\S"),
                        ("preheader_nl__isnull", False),
                        ("preheader_nl__regex", "\\S"),
                        ("body_fr__isnull", False),
                        ("body_fr__regex", "\\S"),
                        ("body_nl__isnull", False),
                        ("body_nl__regex", "\\S"),
                    ),
                    models.Q(
                        (
                            "status__in",
                            [
                                "approved",
                                "finished",
                                "freezing",
                                "held",
                                "missed",
                                "paused",
                                "scheduled",
                                "sending",
                            ],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="campaign_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "draft",
                            "in_review",
                            "approved",
                            "scheduled",
                            "freezing",
                            "held",
                            "sending",
                            "paused",
                            "finished",
                            "cancelled",
                            "missed",
                        ],
                    )
                ),
                name="campaign_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "status__in",
                            [
                                "approved",
                                "scheduled",
                                "freezing",
                                "held",
                                "sending",
                                "paused",
                                "finished",
                                "missed",
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="campaign_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_audience_hash", ""), ("approved_count", None)),
                    models.Q(
                        models.Q(("approved_audience_hash", ""), _negated=True),
                        ("approved_count__gt", 0),
                        ("approved_count__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="campaign_audience_approved_with_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "held"), _negated=True),
                    ("approved_count__isnull", False),
                    _connector="OR",
                ),
                name="campaign_held_has_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_fr__isnull", False),
                    ("name_fr__regex", "\\S"),
                    ("name_nl__isnull", False),
                    ("name_nl__regex", "\\S"),
                    models.Q(
                        models.Q(
                            ("description_fr__isnull", False),
                            ("description_fr__regex", "\\S"),
                            ("description_nl__isnull", False),
                            ("description_nl__regex", "\\S"),
                        ),
                        models.Q(
                            models.Q(
                                ("description_fr__isnull", False),
                                ("description_fr__regex", "\\S"),
                                _negated=True,
                            ),
                            models.Q(
                                ("description_nl__isnull", False),
                                ("description_nl__regex", "\\S"),
                                _negated=True,
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="segment_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name_fr"),
                condition=models.Q(("archived_at", None)),
                name="segment_name_fr_once",
                violation_error_message="Another segment has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name_nl"),
                condition=models.Q(("archived_at", None)),
                name="segment_name_nl_once",
                violation_error_message="Another segment has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=campaigns.models.segments.PathExists(
                    "rule",
                    '$ ? ((@.match == "all" || @.match == "any") && @.rows.type() == "array" && @.rows.size() > 0)',
                ),
                name="segment_rule_has_rows",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    campaigns.models.segments.PathExists(
                        "rule",
                        '$.**.field ? ((@ like_regex "^(language|topic|subscribed|helix|level|organisation|municipality|theme|role|no_organisation|idea|idea_theme|idea_municipality|took_part|received|received_within)$") is unknown || !(@ like_regex "^(language|topic|subscribed|helix|level|organisation|municipality|theme|role|no_organisation|idea|idea_theme|idea_municipality|took_part|received|received_within)$"))',
                    ),
                    _negated=True,
                ),
                name="segment_rule_asks_known",
            ),
        ),
    ]

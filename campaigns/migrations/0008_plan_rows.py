"""The plan as rows: what stood in two texts becomes an objective and an audience of each plan.

A plan was public as it stood, so it counts as adopted, and what it says now is its first version.
"""

import hashlib
import json

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


LANGUAGES = ("fr", "nl", "en")
#: What the one audience is called that takes over a text about several.
AUDIENCES = {
    "fr": "Publics du plan",
    "nl": "Doelgroepen van het plan",
    "en": "Audiences of the plan",
}


def fill(apps, schema_editor):
    """Move the texts, date what is done, and keep each plan as adopted."""
    plans = apps.get_model("campaigns", "CommunicationPlan").objects
    actions = apps.get_model("campaigns", "PlanAction").objects
    actions.filter(status="done").update(done_on=models.F("ends_on"))
    # As values: a plan has a field and rows of the same name for a moment.
    columns = ["pk", "starts_on", "ends_on", "is_demo", "not_proofread"]
    texts = [
        f"{name}_{code}" for name in ("title", "objectives", "audiences") for code in LANGUAGES
    ]
    for plan in plans.order_by("pk").values(*columns, *texts):
        add_rows(apps, plan)
        freeze(apps, plan)
    plans.update(status="adopted", adopted_at=django.utils.timezone.now())
    # What waits to be checked would keep the tables from being altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def languages(row, field):
    """Return the three columns of a text."""
    return {code: row[f"{field}_{code}"] or "" for code in LANGUAGES}


def add_rows(apps, plan):
    """Make one objective and one audience of the two texts of a plan."""
    common = {"plan_id": plan["pk"], "position": 1, "not_proofread": plan["not_proofread"]}
    objective, audience = languages(plan, "objectives"), languages(plan, "audiences")
    apps.get_model("campaigns", "PlanObjective").objects.create(
        text=objective["fr"],
        **{f"text_{code}": words for code, words in objective.items()},
        **common,
    )
    apps.get_model("campaigns", "PlanAudience").objects.create(
        name=AUDIENCES["fr"],
        need=audience["fr"],
        message="",
        **{f"name_{code}": words for code, words in AUDIENCES.items()},
        **{f"need_{code}": words for code, words in audience.items()},
        **common,
    )


def freeze(apps, plan):
    """Keep what the plan says as its first version."""
    content = {
        "schema": 1,
        "title": languages(plan, "title"),
        "starts_on": plan["starts_on"].isoformat(),
        "ends_on": plan["ends_on"].isoformat(),
        "is_demo": plan["is_demo"],
        "budget": None,
        "objectives": [{"text": languages(plan, "objectives"), "goal": None}],
        "audiences": [
            {
                "name": AUDIENCES,
                "need": languages(plan, "audiences"),
                "message": dict.fromkeys(LANGUAGES, ""),
            }
        ],
        "actions": [frozen_action(row) for row in actions_of(apps, plan)],
        "kpis": [],
    }
    words = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    apps.get_model("campaigns", "PlanVersion").objects.create(
        plan_id=plan["pk"],
        number=1,
        content=content,
        sha256=hashlib.sha256(words.encode()).hexdigest(),
    )


def actions_of(apps, plan):
    """Return the actions of a plan in their order."""
    rows = apps.get_model("campaigns", "PlanAction").objects.filter(plan_id=plan["pk"])
    return rows.order_by("starts_on", "pk").values()


def frozen_action(row):
    """Return one action as a version holds it."""
    return {
        "title": languages(row, "title"),
        "text": None,
        "channel": row["channel"],
        "starts_on": row["starts_on"].isoformat(),
        "ends_on": row["ends_on"].isoformat(),
        "status": row["status"],
        "done_on": row["done_on"].isoformat() if row["done_on"] else None,
        "objective": None,
        "audiences": [],
        "lead": None,
        "partners": [],
        "budget": None,
    }


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_delivery_rules"),
        ("programme", "0004_search_index"),
        ("stakeholders", "0022_steps_by_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KPIReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="as of")),
                ("vintage", models.PositiveSmallIntegerField(default=1, verbose_name="vintage")),
                (
                    "value",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="value"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="recorded"
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a key figure",
                "verbose_name_plural": "readings of key figures",
                "ordering": ["-on", "-vintage", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanAudience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_fr", models.CharField(max_length=200, null=True, verbose_name="name")),
                ("name_nl", models.CharField(max_length=200, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=200, null=True, verbose_name="name")),
                ("need", models.TextField(blank=True, verbose_name="what they need")),
                ("need_fr", models.TextField(blank=True, null=True, verbose_name="what they need")),
                ("need_nl", models.TextField(blank=True, null=True, verbose_name="what they need")),
                ("need_en", models.TextField(blank=True, null=True, verbose_name="what they need")),
                ("message", models.TextField(blank=True, verbose_name="what they are told")),
                (
                    "message_fr",
                    models.TextField(blank=True, null=True, verbose_name="what they are told"),
                ),
                (
                    "message_nl",
                    models.TextField(blank=True, null=True, verbose_name="what they are told"),
                ),
                (
                    "message_en",
                    models.TextField(blank=True, null=True, verbose_name="what they are told"),
                ),
            ],
            options={
                "verbose_name": "audience of a plan",
                "verbose_name_plural": "audiences of plans",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanKPI",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_fr", models.CharField(max_length=200, null=True, verbose_name="name")),
                ("name_nl", models.CharField(max_length=200, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=200, null=True, verbose_name="name")),
                (
                    "unit",
                    models.CharField(
                        help_text="For example: meetings, people, %.",
                        max_length=60,
                        verbose_name="unit",
                    ),
                ),
                (
                    "unit_fr",
                    models.CharField(
                        help_text="For example: meetings, people, %.",
                        max_length=60,
                        null=True,
                        verbose_name="unit",
                    ),
                ),
                (
                    "unit_nl",
                    models.CharField(
                        help_text="For example: meetings, people, %.",
                        max_length=60,
                        null=True,
                        verbose_name="unit",
                    ),
                ),
                (
                    "unit_en",
                    models.CharField(
                        help_text="For example: meetings, people, %.",
                        max_length=60,
                        null=True,
                        verbose_name="unit",
                    ),
                ),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="value at the start",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="target value"
                    ),
                ),
                ("due", models.DateField(verbose_name="to be reached by")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("manual", "read by the Office"),
                            ("record", "counted by the portal"),
                        ],
                        default="manual",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bilaterals", "bilateral meetings validated"),
                            ("cabinets", "meetings with cabinets validated"),
                            ("partners", "organisations met in bilateral meetings"),
                            ("admin_workshops", "workshops held with the administrations"),
                            ("theme_workshops", "multidisciplinary workshops held"),
                            ("workshop_themes", "themes of the workshops held"),
                            ("ideas_received", "ideas received"),
                            ("ideas_answered", "ideas answered"),
                            ("ideas_discussed", "ideas dealt with in a workshop"),
                            ("sheets", "project sheets before the jury"),
                            ("decisions", "decisions published"),
                            ("initiatives", "initiatives born of a decision"),
                            ("editions", "editions of the roadmap published"),
                            ("indicators", "indicators published"),
                            ("subscribers", "people with a confirmed subscription"),
                            ("dutch_share", "share of Dutch among the confirmed subscriptions"),
                            ("campaigns", "campaigns of this plan sent"),
                            ("mails", "mails of this plan taken by the mail server"),
                            ("actions_done", "actions of this plan done"),
                        ],
                        help_text="Only where the portal counts it.",
                        max_length=20,
                        verbose_name="counted from",
                    ),
                ),
            ],
            options={
                "verbose_name": "key figure of a plan",
                "verbose_name_plural": "key figures of plans",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanObjective",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("text", models.TextField(verbose_name="objective")),
                ("text_fr", models.TextField(null=True, verbose_name="objective")),
                ("text_nl", models.TextField(null=True, verbose_name="objective")),
                ("text_en", models.TextField(null=True, verbose_name="objective")),
            ],
            options={
                "verbose_name": "objective of a plan",
                "verbose_name_plural": "objectives of plans",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("content", models.JSONField(verbose_name="frozen content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the content")),
                (
                    "adopted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="adopted at"
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a communication plan",
                "verbose_name_plural": "versions of communication plans",
                "ordering": ["plan", "-number"],
            },
        ),
        migrations.AlterModelOptions(
            name="communicationplan",
            options={
                "ordering": ["-starts_on", "-pk"],
                "verbose_name": "communication plan",
                "verbose_name_plural": "communication plans",
            },
        ),
        migrations.AddField(
            model_name="communicationplan",
            name="adopted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="adopted at"
            ),
        ),
        migrations.AddField(
            model_name="communicationplan",
            name="closed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="closed at"
            ),
        ),
        migrations.AddField(
            model_name="communicationplan",
            name="status",
            field=models.CharField(
                choices=[("draft", "draft"), ("adopted", "adopted"), ("closed", "closed")],
                default="draft",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="budget",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="budget (euro)",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="done_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="done on"),
        ),
        migrations.AddField(
            model_name="planaction",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_actions",
                to="stakeholders.organisation",
                verbose_name="carried by",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="The person of the Office who sees to it. Not shown to the public.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_actions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="looked after by",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="partners",
            field=models.ManyToManyField(
                blank=True,
                related_name="partner_actions",
                to="stakeholders.organisation",
                verbose_name="partners",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="text",
            field=models.TextField(
                blank=True,
                help_text="The public reads it once French and Dutch are both there.",
                verbose_name="what is said",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="text_en",
            field=models.TextField(
                blank=True,
                help_text="The public reads it once French and Dutch are both there.",
                null=True,
                verbose_name="what is said",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="text_fr",
            field=models.TextField(
                blank=True,
                help_text="The public reads it once French and Dutch are both there.",
                null=True,
                verbose_name="what is said",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="text_nl",
            field=models.TextField(
                blank=True,
                help_text="The public reads it once French and Dutch are both there.",
                null=True,
                verbose_name="what is said",
            ),
        ),
        migrations.AddField(
            model_name="kpireading",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="planaudience",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audiences",
                to="campaigns.communicationplan",
                verbose_name="communication plan",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="audiences",
            field=models.ManyToManyField(
                blank=True,
                related_name="actions",
                to="campaigns.planaudience",
                verbose_name="audiences",
            ),
        ),
        migrations.AddField(
            model_name="plankpi",
            name="action",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kpis",
                to="campaigns.planaction",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="plankpi",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="kpis",
                to="campaigns.communicationplan",
                verbose_name="communication plan",
            ),
        ),
        migrations.AddField(
            model_name="kpireading",
            name="kpi",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readings",
                to="campaigns.plankpi",
                verbose_name="key figure of a plan",
            ),
        ),
        migrations.AddField(
            model_name="planobjective",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="objectives",
                to="campaigns.communicationplan",
                verbose_name="communication plan",
            ),
        ),
        migrations.AddField(
            model_name="planobjective",
            name="smart_city_objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_objectives",
                to="programme.objective",
                verbose_name="goal of the Region",
            ),
        ),
        migrations.AddField(
            model_name="plankpi",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kpis",
                to="campaigns.planobjective",
                verbose_name="objective",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="campaigns.planobjective",
                verbose_name="objective",
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="adopted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="adopted by",
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="campaigns.communicationplan",
                verbose_name="communication plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaudience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_fr__isnull", False),
                    ("name_fr__regex", "\\S"),
                    ("name_nl__isnull", False),
                    ("name_nl__regex", "\\S"),
                    models.Q(
                        models.Q(
                            ("need_fr__isnull", False),
                            ("need_fr__regex", "\\S"),
                            ("need_nl__isnull", False),
                            ("need_nl__regex", "\\S"),
                        ),
                        models.Q(
                            models.Q(
                                ("need_fr__isnull", False), ("need_fr__regex", "\\S"), _negated=True
                            ),
                            models.Q(
                                ("need_nl__isnull", False), ("need_nl__regex", "\\S"), _negated=True
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(
                            ("message_fr__isnull", False),
                            ("message_fr__regex", "\\S"),
                            ("message_nl__isnull", False),
                            ("message_nl__regex", "\\S"),
                        ),
                        models.Q(
                            models.Q(
                                ("message_fr__isnull", False),
                                ("message_fr__regex", "\\S"),
                                _negated=True,
                            ),
                            models.Q(
                                ("message_nl__isnull", False),
                                ("message_nl__regex", "\\S"),
                                _negated=True,
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="plan_audience_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpireading",
            constraint=models.UniqueConstraint(
                fields=("kpi", "on", "vintage"), name="kpi_reading_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpireading",
            constraint=models.CheckConstraint(
                condition=models.Q(("vintage__gte", 1)), name="kpi_reading_vintage_counts"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kpireading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b5ab0e36432877672e30fc15dac4a5c73c314e62",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_17a7e",
                    table="campaigns_kpireading",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="planobjective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("text_fr__isnull", False),
                    ("text_fr__regex", "\\S"),
                    ("text_nl__isnull", False),
                    ("text_nl__regex", "\\S"),
                ),
                name="plan_objective_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plankpi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_fr__isnull", False),
                    ("name_fr__regex", "\\S"),
                    ("name_nl__isnull", False),
                    ("name_nl__regex", "\\S"),
                    ("unit_fr__isnull", False),
                    ("unit_fr__regex", "\\S"),
                    ("unit_nl__isnull", False),
                    ("unit_nl__regex", "\\S"),
                ),
                name="plan_kpi_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plankpi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("objective__isnull", False), ("action__isnull", False), _connector="OR"
                ),
                name="plan_kpi_of_something",
                violation_error_message="Name the objective or the action that it measures.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plankpi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("metric", ""), ("source", "manual")),
                    models.Q(
                        (
                            "metric__in",
                            [
                                "bilaterals",
                                "cabinets",
                                "partners",
                                "admin_workshops",
                                "theme_workshops",
                                "workshop_themes",
                                "ideas_received",
                                "ideas_answered",
                                "ideas_discussed",
                                "sheets",
                                "decisions",
                                "initiatives",
                                "editions",
                                "indicators",
                                "subscribers",
                                "dutch_share",
                                "campaigns",
                                "mails",
                                "actions_done",
                            ],
                        ),
                        ("source", "record"),
                    ),
                    _connector="OR",
                ),
                name="plan_kpi_counted_from_a_record",
                violation_error_message="Say what the portal counts, or leave it empty where the Office reads it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plankpi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("baseline", None),
                    models.Q(("baseline", models.F("target")), _negated=True),
                    _connector="OR",
                ),
                name="plan_kpi_target_moves",
                violation_error_message="The target is the value at the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once"),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="plan_version_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="plan_version_has_hash",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="289634fc65a7d181447ab212f8a62d202e924600",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_2570c",
                    table="campaigns_planversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name="communicationplan",
            name="plan_bilingual",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="audiences",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="audiences_en",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="audiences_fr",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="audiences_nl",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="objectives",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="objectives_en",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="objectives_fr",
        ),
        migrations.RemoveField(
            model_name="communicationplan",
            name="objectives_nl",
        ),
        migrations.AddConstraint(
            model_name="communicationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("title_fr__isnull", False),
                        ("title_fr__regex", "\\S"),
                        ("title_nl__isnull", False),
                        ("title_nl__regex", "\\S"),
                    ),
                    models.Q(("status__in", ["adopted", "closed"]), _negated=True),
                    _connector="OR",
                ),
                name="plan_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="communicationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "adopted", "closed"])),
                name="plan_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="communicationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"), ("adopted_at__isnull", False), _connector="OR"
                ),
                name="plan_adopted_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="communicationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status", "closed")),
                    models.Q(models.Q(("status", "closed"), _negated=True), ("closed_at", None)),
                    _connector="OR",
                ),
                name="plan_closed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("text_fr__isnull", False),
                        ("text_fr__regex", "\\S"),
                        ("text_nl__isnull", False),
                        ("text_nl__regex", "\\S"),
                    ),
                    models.Q(
                        models.Q(
                            ("text_fr__isnull", False), ("text_fr__regex", "\\S"), _negated=True
                        ),
                        models.Q(
                            ("text_nl__isnull", False), ("text_nl__regex", "\\S"), _negated=True
                        ),
                    ),
                    models.Q(("status__in", ["done"]), _negated=True),
                    _connector="OR",
                ),
                name="plan_action_done_text_bilingual",
                violation_error_message="French and Dutch have to be complete.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["mail", "web", "press", "social", "event", "print"])
                ),
                name="plan_action_channel_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["planned", "done", "dropped"])),
                name="plan_action_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", False), ("status", "done")),
                    models.Q(models.Q(("status", "done"), _negated=True), ("done_on", None)),
                    _connector="OR",
                ),
                name="plan_action_done_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget", None), ("budget__gte", 0), _connector="OR"),
                name="plan_action_budget_not_negative",
                violation_error_message="A budget is not below zero.",
            ),
        ),
    ]

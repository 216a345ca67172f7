"""Following: subscriptions to ideas and saved searches, the steps that were told."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Gives subscriptions and the ledger a kind and a target; makes steps and look-outs."""

    dependencies = [
        ("stakeholders", "0013_statements"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdeaStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("key", models.PositiveBigIntegerField(verbose_name="key")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="noticed"),
                ),
            ],
            options={
                "verbose_name": "step of an idea",
                "verbose_name_plural": "steps of ideas",
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                (
                    "began_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="began"),
                ),
                ("position", models.PositiveBigIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "look-out",
                "verbose_name_plural": "look-outs",
            },
        ),
        migrations.AddField(
            model_name="consentevent",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("topic", "topic"), ("idea", "idea"), ("search", "saved search")],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="consentevent",
            name="target",
            field=models.CharField(blank=True, max_length=64, verbose_name="what is followed"),
        ),
        migrations.AddField(
            model_name="consentevent",
            name="wording_sha256",
            field=models.CharField(
                blank=True, max_length=64, verbose_name="fingerprint of the text agreed to"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="kind",
            field=models.CharField(
                choices=[("topic", "topic"), ("idea", "idea"), ("search", "saved search")],
                default="topic",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="seen_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="looked through until"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="target",
            field=models.CharField(blank=True, max_length=500, verbose_name="what is followed"),
        ),
        migrations.AddField(
            model_name="subscriptionrequest",
            name="kind",
            field=models.CharField(
                choices=[("topic", "topic"), ("idea", "idea"), ("search", "saved search")],
                default="topic",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="subscriptionrequest",
            name="target",
            field=models.CharField(blank=True, max_length=500, verbose_name="what is followed"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subscriptions",
                to="stakeholders.topic",
                verbose_name="topic",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("status", "active"), ("topic", None)),
                fields=["kind", "target"],
                name="subscription_followers",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wording_sha256", ""),
                    ("wording_sha256__regex", "^[0-9a-f]{64}$"),
                    _connector="OR",
                ),
                name="consent_fingerprint_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic", None)),
                fields=("contact", "kind", "target"),
                name="subscription_target_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "topic"), ("target", ""), ("topic__isnull", False)),
                    models.Q(
                        ("kind", "idea"),
                        ("target__regex", "^[A-Z]+-[0-9]+-[0-9]+$"),
                        ("topic", None),
                    ),
                    models.Q(("kind", "search"), ("topic", None)),
                    _connector="OR",
                ),
                name="subscription_target_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "search"), ("status", "active"), _negated=True),
                    ("seen_until__isnull", False),
                    _connector="OR",
                ),
                name="subscription_search_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "topic"), ("target", "")),
                    models.Q(("kind", "idea"), ("target__regex", "^[A-Z]+-[0-9]+-[0-9]+$")),
                    ("kind", "search"),
                    _connector="OR",
                ),
                name="subscription_request_fits",
            ),
        ),
        migrations.AddField(
            model_name="ideastep",
            name="idea",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="stakeholders.idea",
                verbose_name="idea",
            ),
        ),
        migrations.AddConstraint(
            model_name="ideastep",
            constraint=models.UniqueConstraint(
                fields=("idea", "kind", "key"), name="idea_step_once"
            ),
        ),
    ]

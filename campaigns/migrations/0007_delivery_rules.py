from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_fill_deliveries"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_sent_or_excluded",
        ),
        migrations.RemoveField(
            model_name="delivery",
            name="excluded",
        ),
        migrations.RemoveField(
            model_name="delivery",
            name="message",
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("campaign", "email_norm"), name="delivery_once_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "",
                            "unsubscribed",
                            "removed",
                            "cancelled",
                            "suppressed",
                            "no_address",
                            "same_address",
                        ],
                    )
                ),
                name="delivery_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [0, 1, 2, 3, 4, 5, 6, 7])),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", [1, 2]), _negated=True),
                    models.Q(("lease_owner__isnull", False), ("lease_until__isnull", False)),
                    _connector="OR",
                ),
                name="delivery_held_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", 3), _negated=True),
                    ("handed_at__isnull", False),
                    _connector="OR",
                ),
                name="delivery_sent_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", (6, 7)), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="delivery_left_out_why",
            ),
        ),
    ]

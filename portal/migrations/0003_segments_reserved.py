from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_search_index"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="newsitem", name="news_slug_not_reserved"),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__in", ["campaigns", "segments"]), _negated=True),
                name="news_slug_not_reserved",
            ),
        ),
    ]

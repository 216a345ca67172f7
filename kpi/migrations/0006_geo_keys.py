import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpi", "0005_first_places")]

    operations = [
        migrations.AlterField(
            model_name="baseline",
            name="geo",
            field=models.ForeignKey(
                db_column="geo",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpi.place",
                to_field="code",
                verbose_name="territory",
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="geo",
            field=models.ForeignKey(
                db_column="geo",
                default="BXL",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpi.place",
                to_field="code",
                verbose_name="territory",
            ),
        ),
        migrations.AlterField(
            model_name="observation",
            name="geo",
            field=models.ForeignKey(
                db_column="geo",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpi.place",
                to_field="code",
                verbose_name="territory",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="geo",
            field=models.ForeignKey(
                db_column="geo",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpi.place",
                to_field="code",
                verbose_name="territory",
            ),
        ),
    ]

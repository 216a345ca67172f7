from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0003_former_names_moved")]
    operations = [migrations.RemoveField(model_name="organisation", name="former_names")]

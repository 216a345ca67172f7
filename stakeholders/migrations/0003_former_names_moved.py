"""Each line of the former names becomes a row, which can carry its dates."""

from django.db import migrations


def move_names(apps, schema_editor):
    Organisation = apps.get_model("stakeholders", "Organisation")
    OrganisationName = apps.get_model("stakeholders", "OrganisationName")
    for organisation in Organisation.objects.exclude(former_names=""):
        for line in filter(None, map(str.strip, organisation.former_names.splitlines())):
            OrganisationName.objects.create(
                organisation=organisation, name=line, name_fr=line, name_nl=line
            )


def put_back(apps, schema_editor):
    OrganisationName = apps.get_model("stakeholders", "OrganisationName")
    for row in OrganisationName.objects.select_related("organisation"):
        row.organisation.former_names += f"{row.name_fr}\n"
        row.organisation.save(update_fields=["former_names"])


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0002_register")]
    operations = [migrations.RunPython(move_names, put_back)]

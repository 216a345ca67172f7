"""The places that figures were about before places were rows."""

from django.db import migrations

PLACES = (
    (
        "BXL",
        "region",
        "Région de Bruxelles-Capitale",
        "Brussels Hoofdstedelijk Gewest",
        "Brussels-Capital Region",
        "Bruxelles",
        "Brussel",
        "Brussels",
    ),
    ("BE", "country", "Belgique", "België", "Belgium", "Belgique", "België", "Belgium"),
    ("VLA", "region", "Flandre", "Vlaanderen", "Flanders", "Flandre", "Vlaanderen", "Flanders"),
    ("WAL", "region", "Wallonie", "Wallonië", "Wallonia", "Wallonie", "Wallonië", "Wallonia"),
    ("EU", "union", "Union européenne", "Europese Unie", "European Union", "UE", "EU", "EU"),
)


def make(apps, schema_editor):
    """Make what is missing."""
    place = apps.get_model("kpi", "Place")
    for number, (code, kind, *names) in enumerate(PLACES, 1):
        columns = [
            f"{field}_{lang}" for field in ("name", "short_name") for lang in ("fr", "nl", "en")
        ]
        values = dict(zip(columns, names, strict=True)) | {"kind": kind, "position": number}
        place.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("kpi", "0004_places_and_methods")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

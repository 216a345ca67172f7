"""The immutable SQL function `fold`: the embedded PostgreSQL has no `unaccent` extension."""

from django.db import migrations

PLAIN = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžøđł"
BASE = "aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzodl"

FOLD = f"""
CREATE OR REPLACE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(
    replace(replace(replace(lower(value), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
    '{PLAIN}', '{BASE}')
$$
"""


class Migration(migrations.Migration):
    """Makes `fold`."""

    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FOLD, "DROP FUNCTION IF EXISTS fold(text)")]

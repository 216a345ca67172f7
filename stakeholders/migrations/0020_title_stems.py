"""Titles are compared by what is left of their words without the signs of the plural.

The stemmers alone keep apart what one word is: "velo" and "velos" (of a text without accents),
"halte" and "haltes", "brug" and "bruggen", "idee" and "ideeen", "fiets" and "fietsen".
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("stakeholders.migrations.0012_similarity_pairs")
STEMS = r"""
CREATE FUNCTION title_stems(word text, language text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1 BEGIN ATOMIC
  WITH regular(bare) AS (
    SELECT CASE language
      WHEN 'nl' THEN regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        fold(word), 'steden$', 'stad'), 'leden$', 'lid'), 'kinderen$', 'kind'), 'heden$', 'heid'),
        'eeen$', 'ee')
      WHEN 'fr' THEN regexp_replace(fold(word), 'travaux$', 'travail')
      ELSE fold(word) END
  ), stems AS (
    SELECT unnest(ts_lexize(
      CASE language WHEN 'nl' THEN 'dutch_stem'::regdictionary
        WHEN 'en' THEN 'english_stem' ELSE 'french_stem' END, bare)) AS stem
    FROM regular
  )
  SELECT CASE language
    WHEN 'nl' THEN regexp_replace(
      regexp_replace(regexp_replace(regexp_replace(
        stem, '([bdfgklmnprst])\1$', '\1'), 'z$', 's'), 'v$', 'f'), '^(.{3,}?)e?s$', '\1')
    WHEN 'fr' THEN regexp_replace(stem, '^(.{3,})[sx]$', '\1')
    ELSE stem END
  FROM stems;
END
"""
TITLE_KEYS = r"""
CREATE OR REPLACE FUNCTION title_keys(title text, language text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 BEGIN ATOMIC
  WITH stems AS (
    SELECT DISTINCT stem
    FROM search_words(left(title, 300)) AS word, title_stems(word, language) AS stem
    WHERE length(word) > 2
  )
  SELECT language || ':' || stem FROM stems
  UNION ALL
  SELECT language || '=' || string_agg(stem, ' ' ORDER BY stem) FROM stems HAVING count(*) > 0;
END
"""
EMPTY = "DELETE FROM stakeholders_ideakey WHERE key NOT LIKE '#%'"
KEYS_BEFORE = BEFORE.TITLE_KEYS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """Makes the functions and the keys of all titles anew."""

    dependencies = [("stakeholders", "0019_answering_figures")]
    operations = [
        migrations.RunSQL(STEMS, "DROP FUNCTION title_stems(text, text)"),
        migrations.RunSQL([TITLE_KEYS, EMPTY, BEFORE.FILL], [KEYS_BEFORE, EMPTY, BEFORE.FILL]),
    ]

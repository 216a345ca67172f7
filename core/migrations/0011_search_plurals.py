"""A search for several finds the one, and the other way round: "bruggen" brug, "travail" travaux.

A part of a word is found anyway, so the singular finds most plurals ("brug" is in "bruggen"). What
the query adds are the forms that change the end of the word: a doubled consonant ("bruggen"), a voiced
one ("huizen"), "-en" of short words, and a few that follow no rule. A short form that was not typed has to end a word.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("core.migrations.0008_search_index")
#: Plural and singular, as words and compounds end.
IRREGULAR = """
VALUES ('steden', 'stad'), ('leden', 'lid'), ('schepen', 'schip'), ('heden', 'heid'),
       ('kinderen', 'kind'), ('travaux', 'travail')
"""
QUERY = f"""
CREATE OR REPLACE FUNCTION search_query(value text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
  WITH words AS (
    SELECT word, fold(word) AS bare, EXISTS (
      SELECT FROM unnest('{{french_stem,dutch_stem,english_stem}}'::regdictionary[]) AS dictionary
      WHERE ts_lexize(dictionary, word) = '{{}}'
    ) AS says_nothing
    FROM search_words(value) AS word
  ), irregular(several, one) AS ({IRREGULAR}), forms AS (
    SELECT word, bare AS form, true AS is_typed FROM words
    UNION SELECT word, left(bare, -1), true FROM words WHERE length(bare) > 4 AND bare ~ '[sx]$'
    UNION SELECT word, left(bare, -2), false FROM words WHERE length(bare) > 5 AND bare ~ 'en$'
    UNION SELECT word, left(bare, -3), false FROM words
    WHERE length(bare) > 5 AND bare ~ '([bdfgklmnprst])\\1en$'
    UNION SELECT word, left(bare, -3) || translate(substr(bare, length(bare) - 2, 1), 'zv', 'sf'), false
    FROM words WHERE length(bare) > 5 AND bare ~ '[zv]en$'
    UNION SELECT word, left(bare, -length(several)) || one, false FROM words, irregular
    WHERE right(bare, length(several)) = several
    UNION SELECT word, left(bare, -length(one)) || several, false FROM words, irregular
    WHERE right(bare, length(one)) = one
  ), parts AS (
    SELECT word, '''' || form || ''':*' AS part FROM forms WHERE length(form) >= 5
    UNION SELECT word, '''^' || form || ''':*|''' || form || ''''
    FROM forms WHERE is_typed AND length(form) BETWEEN 2 AND 4
    UNION SELECT word, '''' || form || '''' FROM forms
    WHERE NOT is_typed AND length(form) BETWEEN 2 AND 4
    UNION SELECT word, '''^' || form || '''' FROM forms WHERE length(form) = 1
    UNION SELECT word, '''~' || fold(stem) || ''''
    FROM words, unnest('{{french_stem,dutch_stem,english_stem}}'::regdictionary[]) AS dictionary,
         unnest(ts_lexize(dictionary, word)) AS stem
  ), asked AS (
    SELECT word, '(' || string_agg(part, '|') || ')' AS one FROM parts GROUP BY word
  )
  SELECT coalesce(string_agg(asked.one, '&'), '')::tsquery
  FROM asked JOIN words USING (word)
  WHERE NOT says_nothing OR NOT EXISTS (SELECT FROM words WHERE NOT says_nothing);
END
"""


class Migration(migrations.Migration):
    """Makes the query anew; what stands in the indexes stays as it is."""

    dependencies = [("core", "0010_mail_in_both")]
    operations = [
        migrations.RunSQL(
            QUERY, BEFORE.QUERY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        )
    ]

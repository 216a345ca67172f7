"""The search of the portal as an inverted index: `search_index(…)` of a row, `search_query(words)`.

The embedded PostgreSQL has neither trigrams nor `unaccent`. What stands in the index of a row, all
without case and accents: each end of each word ("nachtbus", "achtbus" … "us"), so that a part of a
word is the beginning of one of them; each word once more behind a "^", because a short word counts
at the edge of a word only; and behind a "~" the stem of each word in the language of its text, or
in all three where the text may be in any.

The bodies are bound to the functions that they call when they are made, because an index is built
with an empty search path. The cost tells the planner to go through an index even where there are few rows.
"""

from django.db import migrations

WORDS = r"""
CREATE FUNCTION search_words(value text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100 BEGIN ATOMIC
  SELECT DISTINCT left(word, 100)
  FROM regexp_split_to_table(lower(value), '[^[:alnum:]]+') AS word
  WHERE word <> '';
END
"""
INDEX = """
CREATE FUNCTION search_index(anything text, fr text, nl text, en text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 BEGIN ATOMIC
  WITH texts(dictionary, value) AS (
    VALUES ('french_stem'::regdictionary, fr || ' ' || anything),
           ('dutch_stem', nl || ' ' || anything), ('english_stem', en || ' ' || anything)
  ), words AS (
    SELECT dictionary, word, fold(word) AS bare FROM texts, search_words(value) AS word
  ), lexemes AS (
    SELECT substr(bare, place) FROM words, generate_series(1, length(bare)) AS place
    UNION SELECT '^' || bare FROM words
    UNION SELECT '~' || fold(stem) FROM words, unnest(ts_lexize(dictionary, word)) AS stem
  )
  SELECT coalesce(array_to_tsvector(array_agg(substr)), ''::tsvector) FROM lexemes;
END
"""
QUERY = """
CREATE FUNCTION search_query(value text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
  WITH words AS (
    SELECT word, fold(word) AS bare, EXISTS (
      SELECT FROM unnest('{french_stem,dutch_stem,english_stem}'::regdictionary[]) AS dictionary
      WHERE ts_lexize(dictionary, word) = '{}'
    ) AS says_nothing
    FROM search_words(value) AS word
  ), forms AS (
    SELECT word, bare AS form FROM words
    UNION SELECT word, left(bare, -1) FROM words WHERE length(bare) > 4 AND bare ~ '[sx]$'
    UNION SELECT word, left(bare, -2) FROM words WHERE length(bare) > 6 AND bare ~ 'en$'
  ), parts AS (
    SELECT word, '''' || form || ''':*' AS part FROM forms WHERE length(form) >= 5
    UNION SELECT word, '''^' || form || ''':*|''' || form || ''''
    FROM forms WHERE length(form) BETWEEN 2 AND 4
    UNION SELECT word, '''^' || form || '''' FROM forms WHERE length(form) = 1
    UNION SELECT word, '''~' || fold(stem) || ''''
    FROM words, unnest('{french_stem,dutch_stem,english_stem}'::regdictionary[]) AS dictionary,
         unnest(ts_lexize(dictionary, word)) AS stem
  ), asked AS (
    SELECT word, '(' || string_agg(part, '|') || ')' AS one FROM parts GROUP BY word
  )
  SELECT coalesce(string_agg(one, '&'), '')::tsquery
  FROM asked JOIN words USING (word)
  WHERE NOT says_nothing OR NOT EXISTS (SELECT FROM words WHERE NOT says_nothing);
END
"""


class Migration(migrations.Migration):
    """Makes the functions."""

    dependencies = [("core", "0007_attachments_and_redactions")]
    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION search_words(text)"),
        migrations.RunSQL(INDEX, "DROP FUNCTION search_index(text, text, text, text)"),
        migrations.RunSQL(QUERY, "DROP FUNCTION search_query(text)"),
    ]

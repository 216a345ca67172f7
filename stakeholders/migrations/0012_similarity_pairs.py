"""What an idea is found by (`IdeaKey`, kept by a trigger), and pairs of ideas that may be the same.

`title_keys(title, language)` gives `fr:banc` for the stem of each word that says something, and
`fr=arret banc` for all of them together, without case and accents, as the words are looked for.
"""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


TITLE_KEYS = r"""
CREATE FUNCTION title_keys(title text, language text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 BEGIN ATOMIC
  WITH stems AS (
    SELECT DISTINCT stem
    FROM search_words(left(title, 300)) AS word, unnest(ts_lexize(
      CASE language WHEN 'nl' THEN 'dutch_stem'::regdictionary
        WHEN 'en' THEN 'english_stem' ELSE 'french_stem' END, fold(word))) AS stem
    WHERE length(word) > 2
  )
  SELECT language || ':' || stem FROM stems
  UNION ALL
  SELECT language || '=' || string_agg(stem, ' ' ORDER BY stem) FROM stems HAVING count(*) > 0;
END
"""
FILL = """
INSERT INTO stakeholders_ideakey (idea_id, key)
SELECT idea.id, key FROM stakeholders_idea AS idea, title_keys(idea.title, idea.language) AS key
"""


class Migration(migrations.Migration):
    """Makes the function, the tables and the trigger, and fills the keys."""

    dependencies = [
        ("stakeholders", "0011_author_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TITLE_KEYS, "DROP FUNCTION title_keys(text, text)"),
        migrations.CreateModel(
            name="IdeaKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=1000, verbose_name="key")),
            ],
            options={
                "verbose_name": "key of an idea",
                "verbose_name_plural": "keys of ideas",
            },
        ),
        migrations.CreateModel(
            name="SimilarityPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="likeness")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("words", "the titles look alike"),
                            ("concepts", "same theme, place and subject in two languages"),
                        ],
                        max_length=20,
                        verbose_name="found by",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("open", "to decide"),
                            ("duplicate", "the same idea"),
                            ("related", "related, but two ideas"),
                            ("not_duplicate", "not the same"),
                        ],
                        db_index=True,
                        default="open",
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="found"),
                ),
                ("at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "pair of similar ideas",
                "verbose_name_plural": "pairs of similar ideas",
                "ordering": ["-score", "-pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="idea",
            trigger=pgtrigger.compiler.Trigger(
                name="keys_follow_title",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nDELETE FROM stakeholders_ideakey WHERE idea_id = NEW.id AND key NOT LIKE '#%';\nINSERT INTO stakeholders_ideakey (idea_id, key)\nSELECT NEW.id, key FROM title_keys(NEW.title, NEW.language) AS key;\nRETURN NULL;\n",
                    hash="0958529b8972ce508e4c0d7c00c5b978e325ba8d",
                    operation='INSERT OR UPDATE OF "title", "language"',
                    pgid="pgtrigger_keys_follow_title_0341a",
                    table="stakeholders_idea",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="ideakey",
            name="idea",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="keys",
                to="stakeholders.idea",
                verbose_name="idea",
            ),
        ),
        migrations.AddField(
            model_name="similaritypair",
            name="a",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stakeholders.idea",
                verbose_name="first idea",
            ),
        ),
        migrations.AddField(
            model_name="similaritypair",
            name="b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stakeholders.idea",
                verbose_name="second idea",
            ),
        ),
        migrations.AddField(
            model_name="similaritypair",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddConstraint(
            model_name="ideakey",
            constraint=models.UniqueConstraint(fields=("key", "idea"), name="idea_key_once"),
        ),
        migrations.AddConstraint(
            model_name="similaritypair",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="idea_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="similaritypair",
            constraint=models.CheckConstraint(
                condition=models.Q(("a__lt", models.F("b"))), name="idea_pair_ordered"
            ),
        ),
        migrations.AddConstraint(
            model_name="similaritypair",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__lte", 100)), name="idea_pair_score"
            ),
        ),
        migrations.AddConstraint(
            model_name="similaritypair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict__in", ["open", "duplicate", "related", "not_duplicate"])
                ),
                name="idea_pair_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="similaritypair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at__isnull", True), ("by__isnull", True), ("verdict", "open")),
                    models.Q(models.Q(("verdict", "open"), _negated=True), ("at__isnull", False)),
                    _connector="OR",
                ),
                name="idea_pair_decided_has_date",
            ),
        ),
        migrations.AddIndex(
            model_name="idea",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="idea_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="idea",
            index=models.Index(fields=["status", "published_at"], name="idea_public"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

"""A row for each organisation that says where it stands now, computed by triggers.

`standing_of` computes the row of one organisation from scratch; `refresh_standings` puts it in
place for some. To compute all anew: `UPDATE stakeholders_organisation SET slug = slug`.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

RUNG = """
CREATE FUNCTION engagement_rung(level text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(
    '{unaware,resistant,neutral,supportive,leading}'::text[], level
  )::smallint
$$
"""
OF_ONE = """
CREATE FUNCTION standing_of(one bigint) RETURNS TABLE (
  organisation_id bigint, assessment_id bigint, assessed_on date, influence smallint,
  interest smallint, gap smallint, heard_at timestamptz, slug varchar, helix varchar,
  is_merged boolean, is_active boolean
) LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT o.id, newest.id, newest.assessed_on, newest.influence, newest.interest, newest.gap,
    greatest(spoke.happened_at, met.starts_at), o.slug, o.helix, o.merged_into_id IS NOT NULL,
    o.status = 'active'
  FROM stakeholders_organisation AS o
  LEFT JOIN LATERAL (
    SELECT a.id, a.assessed_on, a.influence, a.interest,
      engagement_rung(a.engagement_desired) - engagement_rung(a.engagement_current) AS gap
    FROM stakeholders_stakeholderassessment AS a
    WHERE a.organisation_id = o.id
    ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1
  ) AS newest ON true
  LEFT JOIN LATERAL (
    SELECT part.happened_at
    FROM stakeholders_participation AS part
    JOIN stakeholders_interaction AS i ON i.id = part.interaction_id
    WHERE part.organisation_id = o.id AND (
      i.direction = 'in'
      OR i.kind = 'bilateral' AND NOT EXISTS (
        SELECT FROM stakeholders_bilateralmeeting AS b
        WHERE b.interaction_id = i.id
          AND b.status NOT IN ('held', 'minutes_draft', 'minutes_shared', 'validated')
      )
    )
    ORDER BY part.happened_at DESC LIMIT 1
  ) AS spoke ON true
  LEFT JOIN LATERAL (
    SELECT max(b.starts_at) AS starts_at
    FROM stakeholders_bilateralmeeting AS b
    WHERE b.organisation_id = o.id
      AND b.status IN ('held', 'minutes_draft', 'minutes_shared', 'validated')
  ) AS met ON true
  WHERE o.id = one
$$
"""
#: The rows are locked before they are computed, the organisations first, as whoever merges or
#: renames one does: of two writers the second sees what the first wrote, and neither waits for ever.
#: A plan that was made for an empty table would be kept while a bulk of rows fills it.
REFRESH = """
CREATE FUNCTION refresh_standings(concerned bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF cardinality(concerned) = 0 THEN
    RETURN;
  END IF;
  PERFORM FROM stakeholders_organisation AS o WHERE o.id = ANY (concerned)
    ORDER BY o.id FOR KEY SHARE;
  PERFORM FROM stakeholders_standing AS s WHERE s.organisation_id = ANY (concerned)
    ORDER BY s.organisation_id FOR UPDATE;
  DELETE FROM stakeholders_standing AS s WHERE s.organisation_id = ANY (concerned)
    AND NOT EXISTS (SELECT FROM stakeholders_organisation AS o WHERE o.id = s.organisation_id);
  INSERT INTO stakeholders_standing AS s (
    organisation_id, assessment_id, assessed_on, influence, interest, gap, heard_at, slug, helix,
    is_merged, is_active
  )
  SELECT computed.* FROM unnest(concerned) AS one, standing_of(one) AS computed
  ON CONFLICT (organisation_id) DO UPDATE SET
    assessment_id = excluded.assessment_id, assessed_on = excluded.assessed_on,
    influence = excluded.influence, interest = excluded.interest, gap = excluded.gap,
    heard_at = excluded.heard_at, slug = excluded.slug, helix = excluded.helix,
    is_merged = excluded.is_merged, is_active = excluded.is_active
  WHERE s IS DISTINCT FROM excluded;
END
$$
"""
FILL = "SELECT refresh_standings(ARRAY(SELECT id FROM stakeholders_organisation))"


class Migration(migrations.Migration):
    """Makes the table and the functions, fills it, and sets the triggers that keep it."""

    dependencies = [
        ("stakeholders", "0008_search_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="stakeholders.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="stakeholders.stakeholderassessment",
                        verbose_name="assessment",
                    ),
                ),
                ("assessed_on", models.DateField(null=True, verbose_name="assessed on")),
                (
                    "influence",
                    models.PositiveSmallIntegerField(null=True, verbose_name="influence"),
                ),
                ("interest", models.PositiveSmallIntegerField(null=True, verbose_name="interest")),
                ("gap", models.SmallIntegerField(null=True, verbose_name="Gap")),
                ("heard_at", models.DateTimeField(null=True, verbose_name="Last heard")),
                ("slug", models.SlugField(db_index=False, max_length=80, verbose_name="address")),
                (
                    "helix",
                    models.CharField(
                        choices=[
                            ("public", "public partner"),
                            ("private", "private partner"),
                            ("academia", "academia"),
                            ("civil_society", "civil society"),
                        ],
                        max_length=20,
                        verbose_name="helix group",
                    ),
                ),
                ("is_merged", models.BooleanField(verbose_name="merged into")),
                ("is_active", models.BooleanField(verbose_name="active")),
            ],
            options={
                "verbose_name": "standing",
                "verbose_name_plural": "standings",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                models.OrderBy(models.F("influence"), descending=True),
                models.OrderBy(models.F("interest"), descending=True),
                models.F("slug"),
                condition=models.Q(("assessment__isnull", False), ("is_merged", False)),
                name="standing_by_power",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                models.OrderBy(models.F("gap"), descending=True),
                models.OrderBy(models.F("influence"), descending=True),
                models.F("slug"),
                condition=models.Q(("assessment__isnull", False), ("is_merged", False)),
                name="standing_by_gap",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                models.OrderBy(models.F("heard_at"), nulls_first=True),
                models.OrderBy(models.F("influence"), descending=True),
                models.F("slug"),
                condition=models.Q(
                    ("assessment__isnull", False), ("is_merged", False), ("is_active", True)
                ),
                name="standing_by_silence",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("assessment__isnull", False), ("is_merged", False)),
                fields=["influence", "interest", "organisation"],
                name="standing_in_field",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("assessment__isnull", False), ("is_merged", False)),
                fields=["assessed_on"],
                name="standing_assessed",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("assessed_on", None),
                        ("assessment", None),
                        ("gap", None),
                        ("influence", None),
                        ("interest", None),
                    ),
                    models.Q(
                        ("assessed_on__isnull", False),
                        ("assessment__isnull", False),
                        ("gap__isnull", False),
                        ("influence__isnull", False),
                        ("interest__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="standing_of_an_assessment",
            ),
        ),
        migrations.RunSQL(RUNG, "DROP FUNCTION engagement_rung(text)"),
        migrations.RunSQL(OF_ONE, "DROP FUNCTION standing_of(bigint)"),
        migrations.RunSQL(REFRESH, "DROP FUNCTION refresh_standings(bigint[])"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="bilateralmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT organisation_id FROM rows_after\n    UNION ALL\n    SELECT part.organisation_id FROM rows_after AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.interaction_id) AS each));\n    RETURN NULL;\n    ",
                    hash="24b26e2d603509605e97c963ce8deaf7a1a47249",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_standing_insert_259ea",
                    referencing="REFERENCING NEW TABLE AS rows_after ",
                    table="stakeholders_bilateralmeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bilateralmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT organisation_id FROM rows_before\n    UNION ALL\n    SELECT part.organisation_id FROM rows_before AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.interaction_id UNION ALL \n    SELECT organisation_id FROM rows_after\n    UNION ALL\n    SELECT part.organisation_id FROM rows_after AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.interaction_id) AS each));\n    RETURN NULL;\n    ",
                    hash="f215dabb27f08ace0e9bd71e0945df0c77df5193",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_standing_update_372bb",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows_after ",
                    table="stakeholders_bilateralmeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bilateralmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT organisation_id FROM rows_before\n    UNION ALL\n    SELECT part.organisation_id FROM rows_before AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.interaction_id) AS each));\n    RETURN NULL;\n    ",
                    hash="b949a251d6665bec2e80c9f27b219f86ee97bbc3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_standing_delete_b67a5",
                    referencing="REFERENCING OLD TABLE AS rows_before ",
                    table="stakeholders_bilateralmeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interaction",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT part.organisation_id FROM rows_after AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.id) AS each));\n    RETURN NULL;\n    ",
                    hash="0584564776478f5dcc5a42f79cc0ff5cad664503",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_standing_insert_26b44",
                    referencing="REFERENCING NEW TABLE AS rows_after ",
                    table="stakeholders_interaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interaction",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT part.organisation_id FROM rows_before AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.id UNION ALL \n    SELECT part.organisation_id FROM rows_after AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.id) AS each));\n    RETURN NULL;\n    ",
                    hash="5b86d966755acf0584b98fa3f72cba39becc8b0c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_standing_update_ce72f",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows_after ",
                    table="stakeholders_interaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interaction",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (\n    SELECT part.organisation_id FROM rows_before AS changed\n    JOIN stakeholders_participation AS part ON part.interaction_id = changed.id) AS each));\n    RETURN NULL;\n    ",
                    hash="bfc6586abb740add9ce85254df3a96dbd97ff1de",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_standing_delete_fda73",
                    referencing="REFERENCING OLD TABLE AS rows_before ",
                    table="stakeholders_interaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="69d449661b1c9927f38de513534c05b7f81e5d8c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_standing_insert_d7826",
                    referencing="REFERENCING NEW TABLE AS rows_after ",
                    table="stakeholders_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT id FROM rows_before UNION ALL SELECT id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="e0140da5c7a85d31a7c33c9ce7bcfbc2b6c752d2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_standing_update_770ad",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows_after ",
                    table="stakeholders_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT id FROM rows_before) AS each));\n    RETURN NULL;\n    ",
                    hash="c522382a68cabec475b8222964ed92e9a5c1a2bb",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_standing_delete_6e8bb",
                    referencing="REFERENCING OLD TABLE AS rows_before ",
                    table="stakeholders_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="23446dbfbf7facb485f3f98284032105821ee6b3",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_standing_insert_c7683",
                    referencing="REFERENCING NEW TABLE AS rows_after ",
                    table="stakeholders_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_before UNION ALL SELECT organisation_id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="d7dd5dd93593408b73879e1e5e5a6c296815d650",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_standing_update_e6af3",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows_after ",
                    table="stakeholders_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_before) AS each));\n    RETURN NULL;\n    ",
                    hash="e0827a6c76bf30579ca8bcadaacbd4655f4243ea",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_standing_delete_18b38",
                    referencing="REFERENCING OLD TABLE AS rows_before ",
                    table="stakeholders_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stakeholderassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="eece67e3870971541f61bdfd78150f4c4e1b43be",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_standing_insert_d9d87",
                    referencing="REFERENCING NEW TABLE AS rows_after ",
                    table="stakeholders_stakeholderassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stakeholderassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_before UNION ALL SELECT organisation_id FROM rows_after) AS each));\n    RETURN NULL;\n    ",
                    hash="b8313767efc3f2b9a4b391b4b36c00fc24bbc1a9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_standing_update_71a0e",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows_after ",
                    table="stakeholders_stakeholderassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stakeholderassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="standing_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM (SELECT organisation_id FROM rows_before) AS each));\n    RETURN NULL;\n    ",
                    hash="b4c9f09ca14d93b142aca72e894bcb78cb9be616",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_standing_delete_1123e",
                    referencing="REFERENCING OLD TABLE AS rows_before ",
                    table="stakeholders_stakeholderassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standing",
            trigger=pgtrigger.compiler.Trigger(
                name="written_by_triggers",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (pg_trigger_depth() = 0)",
                    func="RAISE EXCEPTION 'a standing is computed by the database, never written';",
                    hash="719a1316c01b3d57aae848777e148c417be8fab8",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_written_by_triggers_5b0b2",
                    table="stakeholders_standing",
                    when="BEFORE",
                ),
            ),
        ),
    ]

"""Who gets a campaign: one statement makes the list, another says who is left out and why."""

from django.db import connection

from core.posting.addresses import HASH_SQL, hash_pads

from .. import selectors
from ..models import Campaign

#: The audience with the address as it is compared, and its keyed hash. Which of two equal addresses
#: comes first is nobody's alphabet: sorting by bytes is several times faster.
LIST = """
WITH audience AS ({audience}),
named AS (
  SELECT contact_id, email, name, language, lower(btrim(email)) AS norm FROM audience
  WHERE email <> ''
),
hashed AS (SELECT *, {hash} AS hmac FROM named),
wanted AS (
  SELECT DISTINCT ON (norm COLLATE "C") * FROM hashed WHERE NOT EXISTS (
    SELECT 1 FROM core_suppression AS stop WHERE stop.email_hmac = hmac
    AND (stop.until IS NULL OR stop.until > clock_timestamp())
  ) ORDER BY norm COLLATE "C", contact_id
)
"""
FREEZE = (
    LIST
    + """
INSERT INTO campaigns_delivery
  (campaign_id, contact_id, email, email_norm, email_hmac, name, language)
SELECT %s, contact_id, email, norm, hmac, name, language FROM wanted
ON CONFLICT DO NOTHING
"""
)
LEAVE_OUT = (
    LIST
    + """
INSERT INTO campaigns_exclusion (campaign_id, contact_id, reason)
SELECT %s, audience.contact_id, CASE
  WHEN audience.email = '' THEN 'no_address'
  WHEN hashed.norm IN (SELECT norm FROM wanted) THEN 'same_address'
  ELSE 'suppressed' END
FROM audience LEFT JOIN hashed ON hashed.contact_id = audience.contact_id
WHERE NOT EXISTS (
  SELECT 1 FROM campaigns_delivery AS row
  WHERE row.campaign_id = %s AND row.contact_id = audience.contact_id
)
ON CONFLICT DO NOTHING
"""
)
#: Each of the audience with the reason why there is no mail for them, "" for whoever gets one.
SORTED = (
    LIST
    + """
SELECT audience.contact_id, audience.language, CASE
  WHEN audience.email = '' THEN 'no_address'
  WHEN wanted.contact_id IS NOT NULL THEN ''
  WHEN hashed.norm IN (SELECT norm FROM wanted) THEN 'same_address'
  ELSE 'suppressed' END AS reason
FROM audience LEFT JOIN hashed ON hashed.contact_id = audience.contact_id
LEFT JOIN wanted ON wanted.contact_id = audience.contact_id
"""
)


def _sorted_audience(campaign: Campaign) -> tuple[str, list]:
    """Return SQL and parameters of `SORTED` for ``campaign`` as it stands now."""
    audience, params = selectors.audience(campaign).query.sql_with_params()
    inner, outer = hash_pads()
    sql = SORTED.format(audience=audience, hash=HASH_SQL.format(email="norm"))
    return sql, [*params, outer, inner]


def forecast(campaign: Campaign) -> list[tuple[str, str, int]]:
    """Return (reason, language, number) of the audience as a freeze would sort it now.

    The reason is "" for those who would get a mail.
    """
    sql, params = _sorted_audience(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reason, language, count(*) FROM ({sql}) AS sorted GROUP BY 1, 2 ORDER BY 1, 2",
            params,
        )
        return cursor.fetchall()


def reason_for(campaign: Campaign, contact: int) -> str | None:
    """Return why ``contact`` would get no mail, "" where they get one, None for outsiders."""
    sql, params = _sorted_audience(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reason FROM ({sql}) AS sorted WHERE sorted.contact_id = %s", [*params, contact]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def freeze_list(campaign: Campaign) -> None:
    """Make one delivery for each address of the audience, and count who was considered.

    Running it again adds nobody twice. Call it in the transaction that opens the campaign.
    """
    audience, params = selectors.audience(campaign).query.sql_with_params()
    statements = {"audience": audience, "hash": HASH_SQL.format(email="norm")}
    inner, outer = hash_pads()
    pads = [outer, inner]
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(**statements), [*params, *pads, campaign.pk])
        cursor.execute(f"SELECT count(*) FROM ({audience}) AS audience", params)
        (considered,) = cursor.fetchone()
        campaign.prepared = campaign.deliveries.count()
        if considered > campaign.prepared:
            keys = [campaign.pk, campaign.pk]
            cursor.execute(LEAVE_OUT.format(**statements), [*params, *pads, *keys])
        # Whose list it is and what waits: all that the planner has to know to take up ten rows.
        cursor.execute("ANALYZE campaigns_delivery (campaign_id, state)")
    campaign.excluded = campaign.exclusions.count()
    campaign.candidates = campaign.prepared + campaign.excluded
    campaign.save(update_fields=["prepared", "excluded", "candidates"])

"""Each delivery takes over what its mail told: address, language, how it ended."""

from django.db import migrations

from core.posting.addresses import HASH_SQL, hash_pads

FILL = """
UPDATE campaigns_delivery AS row SET
  email = COALESCE(mail.recipient, person.email, ''),
  email_norm = COALESCE(NULLIF(lower(btrim(COALESCE(mail.recipient, person.email, ''))), ''),
                        'unknown-' || row.id),
  name = COALESCE(person.name, ''),
  language = COALESCE(mail.language, person.language, 'fr'),
  handed_at = mail.sent_at,
  state = CASE
    WHEN mail.status = 'sent' THEN 3 WHEN mail.status = 'failed' THEN 4
    WHEN mail.status IN ('uncertain', 'sending') THEN 5
    WHEN row.excluded = 'cancelled' THEN 6 WHEN row.excluded <> '' THEN 7 ELSE 0 END,
  reason = row.excluded,
  smtp_text = left(COALESCE(mail.error, ''), 500)
FROM campaigns_delivery AS own
LEFT JOIN core_message AS mail ON mail.id = own.message_id
LEFT JOIN stakeholders_contact AS person ON person.id = own.contact_id
WHERE own.id = row.id
"""
HASH = "UPDATE campaigns_delivery SET email_hmac = " + HASH_SQL.format(email="email_norm")
#: A mail that waited in the old queue is sent from the new one, once.
STOP = """
UPDATE core_message SET status = 'failed', error = 'Taken over by the deliveries of campaigns.'
WHERE status = 'queued' AND id IN (SELECT message_id FROM campaigns_delivery)
"""


def fill(apps, schema_editor):
    """Run the statements."""
    inner, outer = hash_pads()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute(HASH, [outer, inner])
        cursor.execute(STOP)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_deliveries")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]

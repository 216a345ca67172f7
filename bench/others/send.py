"""Send one mailing with another package and print the seconds that it takes.

Arguments: PACKAGE ("newsletter" or "post_office"), then JSON with "database" (settings of Django),
"port" of the mail server, "number" of addressees, and the mail: "subject", "text", "html".
What is timed begins with the list of addressees in the database and ends with the last mail.
"""

import json
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

package, given = sys.argv[1], json.loads(sys.argv[2])
settings.configure(
    SECRET_KEY="only-for-the-bench",
    USE_TZ=True,
    SITE_ID=1,
    ROOT_URLCONF="newsletter.urls" if package == "newsletter" else "post_office.urls",
    DATABASES={"default": given["database"]},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sites",
        "django.contrib.sessions",
        "django.contrib.messages",
        package,
        *(["sorl.thumbnail"] if package == "newsletter" else []),
    ],
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
        {
            "BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates",
            "APP_DIRS": True,
            "NAME": "post_office",
            "OPTIONS": {"context_processors": []},
        },
    ][: 1 if package == "newsletter" else 2],
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=given["port"],
    EMAIL_BACKEND=(
        "django.core.mail.backends.smtp.EmailBackend"
        if package == "newsletter"
        else "post_office.EmailBackend"
    ),
    POST_OFFICE={"BATCH_SIZE": given["number"], "THREADS_PER_PROCESS": 1},
    NEWSLETTER_THUMBNAIL="sorl-thumbnail",
)
django.setup()


def with_newsletter() -> float:
    """Send through a newsletter with confirmed subscriptions."""
    from django.utils import timezone
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription

    letter = Newsletter.objects.create(title="x", slug="x", sender="x", email="office@example.org")
    Subscription.objects.bulk_create(
        Subscription(newsletter=letter, email_field=f"crowd{n}@example.org", subscribed=True)
        for n in range(given["number"])
    )
    message = Message.objects.create(title=given["subject"], slug="x", newsletter=letter)
    Article.objects.create(post=message, title=given["subject"], text=given["html"], sortorder=1)
    began = time.perf_counter()
    submission = Submission.from_message(message)
    submission.publish_date = timezone.now()
    submission.save()
    submission.submit()
    return time.perf_counter() - began


def with_post_office() -> float:
    """Queue one mail for each address and send the queue."""
    from post_office import mail

    began = time.perf_counter()
    mail.send_many(
        [
            {
                "recipients": [f"crowd{n}@example.org"],
                "sender": "office@example.org",
                "subject": given["subject"],
                "message": given["text"],
                "html_message": given["html"],
            }
            for n in range(given["number"])
        ]
    )
    mail.send_queued(processes=1)
    return time.perf_counter() - began


call_command("migrate", verbosity=0)
print(with_newsletter() if package == "newsletter" else with_post_office())

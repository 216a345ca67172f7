"""The suite: embedded services (started by devtools.pytest_services), strict templates."""

from .base import *
from .base import SITE, STATE_DIR, TEMPLATES, Path, env

DEBUG = False
SECRET_KEY = "only-for-the-tests"
ALLOWED_HOSTS = ["*"]
DEMO_LOGINS = False
MFA_OBLIGATORY = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest in tests: a missing file is caught by the browser tests, which read the console.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SITE = SITE | {"contact": {"desk": "Desk 1", "phone": "02 000", "post": "Post 1", "email": "a@b.c"}}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
MAIL_JOURNAL_DIR = Path(env.str("MAIL_JOURNAL_DIR", default=str(STATE_DIR / "test-journal")))
CAMPAIGN_QUIET_HOURS = (0, 0)
# A test sees what it has just changed; tests/portal/test_page_cache.py turns it on.
PAGE_CACHE_SECONDS = 0

"""Settings shared by every environment. What differs is in dev, test and prod beside this file."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
DEMO_LOGINS = False
MFA_OBLIGATORY = True

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, as its documentation asks
    "smartcity.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "pgtrigger",
    "rules",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "core",
    "programme",
    "stakeholders",
    "governance",
    "standards",
    "workshops",
    "projects",
    "roadmap",
    "compliance",
    "kpi",
    "campaigns",
    "portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.language.RememberLanguageSwitch",
    "portal.page_cache.PublicPageCache",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.OwnNameMiddleware",
]

ROOT_URLCONF = "smartcity.urls"
WSGI_APPLICATION = "smartcity.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database(url: str) -> dict:
    """Return the Django database settings for ``url``; a ``host`` parameter is a socket folder.

    django-environ leaves ``?host=FOLDER`` in OPTIONS, where Django's own tools do not look.
    """
    config = environ.Env.db_url_config(url)
    options = config.get("OPTIONS", {})
    if "host" in options:
        config["HOST"] = options.pop("host")
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {
    "default": database(env.str("DATABASE_URL", default="postgres://postgres@/smartcity")),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")


def celery_broker(url: str) -> str:
    """Return ``url`` in the form kombu wants: ``unix://PATH?db=N`` is ``redis+socket://`` there."""
    if url.startswith("unix://"):
        return "redis+socket://" + url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return url


CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
CACHES["default"]["LOCATION"] = REDIS_URL
#: So long a public page is kept for strangers; whoever has a session sees every change at once.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=5)
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "core.send_message": {"queue": "mail"},
    "campaigns.drain": {"queue": "mail_campaign"},
}
CELERY_BEAT_SCHEDULE = {
    "mails": {"task": "core.sweep_mail", "schedule": 60.0},
    "campaigns": {
        "task": "campaigns.tick",
        "schedule": env.float("CAMPAIGN_TICK_SECONDS", default=10.0),
    },
    "bounces": {"task": "core.fetch_bounces", "schedule": 300.0},
    "campaign_links": {"task": "campaigns.check_links", "schedule": 300.0},
    "campaign_addresses": {"task": "campaigns.forget_addresses", "schedule": 86400.0},
    "campaign_drafts": {"task": "campaigns.draft_from_events", "schedule": 600.0},
    # By night, in Brussels: the reading is that of the day that begins.
    "plan_figures": {
        "task": "campaigns.keep_plan_figures",
        "schedule": crontab(hour=4, minute=20),
    },
    "unconfirmed": {"task": "stakeholders.purge_unconfirmed", "schedule": 3600.0},
    "attachments": {"task": "stakeholders.scan_attachments", "schedule": 60.0},
    "lost_files": {"task": "stakeholders.sweep_files", "schedule": 86400.0},
    "register_imports": {"task": "stakeholders.purge_imports", "schedule": 86400.0},
    "answers_helped": {"task": "stakeholders.ask_whether_helped", "schedule": 3600.0},
    "answer_figures": {"task": "stakeholders.keep_figures", "schedule": 3600.0},
    "steps": {"task": "stakeholders.tell_steps", "schedule": 600.0},
    "all_steps": {"task": "stakeholders.tell_all_steps", "schedule": crontab(hour=3, minute=40)},
    # By day, once for each person: an hour that was missed is made up for by the next.
    "digests": {"task": "stakeholders.send_digests", "schedule": crontab(minute=15, hour="7-20")},
    "staff_queue": {"task": "stakeholders.tell_staff", "schedule": crontab(hour=7, minute=30)},
    "idea_reporters": {"task": "stakeholders.forget_reporters", "schedule": 86400.0},
    "indicator_figures": {"task": "kpi.compute_figures", "schedule": 900.0},
    "all_indicator_figures": {
        "task": "kpi.compute_all_figures",
        "schedule": crontab(hour=4, minute=40),
    },
    "indicator_news": {"task": "kpi.tell_news", "schedule": 600.0},
    "figure_reporters": {"task": "kpi.forget_reporters", "schedule": 86400.0},
    "figure_imports": {"task": "kpi.take_up_imports", "schedule": 120.0},
    "figure_import_rows": {"task": "kpi.purge_imports", "schedule": 86400.0},
    "register_duplicates": {"task": "stakeholders.find_duplicates", "schedule": 3000.0},
}
CELERY_TIMEZONE = "Europe/Brussels"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, see the adapter
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever types a stranger's address mails nobody
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # the mails say ten minutes
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # the sixth wrong password waits
    "request_login_code": "20/m/ip,3/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation is the verification
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a code that rolls over while it is typed still works (RFC 6238, 5.2)
MFA_TOTP_ISSUER = "Smart City Office"

# The neutral source language: neither French nor Dutch is the default of the other.
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"  # shown so; stored in UTC
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
MODELTRANSLATION_LANGUAGES = ("fr", "nl", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("fr", "nl", "en")

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# How long the Office takes, in days after an idea was received; the clock stands still while it
# waits for a reply of the contributor. Shown to everybody: see stakeholders/clock.py.
IDEA_ACKNOWLEDGE_WITHIN_DAYS = 10
IDEA_ANSWER_WITHIN_DAYS = 60
# Uploads: a private folder that no server gives out; each file goes through a view.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "core.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_CAP_BYTES = 11_000_000  # of one file, whatever the form; the rest is not kept
UPLOAD_MOST_FILES = 3  # attachments of one idea
UPLOAD_MOST_BYTES = 5_000_000  # of each
UPLOAD_MOST_PIXELS = 40_000_000  # of a picture as it comes
UPLOAD_LONGEST_SIDE_PX = 10_000  # of a picture as it comes
UPLOAD_KEPT_SIDE_PX = 4_000  # a larger picture is made smaller
# A virus scanner: unix:///run/clamav/clamd.ctl or tcp://host:3310. Without it a moderator releases.
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")

# The API is for reading, without login, session or cookie.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.json_api.answer_error",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Indicators of the Smart City Office",
    "DESCRIPTION": "Indicators, their figures by vintage, frameworks and places. Reading only, "
    "without a key. Every answer has an ETag; ask again with If-None-Match.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # plotly adds one
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, EMPTY_STYLE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=1025)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Smart City Office <office@example.org>")

# The host's name and coordinates are configuration: the Office may change house or name.
SITE = {
    "name": "Smart City Office",
    # Its former name differs by language.
    "host_name": env.str("SITE_HOST_NAME", default="") or _("Paradigm (CIRB/CIBG)"),
    # Both stand on every page, each marked with its language: see ui/signature.html.
    "signature": {
        "fr": "Région de Bruxelles-Capitale",
        "nl": "Brussels Hoofdstedelijk Gewest",
    },
    "contact": {
        "desk": env.str("SITE_DESK", default=""),
        "phone": env.str("SITE_PHONE", default=""),
        "post": env.str("SITE_POST", default=""),
        "email": env.str("SITE_EMAIL", default="office@example.org"),
    },
}
#: The number of the publisher in the register of enterprises (KBO/BCE), for the catalogue of data.
SITE_KBO = env.str("SITE_KBO", default="")
LANGUAGE_NAMES = {"fr": _("French"), "nl": _("Dutch"), "en": _("English")}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# Campaigns: journals of the senders, connections to the mail server at once, hours of rest.
MAIL_JOURNAL_DIR = Path(env.str("MAIL_JOURNAL_DIR", default=str(STATE_DIR / "journal")))
CAMPAIGN_CONNECTIONS = env.int("CAMPAIGN_CONNECTIONS", default=2)
#: From and until which hour of Brussels no campaign is sent: (21, 7) is the night.
CAMPAIGN_QUIET_HOURS = tuple(env.list("CAMPAIGN_QUIET_HOURS", cast=int, default=[21, 7]))
#: Links to private networks are not looked up, so that nobody explores ours from a text.
LINK_CHECK_PRIVATE = env.bool("LINK_CHECK_PRIVATE", default=False)
#: Where mails of campaigns come back, as bounce@example.org; its server has to know "bounce+…".
MAIL_BOUNCE_ADDRESS = env.str("MAIL_BOUNCE_ADDRESS", default="")
#: The mailbox of that address: imaps://USER:PASSWORD@HOST/INBOX or pop3s://USER:PASSWORD@HOST.
MAIL_BOUNCE_MAILBOX = env.str("MAIL_BOUNCE_MAILBOX", default="")

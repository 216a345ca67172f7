"""`make run`: the demonstration on one machine. Nothing here is fit for the internet."""

import secrets

from .base import *
from .base import SITE, STATE_DIR, env


def local_secret() -> str:
    """Return this checkout's own key, made on first use so that sessions outlive a restart."""
    path = STATE_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret()
ALLOWED_HOSTS = ["*"]
DEMO_LOGINS = True
MFA_OBLIGATORY = False
SITE = SITE | {
    "contact": {
        "desk": "Rue de la Démonstration 1 Demonstratiestraat, 1000 Bruxelles · Brussel",
        "phone": "02 000 00 00",
        "post": "Smart City Office, Rue de la Démonstration 1 Demonstratiestraat, "
        "1000 Bruxelles · Brussel",
        "email": "office@example.org",
    },
}

# Mails are caught here, so nobody is woken: campaigns go out at any hour.
CAMPAIGN_QUIET_HOURS = tuple(env.list("CAMPAIGN_QUIET_HOURS", cast=int, default=[0, 0]))

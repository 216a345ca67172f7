"""Under which keyed hash the Office knows who reported an idea: once each, and by no name."""

from django.utils.crypto import salted_hmac


def hash_of_address(email: str) -> str:
    """Return the hash of an e-mail address, whatever its case."""
    return _hash("address", email.strip().lower())


def hash_of_visit(session_key: str, visitor: str) -> str:
    """Return the hash of a session and of the address of the machine, where no e-mail is given."""
    return _hash("visit", f"{session_key}|{visitor}")


def _hash(kind, words):
    return salted_hmac(f"stakeholders.report.{kind}", words, algorithm="sha256").hexdigest()

"""Under which keyed hashes the Office knows who reported an idea: once each, and by no name."""

from django.utils.crypto import salted_hmac


def hash_of_address(email: str) -> str:
    """Return the hash of an e-mail address, whatever its case."""
    return _hash("address", email.strip().lower())


def hash_of_device(secret: str, idea) -> str:
    """Return the hash of a browser, known by the ``secret`` of its session, for one idea.

    Of each idea it is another one: what one device reported cannot be put together.
    """
    return _hash("device", f"{idea.pk}|{secret}")


def _hash(kind, words):
    return salted_hmac(f"stakeholders.report.{kind}", words, algorithm="sha256").hexdigest()

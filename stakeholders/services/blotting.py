"""Take words out of tables: an address everywhere, a name where its bearer is meant.

A pattern is a regular expression of PostgreSQL. It finds the words also as they stand in addresses
of pages (%40) and in JSON that is kept as text (\\u00e9).
"""

import re

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Func, Value

from core import documents
from core.models import DocumentVersion, Message

from .relations import unprotected

ERASED = "[…]"
#: Words may follow the mark of a new line in JSON or an encoded sign: "\\n", "%20".
ENCODED = r"(?<=\\[nrt]|%[[:xdigit:]]{2})"
#: What an address may consist of: "an@example.org" is not part of "jean@example.org".
BEFORE = rf"(?:(?<![[:alnum:]._%+-])|{ENCODED})"
AFTER = r"(?![[:alnum:]-]|\.[[:alnum:]])"
BEFORE_WORD, AFTER_WORD = rf"(?:(?<![[:alnum:]])|{ENCODED})", r"(?![[:alnum:]])"
GAP = r"(?:[[:space:]]|\\[nrt]|\+|%20|%0[AaDd])+"
BETWEEN_DIGITS = r"[-[:space:]./()]{0,3}"
FEWEST_DIGITS = 8
COUNTRY = "32"
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)


def address_pattern(address: str, *, tagged: bool) -> str:
    """Return the pattern of an address; ``tagged`` takes "an+idea@" for "an@", and the reverse."""
    local, _at, domain = address.partition("@")
    stem, plus, tag = local.partition("+")
    any_tag = r"(?:(?:\+|%2B)[[:alnum:]._%+-]*)?"
    end = any_tag if tagged else _escaped(f"{plus}{tag}")
    return BEFORE + _escaped(stem) + end + "(?:@|%40)" + _escaped(domain) + AFTER


def name_pattern(name: str) -> str:
    """Return the pattern of a name, "" for a single word: that could be anything."""
    words = name.split()
    if len(words) < 2:
        return ""
    return BEFORE_WORD + GAP.join(map(_escaped, words)) + AFTER_WORD


def phone_pattern(phone: str) -> str:
    """Return the pattern of a number, however its digits are grouped; "" where they are few."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < FEWEST_DIGITS:
        return ""
    own = digits.removeprefix("00").removeprefix(COUNTRY).removeprefix("0")
    prefix = rf"(?:(?:\+|00)?{BETWEEN_DIGITS}{COUNTRY}{BETWEEN_DIGITS})?(?:\(?0\)?)?"
    return r"(?<![[:digit:]])" + prefix + BETWEEN_DIGITS + BETWEEN_DIGITS.join(own) + "(?![0-9])"


def _escaped(words: str) -> str:
    return "".join(map(_sign, words))


def _sign(char: str) -> str:
    """Return the pattern of one character, in either case and in any of its writings."""
    if char.isascii():
        return char if char.isalnum() else rf"(?:\{char}|%{ord(char):02X})"
    both = sorted({char.lower(), char.upper()})
    escapes = [rf"\\u{ord(each):04x}" for each in both if len(each) == 1]
    quoted = ["".join(f"%{byte:02X}" for byte in each.encode()) for each in both]
    return f"(?:{'|'.join([*both, *escapes, *quoted])})"


def text_columns(model) -> list[str]:
    """Return the database columns of ``model`` that may hold words."""
    return [
        field.column
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXTS) and not field.primary_key
    ]


def tables() -> dict:
    """Return {table: model} of every table of ours with text columns."""
    found = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in found
        if model._meta.managed and not model._meta.proxy and text_columns(model)
    }


def blot_everywhere(pattern: str) -> None:
    """Blot out what a pattern finds in words, notes, logs and records of merges, in any table."""
    _blot_all(dict.fromkeys(tables().values()), pattern)


def blot_in(rows: dict, pattern: str) -> None:
    """Blot out what a pattern finds in ``rows``: {model: keys}."""
    _blot_all({model: keys for model, keys in rows.items() if text_columns(model)}, pattern)


def _blot_all(rows, pattern):
    if Message in rows:
        _unfold(rows[Message], pattern)
    versions = _intact_versions(rows, pattern)
    with connection.cursor() as cursor:
        for model, keys in rows.items():
            _blot(cursor, model, pattern, keys)
    with unprotected(DocumentVersion):
        documents.record_redaction(versions)


def _unfold(keys, pattern):
    """Join the lines of a calendar entry that are cut amid the words; programs read both forms."""
    cut = Value(r"\r?\n[ \t]"), Value(""), Value("g")
    whole = Func(F("calendar"), *cut, function="regexp_replace", output_field=models.TextField())
    rows = (
        Message.objects.exclude(calendar="")
        if keys is None
        else Message.objects.filter(pk__in=keys)
    )
    rows.alias(whole=whole).filter(whole__iregex=pattern).update(calendar=whole)


def _intact_versions(rows, pattern) -> list[DocumentVersion]:
    """Return the versions from which words will go; one that was tampered with stays told."""
    keys = rows.get(DocumentVersion, set())
    found = DocumentVersion.objects.filter(body__iregex=pattern)
    found = found if keys is None else found.filter(pk__in=keys)
    return [version for version in found if documents.is_intact(version)]


def _blot(cursor, model, pattern, keys):
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns = {quote(name): _type_of(model, name) for name in text_columns(model)}
    holds = "(" + " OR ".join(f"{column}::text ~* %s" for column in columns) + ")"
    where = [pattern] * len(columns)
    if keys is not None:
        holds, where = f"{key} = ANY(%s) AND {holds}", [sorted(keys), *where]
    cursor.execute(f"SELECT 1 FROM {table} WHERE {holds} LIMIT 1", where)
    if cursor.fetchone() is None:
        return
    put = ", ".join(
        f"{column} = regexp_replace({column}::text, %s, %s, 'gi')::{kind}"
        for column, kind in columns.items()
    )
    with unprotected(model):
        cursor.execute(
            f"UPDATE {table} SET {put} WHERE {holds}",
            [*[pattern, ERASED] * len(columns), *where],
        )


def _type_of(model, column) -> str:
    """Return the type of a column without its length: "varchar", "varchar[]" for a list."""
    field = next(each for each in model._meta.local_concrete_fields if each.column == column)
    return re.sub(r"\(\d+\)", "", field.db_type(connection))

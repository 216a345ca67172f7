"""Which fields of two rows are compared and chosen when they are merged."""

from core.search import LANGUAGES

from ..models import Contact, Organisation

#: What the survivor can take from the merged row. Its address, its status and whether it is shown
#: stay its own: these are decisions about it, not facts of it.
FIELDS = {
    Organisation: (
        *("legal_id", "name", "short_name", "helix", "helix_secondary", "level"),
        *("municipality", "website", "note", "retention_review_on"),
    ),
    Contact: ("name", "email", "language", "phone", "user", "legal_basis", "retention_review_on"),
}

#: Values that only one row may hold, with what stands there while two rows exchange them.
EXCLUSIVE = {Contact: {"email": "", "user_id": None}}


def columns_of(model, name: str) -> list[str]:
    """Return the columns of a field: three for a translated text, which stays together."""
    if hasattr(model, f"{name}_{LANGUAGES[0]}"):
        return [f"{name}_{code}" for code in LANGUAGES]
    return [model._meta.get_field(name).attname]


def group_of(row, name: str) -> list:
    """Return the values of a field as stored, one for each of its columns."""
    return [getattr(row, column) for column in columns_of(type(row), name)]


def is_empty(row, name: str) -> bool:
    """Tell whether a field holds nothing in any language."""
    return not any(group_of(row, name))


def blanks(row, columns) -> dict:
    """Return {column: empty value} of those ``columns`` whose value only one row may hold."""
    exclusive = EXCLUSIVE.get(type(row), {})
    return {column: exclusive[column] for column in columns if column in exclusive}


def stored_fields(model) -> list:
    """Return the columns that hold something: keys, and the stale twin of a translated text, not.

    A translated field answers with the text in the language of the page, so it is never compared.
    """
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not hasattr(model, f"{field.name}_{LANGUAGES[0]}")
    ]


def stored_values(row) -> dict:
    """Return {column: value} of ``row``, in a form that JSON can keep."""
    return {field.attname: plain(getattr(row, field.attname)) for field in stored_fields(type(row))}


def plain(value):
    """Return a date as its ISO text, anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def difference(before: dict, after: dict) -> dict:
    """Return {column: [before, after]} of what differs."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def update(row, values: dict) -> None:
    """Write ``values``, as `stored_values` gave them, into the row; nothing else is touched."""
    fields = {field.attname: field for field in stored_fields(type(row))}
    typed = {name: fields[name].to_python(value) for name, value in values.items()}
    if typed:
        type(row)._base_manager.filter(pk=row.pk).update(**typed)


def verbose(row, column: str) -> str:
    """Return the name of a column for people."""
    fields = {field.attname: field for field in stored_fields(type(row))}
    return str(fields[column].verbose_name)

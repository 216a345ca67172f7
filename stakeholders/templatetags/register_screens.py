"""What the screens of the register need beside `ui`."""

from django import template

register = template.Library()


@register.filter
def taken(form, name: str) -> str:
    """``{{ form|taken:"website" }}``: from which side a differing value is taken."""
    return form[f"take_{name}"].value() or "first"

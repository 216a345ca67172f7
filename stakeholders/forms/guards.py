"""What keeps robots out of a public form without a riddle: a trap field, time, a growing pause."""

import time
import uuid

from crispy_forms.layout import Div, Field
from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import throttle

SALT = "stakeholders.form"
#: Nobody reads the form and writes an idea in less time (seconds).
FASTEST = 4
#: What is said of something that is no e-mail address.
INCOMPLETE_ADDRESS = _("Write the whole address, with the @, as in name@example.org.")


def new_stamp(*, key: str = "", warned: bool = False) -> str:
    """Return the signed stamp of a form shown now; ``key`` stays with it on every new try."""
    return signing.dumps(
        {"key": key or uuid.uuid4().hex, "at": time.time(), "warned": warned}, salt=SALT
    )


def read_stamp(raw: str) -> dict | None:
    """Return what a stamp holds, None where it is not ours."""
    try:
        return signing.loads(raw, salt=SALT)
    except signing.BadSignature:
        return None


class GuardedForm(forms.Form):
    """Base of the public forms: give it ``visitor``, the address of the machine that sends.

    After `is_valid()`, `is_robot` tells that the trap was touched: store nothing and say nothing.
    `stamp_key` is the same on every try of one form, so that a double click can be recognised.
    """

    #: Name of the pause, and how many uses within an hour are free.
    scope = ""
    free = 8

    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, visitor: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        self.stamp_key = uuid.uuid4().hex
        self.initial["stamp"] = new_stamp(key=self.stamp_key)

    @property
    def is_robot(self) -> bool:
        """Tell whether the trap field, which nobody sees, was filled in."""
        return bool(self.data.get("website"))

    def is_valid_or_robot(self) -> bool:
        """Tell whether the sender is thanked: a robot always is, and nothing is kept of it."""
        return self.is_robot or self.is_valid()

    def clean(self):
        """Ask for patience where the form came too fast or too often; the text stays."""
        data = super().clean()
        if self.is_robot:
            return data
        stamp = read_stamp(data.get("stamp", ""))
        if stamp:
            self.stamp_key = stamp["key"]
        if not self.errors:
            self._check_time(stamp)
            self._check_pause(data.get("email", ""))
        return data

    def _check_time(self, stamp):
        if stamp and (stamp["warned"] or time.time() - stamp["at"] >= FASTEST):
            return
        self._restamp()
        self.add_error(
            None,
            gettext(
                "That was faster than we can read. Your text is still here: look at it once more, "
                "then send it."
            ),
        )

    def _check_pause(self, email):
        waits = [throttle.seconds_to_wait(self.scope, self.visitor, free=self.free)]
        waits.append(throttle.seconds_to_wait(self.scope, email, free=self.free) if email else 0)
        if max(waits) > 0:
            self.add_error(
                None,
                gettext(
                    "A lot was sent from here within the hour. Please wait %(seconds)s seconds, "
                    "then send again: your text is still here."
                )
                % {"seconds": max(waits)},
            )

    def _restamp(self):
        self.data = self.data.copy()
        self.data["stamp"] = new_stamp(key=self.stamp_key, warned=True)

    def count_use(self) -> None:
        """Note that this form was sent, for the pause of the next one."""
        throttle.count(self.scope, self.visitor)
        if self.cleaned_data["email"]:
            throttle.count(self.scope, self.cleaned_data["email"])


def trap():
    """Return the layout of the trap field and the stamp."""
    return Div(Field("website"), Field("stamp"), css_class="honeypot", aria_hidden="true")

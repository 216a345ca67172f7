"""Words of the history for what no state machine names: creation, loading, accounts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role

MOVES = {
    "create": pgettext_lazy("history", "made"),
    "seed": pgettext_lazy("history", "loaded with the first data"),
    "tighten": pgettext_lazy("history", "made stricter"),
    "prepare": pgettext_lazy("history", "put together by the portal"),
    "switch_on": pgettext_lazy("history", "switched on"),
    "switch_off": pgettext_lazy("history", "switched off"),
    "submit": pgettext_lazy("history", "sent in"),
    "confirm": pgettext_lazy("history", "confirmed by mail"),
    "publish_selection": pgettext_lazy("history", "put on the roadmap"),
    "put_on_agenda": pgettext_lazy("history", "idea put on the agenda"),
    "take_off_agenda": pgettext_lazy("history", "idea taken off the agenda"),
    "set_result": pgettext_lazy("history", "result written down"),
    "invite": pgettext_lazy("history", "invited"),
    "give_role": pgettext_lazy("history", "role given"),
    "take_role": pgettext_lazy("history", "role taken"),
    "open": pgettext_lazy("history", "access opened"),
    "close": pgettext_lazy("history", "access closed"),
}
#: States of an account; a role given or taken stands in their place.
STATES = {
    "active": _("active"),
    "inactive": _("closed"),
    **{role.value: role.label for role in Role},
}

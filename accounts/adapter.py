"""How allauth behaves here: accounts come by invitation, mails go through our own engine."""

from allauth.account.adapter import DefaultAccountAdapter


class PortalAccountAdapter(DefaultAccountAdapter):
    """Closes self-registration: contributors need no account, everybody else is invited."""

    def is_open_for_signup(self, request):
        """Refuse sign-up."""
        return False

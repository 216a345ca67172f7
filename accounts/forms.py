"""Forms of the account pages: allauth's, with labels above the fields instead of inside them."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import User
from .roles import Role


class LabelsOnly:
    """Takes away placeholders: they repeat the label and vanish when somebody types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(LabelsOnly, account.LoginForm):
    """E-mail address and password."""


class RequestLoginCodeForm(LabelsOnly, account.RequestLoginCodeForm):
    """E-mail address to which a code is sent."""


class ConfirmLoginCodeForm(LabelsOnly, account.ConfirmLoginCodeForm):
    """The code of the mail."""


class NewPassword(LabelsOnly):
    """Keeps the rules out of the way: the page says them once, a refusal says which one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = ""


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    """Old and new password."""


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    """First password."""


class ResetPasswordForm(LabelsOnly, account.ResetPasswordForm):
    """E-mail address to which a link is sent."""


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    """New password after following the link."""


class ReauthenticateForm(LabelsOnly, account.ReauthenticateForm):
    """Password, once more."""


class SecondFactorForm(LabelsOnly, mfa.AuthenticateForm):
    """Code of the authenticator app, or a recovery code."""


class SecondFactorAgainForm(LabelsOnly, mfa.ReauthenticateForm):
    """Code of the authenticator app, once more."""


class ActivateTOTPForm(LabelsOnly, totp.ActivateTOTPForm):
    """First code of the app that was just connected."""


class LanguageForm(forms.ModelForm):
    """In which language somebody gets the mails of the portal."""

    language = forms.ChoiceField(
        label=_("Language of the mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields = ["language"]


class RolesField(forms.MultipleChoiceField):
    """The roles of the portal as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=Role.choices, label=_("Roles"), required=False, **kwargs)


class InvitationForm(forms.ModelForm):
    """Whom the administrator invites: no password is asked, nobody knows that of another."""

    roles = RolesField()
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["email", "name", "language", "roles"]

    def clean_email(self):
        """Keep one account for one address, whatever its case."""
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("This address has an account already."))
        return email


class UserForm(forms.ModelForm):
    """What the administrator changes of an account, with the reason."""

    roles = RolesField()
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatory when roles or access change. Kept in the history."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "is_active", "roles", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].initial = sorted(self.instance.roles)

    def clean(self):
        """Ask for the reason of what somebody may or may not do from now on."""
        cleaned = super().clean()
        if {"roles", "is_active"} & set(self.changed_data) and not cleaned.get("reason"):
            self.add_error("reason", _("Give the reason."))
        return cleaned

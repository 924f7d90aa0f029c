"""An account begins with an invitation: a link that works once, for a week."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from console.models import Invitation, Membership

VALID_FOR = timedelta(days=7)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class InvitationSpent(Exception):
    """This invitation was used, has expired or never was: ask the coordinator for a new one."""


def invite(inviter: Membership, *, email: str, role: str, trained: bool = False) -> str:
    """Make an invitation to the inviter's organisation and return its token.

    The token is only here: the database keeps a hash. An older open invitation for the same
    address ends.
    """
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    address = email.strip().lower()
    with transaction.atomic():
        Invitation.objects.filter(
            organisation=inviter.organisation, email=address, used_at=None
        ).update(expires_at=now)
        Invitation.objects.create(
            organisation=inviter.organisation,
            token_hash=_hash(token),
            email=address,
            role=role,
            trained_for_sensitive=trained,
            invited_by=inviter,
            expires_at=now + VALID_FOR,
        )
    return token


def find(token: str) -> Invitation:
    """Return the open invitation of `token`. Raises InvitationSpent."""
    invitation = (
        Invitation.objects.select_related("organisation")
        .filter(token_hash=_hash(token), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None:
        raise InvitationSpent
    return invitation


def join(token: str, *, name: str, password: str) -> User:
    """Make the account (or use that of the same address) and the membership; spend the link.

    With an account, `password` must be that account's. Raises InvitationSpent, and
    forms.ValidationError for a wrong password.
    """
    with transaction.atomic():
        # Two clicks at once: the second waits here and finds the link spent.
        Invitation.objects.select_for_update().filter(token_hash=_hash(token)).first()
        invitation = find(token)
        user = account_of(invitation.email)
        if user is None:
            user = User.objects.create_user(secrets.token_hex(12), invitation.email, password)
            # The coordinator handed the link to this person: that vouches for the address.
            EmailAddress.objects.create(
                user=user, email=invitation.email, verified=True, primary=True
            )
        elif not user.check_password(password):
            raise forms.ValidationError(_("This is not the password of your account."))
        Membership.objects.update_or_create(
            user=user,
            organisation=invitation.organisation,
            defaults={
                "name": name,
                "role": invitation.role,
                "trained_for_sensitive": invitation.trained_for_sensitive,
                "active": True,
            },
        )
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
    return user


def account_of(email: str) -> User | None:
    """Return the account of an e-mail address, if there is one."""
    return get_user_model().objects.filter(email__iexact=email).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class JoinForm(forms.Form):
    """Name and password of whom an invitation brings."""

    name = forms.CharField(
        label=_("Your name, as colleagues see it"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, is_new: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._is_new = is_new
        if is_new:
            self.fields["password"].help_text = _("At least 12 characters. A sentence is good.")

    def clean_password(self) -> str:
        """Hold a new password to the rules; that of an account is checked when joining."""
        password: str = self.cleaned_data["password"]
        if self._is_new:
            validate_password(password)
        return password


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and make its account."""
    try:
        invitation = find(token)
        is_new = account_of(invitation.email) is None
        form = JoinForm(request.POST or None, is_new=is_new)
        if request.method == "POST" and form.is_valid():
            answer = _join(request, token, form, is_new=is_new)
            if answer is not None:
                return answer
    except InvitationSpent:
        return render(request, "console/invitation_spent.html", status=410)
    context = {"form": form, "invitation": invitation, "is_new": is_new}
    return render(request, "console/invitation.html", context)


def _join(request: HttpRequest, token: str, form: JoinForm, *, is_new: bool) -> HttpResponse | None:
    """Join and go on; None if the form has something to say first."""
    try:
        user = join(token, **form.cleaned_data)
    except forms.ValidationError as error:
        form.add_error("password", error)
        return None
    if not is_new:  # an account may have a second factor: sign in the usual way
        return HttpResponseRedirect(reverse("account_login"))
    login(request, user, backend=BACKEND)
    get_adapter().add_message(request, 25, message=_("Welcome. Now protect your account."))
    return HttpResponseRedirect(reverse("mfa_index"))

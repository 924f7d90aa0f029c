"""`haki first_coordinator`: the first organisation's first person, who invites all others."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from bot.settings.environment import environment
from console.accounts import invitations
from console.models import Membership, Organisation, Role


class Command(BaseCommand):
    """Makes an organisation, if it is new, and prints an invitation for its coordinator."""

    help = "Make an organisation and print the invitation link of its coordinator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which organisation and whom."""
        parser.add_argument("--organisation", required=True, help="its name")
        parser.add_argument("--slug", required=True, help="a short name of letters, digits and -")
        parser.add_argument("--email", required=True)
        parser.add_argument("--coordinating", action="store_true", help="takes what no other can")

    @transaction.atomic
    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Make both and print the link, which is shown only now."""
        organisation, new = Organisation.objects.get_or_create(
            slug=options["slug"],
            defaults={"name": options["organisation"], "coordinating": options["coordinating"]},
        )
        if not new and organisation.memberships.filter(role=Role.COORDINATOR, active=True).exists():
            raise CommandError("It has a coordinator already, who invites on the console's page.")
        token = invitations.invite(
            self._server(organisation), email=options["email"], role=Role.COORDINATOR
        )
        self.stdout.write(environment().public_url + reverse("invitation", args=[token]))

    def _server(self, organisation: Organisation) -> Membership:
        """Return the inactive member in whose name the server invites: nobody can sign in as it."""
        user, new = User.objects.get_or_create(
            username=f"server-{organisation.slug}", defaults={"is_active": False}
        )
        if new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        member, _new = Membership.objects.get_or_create(
            user=user,
            organisation=organisation,
            defaults={"name": "Server", "role": Role.ANALYST, "active": False},
        )
        return member

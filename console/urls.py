"""Addresses of the console. tests/console/test_doors.py says for each who may open it."""

from django.urls import include, path
from django.views.generic import RedirectView

from console.accounts.memberships import switch
from console.pages import actions, case, composer, lists, organisation, records

one_case = [
    path("", case.show, name="case"),
    path("entries/", case.entries, name="entries"),
    path("row/", lists.one_row, name="row"),
    path("write/", actions.write, name="write"),
    path("draft/", composer.draft, name="draft"),
    path("preview/", composer.preview, name="preview"),
    path("cards/", composer.cards, name="cards"),
    path("claim/", actions.claim, name="claim"),
    path("assign/", actions.assign, name="assign"),
    path("snooze/", actions.snooze, name="snooze"),
    path("wait/", actions.wait, name="wait"),
    path("resolve/", actions.resolve, name="resolve"),
    path("reopen/", actions.reopen, name="reopen"),
    path("refer/", actions.refer, name="refer"),
    path("refer/cancel/", actions.cancel_referral, name="cancel-referral"),
    path("lines/<int:entry>/mask/", actions.mask, name="mask"),
    path("export/", actions.ask_export, name="ask-export"),
    path("export/<str:form>/", actions.export, name="export"),
]

urlpatterns = [
    path("", lists.inbox, name="inbox"),
    path("folders/<str:folder>/", lists.inbox, name="folder"),
    path("folders/<str:folder>/counts/", lists.folders, name="folders"),
    path("folders/<str:folder>/news/", lists.news, name="news"),
    path("search/", lists.search, name="search"),
    path("cases/<str:public_id>/", include(one_case)),
    # bot.asgi answers this one (console.live); here it only has its name.
    path("live/", RedirectView.as_view(pattern_name="inbox"), name="live"),
    path("audit/", records.audit, name="audit"),
    path("incidents/", records.incidents, name="incidents"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/scope/", organisation.change_scope, name="change-scope"),
    path("organisation/targets/", organisation.change_targets, name="change-targets"),
    path("organisation/hours/", organisation.change_hours, name="change-hours"),
    path("organisation/invite/", organisation.invite, name="invite"),
    path(
        "organisation/invitations/<int:number>/withdraw/",
        organisation.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("organisation/people/<int:number>/", organisation.change_member, name="change-member"),
    path("organisation/canned/", organisation.add_canned, name="add-canned"),
    path("organisation/canned/<int:number>/", organisation.delete_canned, name="delete-canned"),
    path("switch/", switch, name="switch"),
    path("", include("console.accounts.urls")),
]

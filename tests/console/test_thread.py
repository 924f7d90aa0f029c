"""What a case's page says: every line in words, what was not sent visible, numbers nowhere."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bot.handover import routing
from bot.settings.environment import environment
from console.aliases import alias
from console.cases import lines
from console.cases.writing import BLOT
from console.models import AuditLine, CannedReply, Case, CaseEntry, EntryKind, Membership, Sending
from console.pages.happenings import HAPPENINGS
from console.pages.profile import why
from console.pages.thread import pieces
from tests.cases.conftest import NUMBER, make_case, make_contact
from tests.console.conftest import BACKEND, People

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def show(client: Client, case: Case) -> str:
    return client.get(f"/console/cases/{case.public_id}/").content.decode()


@pytest.fixture
def case(people: People) -> Case:
    made: Case = make_case(people.owner.organisation, make_contact())
    return made


def add(case: Case, **more: object) -> CaseEntry:
    return CaseEntry.objects.create(case=case, organisation=case.organisation, **more)


def test_every_line_of_a_case_has_its_sentence() -> None:
    assert set(HAPPENINGS) == set(lines.WHAT)
    for what, params in lines.WHAT.items():
        sentence = str(HAPPENINGS[what])
        values = dict.fromkeys((*params, "who"), "x")
        assert sentence % values, what


def test_every_reason_of_routing_has_its_sentence() -> None:
    for key in ("country", "origin", "coordinating"):
        assert why({"key": key, "params": {"country": "MYS", "origin": "NPL"}}) != "–"
    assert routing.Need.__doc__


def test_blotted_letters_are_told_apart() -> None:
    found = [(piece.text, piece.masked) for piece in pieces(f"a{BLOT}{BLOT}b")]

    assert found == [("a", False), (BLOT * 2, True), ("b", False)]


def test_the_page_shows_an_alias_and_never_a_number(
    sign_in: SignIn, people: People, case: Case
) -> None:
    page = show(sign_in(people.owner), case)

    assert alias(case.contact_id) in page
    assert NUMBER.lstrip("+") not in page


def test_what_was_not_sent_says_so_and_why(sign_in: SignIn, people: People, case: Case) -> None:
    add(case, kind=EntryKind.REPLY, author=people.owner, text="too late",
        sending=Sending.NOT_SENT, reason="opted_out")  # fmt: skip
    add(case, kind=EntryKind.REPLY, author=people.owner, text="not yet",
        sending=Sending.HELD, reason="safe_hours", held_until=timezone.now())  # fmt: skip

    page = show(sign_in(people.owner), case)

    assert "Not sent: The person stopped all messages" in page
    assert "Waits: Outside the hours that are safe" in page


def test_the_bot_part_is_folded_and_notes_are_told_apart(
    sign_in: SignIn, people: People, case: Case
) -> None:
    add(case, kind=EntryKind.BOT, text="what Haki said")
    add(case, kind=EntryKind.NOTE, author=people.owner, text="call the union")

    page = show(sign_in(people.owner), case)

    assert "With Haki before: 1 lines" in page
    assert "Private note by Olu" in page


def test_a_text_is_never_markup(sign_in: SignIn, people: People, case: Case) -> None:
    add(case, kind=EntryKind.INBOUND, said_by_person=True, text="<img src=x onerror=alert(1)>")

    assert "<img src=x" not in show(sign_in(people.owner), case)


def test_a_look_stands_in_the_audit_that_the_coordinator_reads(
    sign_in: SignIn, people: People, case: Case
) -> None:
    show(sign_in(people.analyst), case)

    page = sign_in(people.coordinator).get("/console/audit/").content.decode()
    assert case.public_id in page
    assert "Ana" in page
    elsewhere = sign_in(people.outsider).get("/console/audit/").content.decode()
    assert case.public_id not in elsewhere


def test_a_draft_survives_and_goes_when_it_is_sent(
    sign_in: SignIn, people: People, case: Case
) -> None:
    client = sign_in(people.owner)
    where = f"/console/cases/{case.public_id}/"
    client.post(f"{where}draft/", {"as": "reply", "text": "half a sen"})
    assert "half a sen</textarea>" in show(client, case)
    assert "half a sen" not in show(sign_in(people.colleague), case)

    client.post(f"{where}write/", {"as": "reply", "text": "half a sentence."})
    assert "half a sen</textarea>" not in show(client, case)


def test_the_counter_measures_what_would_be_sent(
    sign_in: SignIn, people: People, case: Case
) -> None:
    client, where = sign_in(people.owner), f"/console/cases/{case.public_id}/preview/"

    one = client.post(where, {"text": "a" * 160}).content.decode()
    two = client.post(where, {"text": "a" * 161}).content.decode()
    plain = client.post(where, {"text": "ça va ? – oui"}).content.decode()

    assert "SMS parts: 1 · characters: 160 (GSM-7)" in one
    assert "SMS parts: 2 · characters: 161 (GSM-7)" in two
    assert "ca va ? - oui" in plain
    assert "costs less" in plain


@pytest.fixture
def _priced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HAKI_SMS_PRICES", "MY=0.03,*=0.0825 USD")
    environment.cache_clear()
    yield
    monkeypatch.undo()
    environment.cache_clear()


@pytest.mark.usefixtures("_priced")
def test_the_cost_goes_by_the_country_of_the_number(sign_in: SignIn, people: People) -> None:
    client, north = sign_in(people.owner), people.owner.organisation
    home = make_case(north, make_contact(country_of_prefix="MY"))
    away = make_case(north, make_contact(country_of_prefix="NP"))

    def preview(case: Case, letters: int) -> str:
        where = f"/console/cases/{case.public_id}/preview/"
        return client.post(where, {"text": "a" * letters}).content.decode()

    assert "about 0.03 USD" in preview(home, 160)
    assert "about 0.06 USD" in preview(home, 161)
    assert "about 0.1650 USD" in preview(away, 161)


@pytest.mark.usefixtures("_priced")
def test_only_sms_shows_a_cost(sign_in: SignIn, people: People) -> None:
    case = make_case(people.owner.organisation, make_contact("whatsapp", country_of_prefix="MY"))
    where = f"/console/cases/{case.public_id}/preview/"

    assert "USD" not in sign_in(people.owner).post(where, {"text": "hello"}).content.decode()


def test_without_a_price_no_cost_is_invented(sign_in: SignIn, people: People, case: Case) -> None:
    where = f"/console/cases/{case.public_id}/preview/"

    page = sign_in(people.owner).post(where, {"text": "hello"}).content.decode()
    assert "SMS parts: 1" in page
    assert "about" not in page


def test_canned_replies_are_offered_in_the_persons_language(
    sign_in: SignIn, people: People, case: Case
) -> None:
    north = people.owner.organisation
    CannedReply.objects.create(organisation=north, language="en", title="Hi", text="We read it")
    CannedReply.objects.create(organisation=north, language="fr", title="Lu", text="Nous lisons")

    page = show(sign_in(people.owner), case)

    assert "We read it" in page
    assert "Nous lisons" not in page


def test_cards_come_in_the_persons_language_and_of_their_country_first(
    sign_in: SignIn, people: People
) -> None:
    case = make_case(
        people.owner.organisation, make_contact(language="ne"), language="ne", country="MYS"
    )
    client = sign_in(people.owner)

    page = client.get(f"/console/cases/{case.public_id}/cards/?card_words=passport")

    first = page.context["hits"][0]
    assert first.id.startswith(("mys/", "int/"))
    assert first.language == "ne"


def test_the_list_says_what_is_new_and_never_moves(
    sign_in: SignIn, people: People, case: Case
) -> None:
    client = sign_in(people.owner)
    where = f"/console/folders/open/news/?shown={case.public_id}"
    assert b"new" not in client.get(where).content

    make_case(people.owner.organisation, make_contact())
    assert b"1 new: show" in client.get(where).content


def test_a_list_shows_who_is_overdue_and_who_will_be_soon(
    sign_in: SignIn, people: People, case: Case
) -> None:
    late = make_case(people.owner.organisation, make_contact())
    for one, minutes in ((late, -5), (case, 10)):
        one.first_reply_due = timezone.now() + timedelta(minutes=minutes, seconds=30)
        one.save(update_fields=["first_reply_due"])

    page = sign_in(people.owner).get("/console/").content.decode()

    assert page.count("Overdue") == 1
    assert "Due in 10 min" in page


def test_an_action_that_came_too_late_is_said_in_words(
    sign_in: SignIn, people: People, case: Case
) -> None:
    sign_in(people.colleague).post(f"/console/cases/{case.public_id}/claim/")

    client = sign_in(people.owner)
    where = f"/console/cases/{case.public_id}/"
    answer = client.post(f"{where}claim/", headers={"Referer": f"http://testserver{where}"})

    assert answer["Location"] == where
    assert "Somebody was quicker" in show(client, case)


def test_without_scripts_words_are_blotted_out_by_an_exact_match(
    people: People, case: Case
) -> None:
    line = CaseEntry.objects.get(case=case)
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.owner.user, backend=BACKEND)
    where = f"/console/cases/{case.public_id}/lines/{line.pk}/mask/"
    form = re.search(f'<form method="post" action="{where}".*?</form>', show(client, case), re.S)
    assert form
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form[0])
    assert token
    given = {"csrfmiddlewaretoken": token[1]}

    client.post(where, {**given, "words": "My boss"})
    assert "These words do not stand in that line." in show(client, case)
    line.refresh_from_db()
    assert line.text == "my boss does not pay"

    client.post(where, {**given, "words": "boss"})
    line.refresh_from_db()
    assert line.text == f"my {BLOT * 4} does not pay"
    masked = AuditLine.objects.get(what="masked", case=case.public_id)
    assert (masked.member, masked.details["length"]) == (people.owner, 4)


def test_an_analyst_is_offered_no_masking(sign_in: SignIn, people: People, case: Case) -> None:
    assert "/mask/" not in show(sign_in(people.analyst), case)


def test_a_file_is_asked_for_first_and_offered_after_the_yes(
    sign_in: SignIn, people: People, case: Case
) -> None:
    client, where = sign_in(people.owner), f"/console/cases/{case.public_id}/export/"

    page = show(client, case)
    assert f'action="{where}"' in page
    assert f'action="{where}pdf/"' not in page
    client.post(where)
    assert "The person was asked whether a file may be made of the case" in show(client, case)
    assert client.post(f"{where}json/").status_code == 302

    Case.objects.filter(pk=case.pk).update(allows_export=True)
    page = show(client, case)
    assert f'action="{where}"' not in page
    assert f'action="{where}pdf/"' in page
    assert f'action="{where}json/"' in page
    assert client.post(f"{where}json/")["Content-Type"] == "application/json"


def test_an_analyst_is_offered_no_file(sign_in: SignIn, people: People) -> None:
    case = make_case(people.owner.organisation, make_contact(), allows_export=True)

    assert "/export/" not in show(sign_in(people.analyst), case)


def test_without_scripts_list_thread_and_reply_work(
    sign_in: SignIn, people: People, case: Case
) -> None:
    client = sign_in(people.owner)
    page = client.get("/console/").content.decode()
    assert f'href="/console/cases/{case.public_id}/?folder=open"' in page

    answer = client.post(
        f"/console/cases/{case.public_id}/write/", {"as": "reply", "text": "hello"}
    )
    assert "hello" in client.get(answer["Location"]).content.decode()

"""The console's own words exist in every language that it offers, and are compiled when needed."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from console.shell.catalogues import compile_catalogues
from console.shell.strings import places, strings

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(settings.LOCALE_DIR / code / "LC_MESSAGES" / "django.po"))


def word(found: polib.POFile | polib.MOFile, text: str) -> str:
    entry = found.find(text)
    assert entry is not None
    return str(entry.msgstr)


def test_strings_are_found_in_code_and_in_templates() -> None:
    found = {said.text: said.place for said in strings()}

    assert found["Draft kept"] == "pages/composer.py"
    assert found["Take it"] == "templates/console/parts/actions.html"
    assert "Switch to %(name)s" in found
    assert "yes,no" in found


@pytest.mark.parametrize("code", OTHERS)
def test_no_string_is_missing(code: str) -> None:
    known = {entry.msgid: entry for entry in catalogue(code) if entry.translated()}

    missing = sorted({said.text for said in strings()} - set(known))
    assert missing == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_leave_the_same_places_open(code: str) -> None:
    for entry in catalogue(code):
        if entry.tcomment != "allauth":
            assert places(entry.msgstr) == places(entry.msgid), entry.msgid


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_outlives_its_string(code: str) -> None:
    said = {one.text for one in strings()}
    ours = {entry.msgid for entry in catalogue(code) if entry.tcomment != "allauth"}

    assert ours - said == set()


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_in_use(code: str) -> None:
    with translation.override(code):
        assert translation.gettext("Take it") == word(catalogue(code), "Take it")


@pytest.mark.django_db
def test_arabic_runs_from_the_right(client: Client) -> None:
    page = client.get("/console/sign-in/", headers={"Accept-Language": "ar"})

    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert page["Content-Language"] == "ar"


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "po" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\n'
                      'msgid "yes"\nmsgstr "oui"\n', encoding="utf-8")  # fmt: skip
    target = tmp_path / "mo" / "fr" / "LC_MESSAGES" / "django.mo"

    assert compile_catalogues(tmp_path / "po", tmp_path / "mo") == [target]
    assert compile_catalogues(tmp_path / "po", tmp_path / "mo") == []
    assert word(polib.mofile(str(target)), "yes") == "oui"

    source.write_text(source.read_text(encoding="utf-8").replace("oui", "si"), encoding="utf-8")
    assert compile_catalogues(tmp_path / "po", tmp_path / "mo") == [target]
    assert word(polib.mofile(str(target)), "yes") == "si"

"""Settings: typed, checked, and strict in production."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings.environment import Environment, SettingsError, for_offline_commands, read

LONG = "s3cret-of-this-deployment-0123456789abcdef"


def complete(tmp_path: Path, **changes: str) -> dict[str, str]:
    values = {
        "HAKI_ENV": "production",
        "HAKI_STATE_DIR": str(tmp_path),
        "HAKI_PUBLIC_URL": "https://haki.example.org",
        "HAKI_DATABASE_URL": "postgresql://haki:pw@db:5432/haki",
        "HAKI_REDIS_URL": "redis://cache:6379/0",
        "HAKI_SECRET_KEY": LONG,
        "HAKI_LOOKUP_KEY": LONG,
        "HAKI_RASA_TOKEN": LONG,
        "HAKI_SEALING_KEYS": Fernet.generate_key().decode(),
    }
    return {name: value for name, value in {**values, **changes}.items() if value}


def test_a_complete_production_environment_is_read_into_types(tmp_path: Path) -> None:
    environment = read(complete(tmp_path, HAKI_SMS_NUMBERS="+15005550006, +15005550009"))

    assert environment.mode == "production"
    assert environment.twilio.sms_numbers == ("+15005550006", "+15005550009")
    assert environment.telegram.mode == "off"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"HAKI_ENV": "prod"}, "HAKI_ENV"),
        ({"HAKI_DATABASE_URL": ""}, "HAKI_DATABASE_URL"),
        ({"HAKI_REDIS_URL": "cache"}, "HAKI_REDIS_URL"),
        ({"HAKI_PORT": "eight"}, "HAKI_PORT"),
        ({"HAKI_PORT": "70000"}, "HAKI_PORT"),
        ({"HAKI_SEALING_KEYS": ""}, "HAKI_SEALING_KEYS"),
        ({"HAKI_LOOKUP_KEY": "short"}, "HAKI_LOOKUP_KEY"),
        ({"HAKI_SECRET_KEY": f"demo-{LONG}"}, "HAKI_SECRET_KEY"),
        ({"HAKI_LOOKUP_KEY": f"demo-{LONG}"}, "HAKI_LOOKUP_KEY"),
        ({"HAKI_RASA_TOKEN": f"demo-{LONG}"}, "HAKI_RASA_TOKEN"),
        ({"HAKI_SEALING_KEYS": f"demo-{Fernet.generate_key().decode()}"}, "HAKI_SEALING_KEYS"),
        ({"HAKI_PUBLIC_URL": "http://haki.example.org"}, "HAKI_PUBLIC_URL"),
        ({"HAKI_LOWEST_REVIEW": "perfect"}, "HAKI_LOWEST_REVIEW"),
        ({"HAKI_TWILIO_ACCOUNT_SID": "AC1"}, "HAKI_TWILIO_AUTH_TOKEN"),
        ({"HAKI_TELEGRAM_TOKEN": "1:a"}, "HAKI_TELEGRAM_SECRET"),
        ({"HAKI_TELEGRAM_TOKEN": "1:a", "HAKI_TELEGRAM_SECRET": "ü"}, "HAKI_TELEGRAM_SECRET"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        read(complete(tmp_path, **change))


def test_a_demo_reads_what_the_supervisor_saved_and_the_environment_wins(tmp_path: Path) -> None:
    saved = complete(tmp_path, HAKI_PUBLIC_URL="http://127.0.0.1:8000")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "environment.json").write_text(json.dumps(saved))

    environment = read(
        {"HAKI_STATE_DIR": str(tmp_path), "HAKI_ENV": "demo", "HAKI_RASA_TOKEN": "mine"}
    )

    assert environment.public_url == "http://127.0.0.1:8000"
    assert environment.rasa_token == "mine"


def test_production_never_reads_what_a_demo_saved(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "environment.json").write_text(json.dumps(complete(tmp_path)))

    with pytest.raises(SettingsError, match="HAKI_"):
        read({"HAKI_STATE_DIR": str(tmp_path), "HAKI_ENV": "production"})


def test_a_damaged_file_of_the_demo_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "environment.json").write_text("{")

    with pytest.raises(SettingsError, match=r"environment\.json"):
        read({"HAKI_STATE_DIR": str(tmp_path)})


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    environment: Environment = read(complete(tmp_path))

    assert LONG not in repr(environment)


def test_a_command_that_needs_no_service_runs_without_settings(tmp_path: Path) -> None:
    given = {"HAKI_STATE_DIR": str(tmp_path)}

    environment = read({**given, **for_offline_commands(given)})

    assert environment.database_url.startswith("postgresql://offline@")


def test_a_complete_environment_is_left_as_it_is(tmp_path: Path) -> None:
    assert for_offline_commands(complete(tmp_path)) == {}

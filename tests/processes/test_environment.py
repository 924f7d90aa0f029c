"""What children are told: stand-in providers, unless the caller has a real account."""

from bot.processes.environment import for_rasa, own_settings, stand_in_settings

MADE = {
    "HAKI_TWILIO_ACCOUNT_SID": "AC0",
    "HAKI_TWILIO_AUTH_TOKEN": "made",
    "HAKI_TELEGRAM_TOKEN": "1:made",
    "HAKI_TELEGRAM_SECRET": "made",
    "HAKI_SECRET_KEY": "made",
    **stand_in_settings(8010),
}


def test_without_an_account_everything_stays_on_this_machine() -> None:
    made = own_settings(MADE, {})
    assert made == MADE
    urls = [value for name, value in made.items() if name.endswith("_URL")]
    assert urls
    assert all(url.startswith("http://127.0.0.1:8010/simulator/") for url in urls)


def test_a_real_bot_is_never_mixed_with_the_stand_in() -> None:
    made = own_settings(MADE, {"HAKI_TELEGRAM_TOKEN": "1:real", "HAKI_TELEGRAM_MODE": "polling"})
    assert not [name for name in made if name.startswith("HAKI_TELEGRAM_")]
    assert made["HAKI_TWILIO_ACCOUNT_SID"] == "AC0"


def test_a_real_sms_account_is_never_mixed_with_the_stand_in() -> None:
    made = own_settings(MADE, {"HAKI_TWILIO_ACCOUNT_SID": "AC1"})
    assert not [name for name in made if "TWILIO" in name or "NUMBER" in name]


def test_a_value_of_the_caller_wins() -> None:
    assert "HAKI_SECRET_KEY" not in own_settings(MADE, {"HAKI_SECRET_KEY": "given"})
    assert "HAKI_SECRET_KEY" in own_settings(MADE, {"HAKI_SECRET_KEY": ""})


def test_rasa_reports_to_nobody_and_listens_on_loopback() -> None:
    environment = for_rasa({"A": "1", "RASA_TELEMETRY_ENABLED": "true"})
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["SANIC_HOST"] == "127.0.0.1"
    assert environment["A"] == "1"

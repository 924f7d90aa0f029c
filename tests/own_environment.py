"""Loaded before Django's settings (pytest's `-p`): no network, and settings of the tests' own.

Nothing of the caller's HAKI_* survives, so tests never touch a demonstration that runs beside
them. Ports are chosen here; the servers start when the first test needs them (conftest.py).
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from bot.processes.ports import find_free
from tests import network

for name in [
    name for name in os.environ if name.startswith("HAKI_") and name != "HAKI_TEST_NETWORK"
]:
    del os.environ[name]

NETWORK = network.cut_off()
FOLDER = Path(tempfile.mkdtemp(prefix="haki-tests-"))
FOLDER.chmod(0o711)  # PostgreSQL's account must reach its data when root runs the tests
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

POSTGRESQL_PORT, VALKEY_PORT, WEB_PORT, RASA_PORT, ACTIONS_PORT = find_free(5)
POSTGRESQL_PASSWORD, VALKEY_PASSWORD = secrets.token_hex(8), secrets.token_hex(8)

os.environ.update(
    {
        "HAKI_ENV": "test",
        "HAKI_STATE_DIR": str(FOLDER),
        "HAKI_PORT": str(WEB_PORT),
        "HAKI_DATABASE_URL": (
            f"postgresql://haki:{POSTGRESQL_PASSWORD}@127.0.0.1:{POSTGRESQL_PORT}/haki"
        ),
        "HAKI_REDIS_URL": f"redis://:{VALKEY_PASSWORD}@127.0.0.1:{VALKEY_PORT}/0",
        "HAKI_SECRET_KEY": secrets.token_urlsafe(48),
        "HAKI_SEALING_KEYS": Fernet.generate_key().decode("ascii"),
        "HAKI_LOOKUP_KEY": secrets.token_urlsafe(48),
        "HAKI_RASA_URL": f"http://127.0.0.1:{RASA_PORT}",
        "HAKI_RASA_TOKEN": secrets.token_urlsafe(32),
        "HAKI_ACTIONS_URL": f"http://127.0.0.1:{ACTIONS_PORT}",
        "HAKI_TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "HAKI_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "HAKI_TWILIO_API_URL": f"http://127.0.0.1:{WEB_PORT}/simulator/twilio",
        "HAKI_TWILIO_CONTENT_URL": f"http://127.0.0.1:{WEB_PORT}/simulator/content",
        "HAKI_SMS_NUMBERS": "+15005550006",
        "HAKI_WHATSAPP_NUMBER": "whatsapp:+15005550007",
        "HAKI_TELEGRAM_TOKEN": f"{10**9 + secrets.randbelow(10**9)}:{secrets.token_hex(17)}a",
        "HAKI_TELEGRAM_API_URL": f"http://127.0.0.1:{WEB_PORT}/simulator/telegram/bot",
        "HAKI_TELEGRAM_SECRET": secrets.token_urlsafe(32),
        "HAKI_TELEGRAM_MODE": "webhook",
        "RASA_TELEMETRY_ENABLED": "false",
    }
)

"""The environment that the children of a stack get."""

from collections.abc import Mapping

from bot.blas import kernels
from bot.cores import cores
from bot.processes.credentials import SMS_NUMBER, WHATSAPP_NUMBER
from bot.processes.ports import LOOPBACK

# A real account in the caller's environment takes the stand-in provider's place as a whole.
_TWILIO = (
    "HAKI_TWILIO_ACCOUNT_SID",
    "HAKI_TWILIO_AUTH_TOKEN",
    "HAKI_TWILIO_API_URL",
    "HAKI_TWILIO_CONTENT_URL",
    "HAKI_SMS_NUMBERS",
    "HAKI_WHATSAPP_NUMBER",
)
_TELEGRAM = (
    "HAKI_TELEGRAM_TOKEN",
    "HAKI_TELEGRAM_SECRET",
    "HAKI_TELEGRAM_API_URL",
    "HAKI_TELEGRAM_MODE",
)

# Rasa, its SDK and their libraries: no telemetry, no message texts in logs, no idle threads
# (one short message at a time gains nothing from them), nothing written into the project.
_QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_HOST": LOOPBACK,
    "RASA_MAX_CACHE_SIZE": "0",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
}


def stand_in_settings(port: int) -> dict[str, str]:
    """Return the settings that make Haki speak to the simulator of its own web process."""
    base = f"http://{LOOPBACK}:{port}/simulator"
    return {
        "HAKI_TWILIO_API_URL": f"{base}/twilio",
        "HAKI_TWILIO_CONTENT_URL": f"{base}/content",
        "HAKI_SMS_NUMBERS": SMS_NUMBER,
        "HAKI_WHATSAPP_NUMBER": WHATSAPP_NUMBER,
        "HAKI_TELEGRAM_API_URL": f"{base}/telegram/bot",
        "HAKI_TELEGRAM_MODE": "webhook",
    }


def own_settings(made: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what of `made` stays: `given` values win, a real provider's account as a group."""
    dropped = {name for name in made if given.get(name)}
    if given.get("HAKI_TWILIO_ACCOUNT_SID"):
        dropped.update(_TWILIO)
    if given.get("HAKI_TELEGRAM_TOKEN"):
        dropped.update(_TELEGRAM)
    return {name: value for name, value in made.items() if name not in dropped}


def for_rasa(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` with what Rasa and its SDK need to be quiet, small and fast."""
    return {**environment, **_QUIET_RASA, **kernels(environment)}


def for_training(environment: Mapping[str, str]) -> dict[str, str]:
    """Like :func:`for_rasa`, on all cores: learning is one large sum, while somebody waits."""
    threads = str(cores())
    return {**for_rasa(environment), "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}

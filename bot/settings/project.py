"""Django's settings module, filled from `environment`."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.settings.environment import PROJECT, environment

HAKI = environment()

SECRET_KEY = HAKI.secret_key
DEBUG = False
ALLOWED_HOSTS = sorted(
    {urlsplit(HAKI.public_url).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"}
)
ROOT_URLCONF = "bot.urls"
ASGI_APPLICATION = "bot.asgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before allauth: its pages wear our templates, and our words win.
    "console",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "bot",
    "bot.messaging",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "console.shell.policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "console.shell.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "console.accounts.sessions.SessionEndMiddleware",
    "console.accounts.second_factor.SecondFactorMiddleware",
    "console.accounts.memberships.MembershipMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "console.shell.context.shell",
            ]
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """Translate postgresql://user:password@host:port/name?host=/socket/folder for Django."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


DATABASES = {"default": _database(HAKI.database_url)}

STATIC_URL = "/static/"

# Twilio's largest webhook and Telegram's largest text update stay far below this (bytes).
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/console/sign-in/"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/console/sign-in/"

# The console's accounts (django-allauth). There is no sign-up: an account begins with an
# invitation (console.accounts.invitations), which also vouches for the e-mail address.
ACCOUNT_ADAPTER = "console.accounts.adapter.ConsoleAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
# A stolen cookie must not be enough to change a password or a second factor.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Always a cookie of the browser session: console.accounts.sessions decides when it ends.
ACCOUNT_SESSION_REMEMBER = False
# Counted in Redis, so that all web processes count together. OWASP's authentication cheat sheet:
# throttle by account against guessing, and by address against spraying; five wrong passwords for
# one account close it to that address for five minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Haki"
# One step of 30 s either way: phones' clocks in the field are often off (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys on http only for localhost; a demonstration is that.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = HAKI.mode != "production"
SECOND_FACTOR_REQUIRED = HAKI.mode == "production"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": HAKI.redis_url,
        "KEY_PREFIX": "web",
    }
}

# A session ends this long after sign-in, or earlier without use; shared laptops are common.
# (OWASP session management: absolute 4 to 8 hours, idle 15 to 30 minutes for sensitive data.)
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HAKI.mode == "production"
# Not in the page's cookie jar for scripts, and never sent along from other sites.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Only the console needs them.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/console/"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [HAKI.public_url]

# Ids only ever reach a log: third-party loggers that print addresses, URLs with tokens or job
# arguments are held at WARNING.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            "httpx",
            "httpcore",
            "telegram",
            "twilio",
            "urllib3",
            "procrastinate",
            "asyncio",
            "fontTools",
            "fpdf",
        )
    },
}

CONTENT_DIR = HAKI.content_dir

# The console speaks these; people choose (console.shell.language). There is no gettext on a fresh
# machine, so the catalogues are compiled into the state folder (console.shell.catalogues).
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ar", "العربية"),
]
LOCALE_DIR = PROJECT / "console" / "locale"
COMPILED_LOCALE_DIR = HAKI.state_dir / "locale"
LOCALE_PATHS = [COMPILED_LOCALE_DIR]


def _email(url: str) -> dict[str, Any]:
    """Translate smtp[s]://user:password@host:port for Django; without it a demo writes files."""
    if not url:
        backend = "dummy" if HAKI.mode == "production" else "filebased"
        return {
            "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
            "EMAIL_FILE_PATH": str(HAKI.state_dir / "mail"),
        }
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 10,
    }


globals().update(_email(HAKI.email_url))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = HAKI.email_from or "haki@localhost"

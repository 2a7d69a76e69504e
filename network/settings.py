"""One module for every place Attende runs.

Each choice a deployment makes comes from the environment, with a default for
development. `PRODUCTION=1` turns the demo off and asks for what must be set.
"""

import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str, why: str) -> str:
    value = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why}")
    return value


def development_key() -> str:
    """A secret key kept beside the data, so that sessions outlive a restart."""
    place = VAR / "secret_key"
    if not place.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        place.write_text(secrets.token_urlsafe(50))
        place.chmod(0o600)
    return place.read_text()


def flag(name: str, default: bool) -> bool:
    value = env(name, default="").strip().lower()
    if value not in {"", "0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")
    return value in {"1", "true", "yes"} if value else default


def whole(name: str, default: int | None, least: int, most: int) -> int | None:
    value = env(name, default="").strip()
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write a whole number from {least} to {most}."
        )
    return int(value)


# Where and how it runs
PRODUCTION = flag("PRODUCTION", False)
DEBUG = flag("DEBUG", False)
DEMO = flag("DEMO", not PRODUCTION)
VAR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: leave it off.")
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("DEMO accounts have a known password: leave it off.")
if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "50 random characters, for all processes.")
    SITE_URL = required("SITE_URL", "the public address, https://network.example.org")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
else:
    SECRET_KEY = env("SECRET_KEY", default="") or development_key()
    PORT = env("PORT", default="8000")
    SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{PORT}")
SITE_URL = SITE_URL.rstrip("/")
SITE_NAME = env("SITE_NAME", default="Attende")
SITE_HOST = SITE_URL.partition("://")[2]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[SITE_HOST.partition(":")[0]]
    + ([] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]),
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DEMO_PASSWORD = "back-again-2026"
DEMO_ACCOUNTS = [
    f"{name}@example.org" for name in ("alumna", "coordinator", "editor", "admin")
]

INSTALLED_APPS = [
    "network",
    "network.themes",
    "network.people",
    "network.exchange",
    "network.notifications",
    "cms",
    "forums",
    "search",
    "demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "channels",
    "import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "network.middleware.SameForEveryone",
    "network.middleware.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "network.middleware.InterfaceLanguage",
    "network.middleware.BoundedRequests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "network.people.middleware.StaffSecondFactor",
    "network.people.middleware.BackToThePage",
    "cms.middleware.KnownPages",
    "cms.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "network.urls"
ASGI_APPLICATION = "network.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.context.site",
            ],
        },
    },
]

# Database: SQLite with one writer that waits, or PostgreSQL
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR}/attende.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.update(
        pool={"min_size": 2, "max_size": env.int("DATABASE_POOL", default=20)},
        # Of what network/prepared.py asks, one plan a connection and statement. Plans
        # of many joins look dear, and compiling one takes a second or more each time.
        prepare_threshold=0,
        options="-c plan_cache_mode=force_generic_plan -c jit=off "
        + _options.get("options", ""),
    )
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Search, realtime, cache
ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
SEARCH_INDEX = env("SEARCH_INDEX", default="attende")
# Of each Elasticsearch index. One shard holds some tens of gigabytes; without a number
# of replicas there is one as soon as the cluster has a second node to put it on.
SEARCH_SHARDS = whole("SEARCH_SHARDS", 1, least=1, most=64)
SEARCH_REPLICAS = whole("SEARCH_REPLICAS", None, least=0, most=16)
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": SEARCH_INDEX},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        }
    }
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            # In seconds: a process hears as long as it runs.
            "CONFIG": {"group_expiry": 10**9},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "network.tasks.OutboxBackend"}}

# Files: static ones served by whitenoise, people's through one view that asks
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/file/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
# Of a whole request with its files; deploy/nginx.conf has the same. What is larger is
# not taken in at all. A file goes to the disk, not into memory.
LARGEST_REQUEST = 40 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Mail: files by default, a server by EMAIL_URL (smtp+tls://user:password@host:587)
if env("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default=f"{SITE_NAME} <network@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [("Operators", address) for address in env.list("ADMIN_MAIL", default=[])]

# Languages: six for content, three for the interface (network/languages.py)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "nb"
LANGUAGES = [
    ("nn", "Nynorsk"),
    ("nb", "Bokmål"),
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
]
LOCALE_PATHS = [BASE_DIR / "network" / "locale"]
FORMAT_MODULE_PATH = "network.formats"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION

# Sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["network.people.backends.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Requests that one process works on at a time.
WEB_THREADS = whole("WEB_THREADS", 2, least=1, most=100)
# How much a member may write in a day; off only for measuring.
FORUM_LIMITS = flag("FORUM_LIMITS", True)
STAFF_TOTP_REQUIRED = flag("STAFF_TOTP_REQUIRED", not DEMO)
DEMO_DOMAIN = "example.org"
CONSENT_VERSION = "2026-11"
ACCOUNT_ADAPTER = "network.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"network.people.forms.account.{form}"
    for name, form in {
        "login": "LoginForm",
        "signup": "SignupForm",
        "request_login_code": "RequestLoginCodeForm",
        "reset_password": "ResetPasswordForm",
        "add_email": "AddEmailForm",
    }.items()
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_REDIRECT_URL = "people:waiting"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition("://")[0]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=int(PRODUCTION))
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "request_login_code": "20/m/ip,3/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1

FORM_RENDERER = "network.forms.SiteRenderer"

# Cookies and headers
SESSION_ENGINE = "network.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "network.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows previews in a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]

# Wagtail
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [
    ("nb", "Norsk"),
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "cms.Image"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.Document"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 2**20
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILEMBEDS_FINDERS = []
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "epub",
    "md",
    "odp",
    "ods",
    "odt",
    "pdf",
    "pptx",
]
WAGTAILDOCS_EXTENSIONS += ["txt", "xlsx", "zip"]
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}

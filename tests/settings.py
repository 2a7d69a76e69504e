"""The site's settings, with a folder and an index of its own for each test process."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

_folder = tempfile.mkdtemp(prefix="attende-test-")
_owner = os.getpid()


@atexit.register
def _remove():
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)


os.environ["VAR_DIR"] = _folder
# Emptied after each test: two runs beside each other must not share it.
os.environ["SEARCH_INDEX"] = os.path.basename(_folder)
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
# Clearing the cache empties a whole database of Redis: each process has its own.
if redis := os.environ.get("REDIS_URL"):
    own = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = urlsplit(redis)._replace(path=f"/{own}").geturl()

from network.settings import *  # noqa: E402, F403
from network.settings import DATABASES, STORAGES, VAR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]

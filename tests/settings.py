"""The site's settings, with a folder and an index of its own for each test process."""

import atexit
import os
import shutil
import tempfile

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

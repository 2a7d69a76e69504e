"""The site's settings with a folder of its own for each test process."""

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


_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["VAR_DIR"] = _folder
os.environ["SEARCH_INDEX"] = f"attende-test-{_worker}"
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

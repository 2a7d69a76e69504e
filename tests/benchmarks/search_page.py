"""How long /search/ takes over HTTP, signed in, one client, on the data at hand.

    python tests/benchmarks/search_page.py [http://127.0.0.1:8000]

Signs in to the demo that runs there and asks each question several times over.
"""

import re
import sys
import time
from http.cookiejar import CookieJar
from statistics import median, quantiles
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, build_opener

QUESTIONS = [
    "gender equality host family", "host family", "likestilling i vertsfamilien",
    "how to run a workshop on a limited budget", "open data", "corruption",
    "forstå synsnedsettelse", "construire une communauté", "datos abiertos",
    "tillit", "mentor", "language learning", "health", "a question nobody asked",
    "", "malaria", "youth leadership", "skjema", "late homework", "community",
]  # fmt: skip
ROUNDS = 5
EMAIL, PASSWORD = "alumna@example.org", "back-again-2026"


def sign_in(site: str):
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{site}/account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    told = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token}
    opener.addheaders = [("Referer", f"{site}/account/login/")]
    opener.open(f"{site}/account/login/", urlencode(told).encode()).read()
    return opener


def main(site: str) -> None:
    opener, taken = sign_in(site), []
    for n in range(ROUNDS + 1):
        for question in QUESTIONS:
            began = time.perf_counter()
            page = opener.open(f"{site}/search/?q={quote(question)}").read()
            if n:  # the first round warms up
                taken.append(1000 * (time.perf_counter() - began))
            assert b"account/logout" in page, "not signed in"
    p95 = quantiles(taken, n=20)[-1]
    print(
        f"{len(taken)} searches: median {median(taken):.0f} ms, "
        f"p95 {p95:.0f} ms, slowest {max(taken):.0f} ms"
    )


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))

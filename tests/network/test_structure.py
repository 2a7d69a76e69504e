"""Imports flow one way: libraries <- network <- forums, cms <- search <- demo."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# What code in a room may import of ours. `search.queries` is open to every view.
MAY_KNOW = {
    "network": {"network"},
    "network/themes": {"network", "network.themes"},
    "network/people": {"network", "network.themes", "network.people"},
    "network/exchange": {
        "network",
        "network.themes",
        "network.people",
        "network.exchange",
    },
    "network/notifications": {
        "network",
        "network.themes",
        "network.people",
        "network.exchange",
        "network.notifications",
    },
    "cms": {"network.*", "cms"},
    "forums": {"network.*", "forums"},
    "search": {"network.*", "cms", "forums", "search"},
    "demo": {"network.*", "cms", "forums", "search", "demo"},
}
ROOMS = {"themes", "people", "exchange", "notifications"}
OURS = {"network", "cms", "forums", "search", "demo"}
# Where addresses and settings are put together, and the commands that start it all.
JOINTS = {"network/urls.py", "network/asgi.py", "network/settings.py"}
JOINTS |= {"network/management/commands/prepare.py"}


def room_of(module: str) -> str:
    parts = module.split(".")
    inner = parts[0] == "network" and len(parts) > 1 and parts[1] in ROOMS
    return ".".join(parts[:2]) if inner else parts[0]


def imports_of(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(room: str):
    for path in sorted((ROOT / room).rglob("*.py")):
        place = path.relative_to(ROOT)
        inner = room == "network" and place.parts[1] in ROOMS
        if not inner and "migrations" not in place.parts and str(place) not in JOINTS:
            yield path


@pytest.mark.parametrize("room", MAY_KNOW)
def test_a_room_knows_only_the_rooms_before_it(room):
    known = MAY_KNOW[room]
    strangers = []
    for path in files_of(room):
        for module in imports_of(path):
            if module.split(".")[0] not in OURS or module.startswith("search.queries"):
                continue
            there = room_of(module)
            if there in known or ("network.*" in known and there.startswith("network")):
                continue
            strangers.append(f"{path.relative_to(ROOT)} imports {module}")
    assert strangers == []

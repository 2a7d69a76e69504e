"""How well search finds today, beside the figures that were kept when last measured.

    python -m tests.evaluation.figures

measures with the site's engine and themes, and keeps the figures in figures.json.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.evaluation import judged

KEPT = Path(__file__).with_name("figures.json")
RETRIEVAL = judged.DATA / "retrieval"
JUDGED = [f"{name}-{half}" for name in judged.SETS for half in judged.HALVES]
PUBLIC = [
    *("norquad-wiki-passages", "xquad-es", "piaf-fr", "faquad-pt"),
    *("cranfield", "cisi"),
]
ASKED = 150  # queries of a public collection, evenly from all of it


Found = dict[str, dict[str, float]]  # by collection


def measured(folder: Path, most: int | None = None) -> Found:
    """Of the collection, and of those beside it that hold a part of its queries."""
    from search import evaluation

    collection = evaluation.Collection.read(folder)
    if most:
        step = max(1, len(collection.queries) // most)
        collection.queries = collection.queries[::step][:most]
    with evaluation.scratch() as engine:
        run = evaluation.run_ours(engine, collection, lambda *_: None, deepest=10)
    asked = {folder.name: collection.judged}
    for part, (whole, _kinds) in judged.PARTS.items():
        if folder.name in {f"{whole}-{half}" for half in judged.HALVES}:
            beside = folder.with_name(folder.name.replace(whole, part))
            asked[beside.name] = evaluation.Collection.read(beside).judged
    return {
        name: {
            figure: round(getattr(evaluation.figures(run, judgements), figure), 4)
            for figure in ("ndcg10", "recall10")
        }
        for name, judgements in asked.items()
    }


def kept() -> dict[str, Found]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def engine_name() -> str:
    from django.conf import settings

    return "elasticsearch" if settings.ELASTICSEARCH_URL else "embedded"


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as place:
        judged.build(Path(place))
        runs = [measured(Path(place) / name) for name in JUDGED]
    runs += [measured(RETRIEVAL / name, ASKED) for name in PUBLIC]
    found = {name: figures for run in runs for name, figures in run.items()}
    text = json.dumps({**kept(), engine_name(): found}, indent=2, sort_keys=True)
    KEPT.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()

"""The picture of a map of themes: where everything stands, in whole pixels."""

import textwrap
from dataclasses import dataclass, field

from search.explorer import Explored, Line

WIDTH, HEIGHT, GAP = 1136, 40, 4  # of the page; of a cell; between two
LABEL, TOTAL, WIDEST, LETTER = 270, 66, 132, 8
SLANT, SLANTED = -40, 96  # degrees; and the height that leaves for the words


@dataclass
class Drawing:
    """Where everything stands in the picture of a map."""

    width: int
    height: int
    top: int
    cell_width: int
    slanted: bool
    cell_height: int = field(default=HEIGHT, kw_only=True)
    heads: list[dict]
    rows: list[dict]


def draw(found: Explored) -> Drawing:
    number = max(1, len(found.columns))
    slanted, edge = False, 0
    pitch = min(WIDEST, (WIDTH - LABEL - TOTAL) // number)
    heads = [
        textwrap.wrap(x.label, pitch // LETTER, break_long_words=False)
        for x in found.columns
    ]
    if any(len(x) > 2 or max(map(len, x)) > pitch // LETTER for x in heads):
        slanted, edge = True, 48  # room for the words of the last column
        pitch = min(WIDEST, (WIDTH - LABEL - TOTAL - edge) // number)
        heads = [
            [textwrap.shorten(x.label, 22, placeholder="…")] for x in found.columns
        ]
    top = SLANTED if slanted else 20 + 18 * max(map(len, heads), default=1)
    lefts = [LABEL + TOTAL + n * pitch for n in range(len(heads))]
    return Drawing(
        width=LABEL + TOTAL + number * pitch + edge,
        height=top + len(found.rows) * (HEIGHT + GAP),
        top=top,
        cell_width=pitch - GAP,
        slanted=slanted,
        heads=[
            _head(left + (pitch - GAP) // 2, lines, top, slanted)
            for left, lines in zip(lefts, heads, strict=True)
        ],
        rows=[
            _row(row, top + n * (HEIGHT + GAP), lefts, (pitch - GAP) // 2)
            for n, row in enumerate(found.rows)
        ],
    )


def _head(middle: int, lines: list[str], top: int, slanted: bool) -> dict:
    y = top - 10
    if slanted:
        turn = f"rotate({SLANT} {middle} {y})"
        return {"turn": turn, "lines": [(middle, y, lines[0])]}
    first = y - 18 * (len(lines) - 1)
    return {"lines": [(middle, first + 18 * n, text) for n, text in enumerate(lines)]}


def _row(row: Line, top: int, lefts: list[int], half: int) -> dict:
    lines = textwrap.wrap(row.label, 36, max_lines=2, placeholder="…")
    first = top + HEIGHT // 2 + 5 - 9 * (len(lines) - 1)
    return {
        "line": row,
        "lines": [(first + 18 * n, text) for n, text in enumerate(lines)],
        "top": top,
        "base": top + HEIGHT // 2 + 5,
        "total_x": LABEL + TOTAL - 24,
        "cells": [
            {"cell": cell, "left": left, "middle": left + half}
            for cell, left in zip(row.cells, lefts, strict=True)
        ],
    }

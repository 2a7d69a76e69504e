"""The weights of engines/weights.py in words, for who looks into an order."""

from django.utils.translation import gettext_lazy as _

from network.templatetags.attende import KINDS
from search.engines import weights as w

# Every number in engines/weights.py: its names there, what it is, why it is so.
WEIGHTS = [
    (
        _("Where a word stands"),
        [
            (("TITLE",), _("In the title"), _("It says what the work is about.")),
            (("SUMMARY",), _("In the summary"), _("The author’s own condensation.")),
            (("BODY",), _("In the text"), _("What the others are measured by.")),
        ],
    ),
    (
        _("How a word is met"),
        [
            (("STEM",), _("In any grammatical form"), _("In the text’s language.")),
            (
                ("WHOLE_TITLE",),
                _("All the words in the title"),
                _("The work is about just that."),
            ),
            (
                ("WIDE",),
                _("Folded"),
                _("Without accents, in a compound, in the other Norwegian form."),
            ),
            (("EXACT",), _("As it was typed"), _("A nudge for the very form.")),
            (
                ("SHORT", "SHORT_LETTERS"),
                _("By its first letters, and how many"),
                _("What the stemmers of six languages miss."),
            ),
            (("TYPO",), _("Put right"), _("The word that was most likely meant.")),
            (
                ("K1", "B"),
                _("Said often; in a long text"),
                _("A word said often says little more: texts repeat themselves."),
            ),
        ],
    ),
    (
        _("How words stand together"),
        [
            (
                ("PAIR", "SLOP", "PAIRS"),
                _("Neighbours; how near; how many pairs"),
                _("Words that stand together in the query belong together."),
            ),
            (
                ("TIE",),
                _("A second language"),
                _("Somewhat more than one of them alone."),
            ),
        ],
    ),
    (
        _("What names bring in"),
        [
            (
                ("ALL_WORDS", "AS_ASKED"),
                _("All of the words; as they stand together"),
                _("Stands before what a theme brought in."),
            ),
            (
                ("BESIDE",),
                _("The words, beside a name"),
                _("They count less when a name was recognised in them."),
            ),
            (
                ("ABOUT",),
                _("Share of the words that are names"),
                _("Below it they are named in passing, and count by their share."),
            ),
            (
                ("ALL_NAMES",),
                _("All of the names"),
                _("What is about each of them stands before what is about one."),
            ),
            (("THEME",), _("Has the theme"), _("An editor said that this is it.")),
            (
                ("LABEL_TITLE", "LABEL_TEXT"),
                _("Says its name in the title; in the text"),
                _("One of its names, in any language, as its words stand together."),
            ),
            (
                ("LABEL_K1", "LABEL_B"),
                _("Named often; in a long text"),
                _("A text that names it again and again is about it."),
            ),
            (
                ("LOOSE",),
                _("Further words"),
                _("They tell apart what a theme already found."),
            ),
        ],
    ),
    (
        _("What the reader is at"),
        [
            (
                ("SAME_PHASE", "SAME_COUNTRY"),
                _("Same phase; same country"),
                _("A nudge among equals, never more than a word."),
            ),
            (("FRESH",), _("New of its kind"), _("Each kind is new for its own time.")),
        ],
    ),
    (
        _("What the score is multiplied by"),
        [
            (
                ("REUSE", "MOST_REUSE"),
                _("Confirmed use; at most so many"),
                _("After the first few no more: it never makes up for words."),
            ),
            (
                ("EVIDENCE",),
                _("Each grade of evidence"),
                _("An editor has looked at it, from 1 to 4."),
            ),
        ],
    ),
]
KIND_REASON = _("A profile names much in passing; a work was written about it.")


def weights() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each group with its rows: what it is, how much, and why."""
    found = [
        (heading, [
            (label, "; ".join(f"{getattr(w, name):g}" for name in names), reason)
            for names, label, reason in rows
        ])
        for heading, rows in WEIGHTS
    ]  # fmt: skip
    kinds = [
        (KINDS[kind][1], f"{factor:g}", KIND_REASON)
        for kind, factor in w.BY_KIND.items()
    ]
    days = [
        (KINDS[kind][1], _("{n} days").format(n=n), _("So long it counts as new."))
        for kind, n in w.FRESH_DAYS.items()
    ]
    return [*found, (_("By kind"), kinds), (_("How long a kind is new"), days)]

from cms.actions.audience import (
    audience_of,
    audiences_above,
    narrower,
    set_audience,
    settle_audience,
)
from cms.actions.uses import forget_work, grade_evidence, remove_use, use_lesson

__all__ = [
    "audience_of",
    "audiences_above",
    "forget_work",
    "grade_evidence",
    "narrower",
    "remove_use",
    "set_audience",
    "settle_audience",
    "use_lesson",
]

"""Background work of libraries, carried by our outbox: one queue, one retry rule."""

from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

from network.events import Event, publish


class TaskRequested(Event):
    """A library asked for a task: its dotted path and JSON arguments."""

    path: str
    args: list
    kwargs: dict


class OutboxBackend(BaseTaskBackend):
    """Hands each task to the `bulk` lane (network/subscribers.py runs it)."""

    supports_priority = True

    def enqueue(self, task, args, kwargs) -> TaskResult:
        self.validate_task(task)
        with transaction.atomic():
            publish(
                TaskRequested(
                    path=task.module_path,
                    args=normalize_json(list(args)),
                    kwargs=normalize_json(kwargs),
                )
            )
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

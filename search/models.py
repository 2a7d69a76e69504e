from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IndexName(models.Model):
    """The Elasticsearch index that answers, and the one being built beside it.

    Writes go to both by name: an alias over two indices refuses writes.
    """

    class Role(models.TextChoices):
        CURRENT = "current", _("answers searches")
        BUILDING = "building", _("being built")

    role = models.CharField(max_length=10, choices=Role.choices, unique=True)
    name = models.CharField(max_length=100)
    schema = models.CharField(max_length=20)

    def __str__(self):
        return f"{self.name} ({self.role})"


class Rebuild(models.Model):
    """One rebuilding of the whole index: how far it is, and who is at it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        ABORTED = "aborted", _("aborted")

    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.RUNNING
    )
    begun = models.BooleanField(default=False)
    engine = models.CharField(max_length=40, blank=True)  # and version of its schema
    source = models.CharField(max_length=50, blank=True)
    last_pk = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="running"),
                name="one_rebuild_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.done}/{self.total} ({self.status})"

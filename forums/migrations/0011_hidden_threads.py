from django.db import migrations
from django.db.models import OuterRef, Subquery


def hide_with_first_post(apps, schema_editor):
    """A thread whose first post is hidden is hidden as a whole."""
    Post, Thread = (apps.get_model("forums", name) for name in ("Post", "Thread"))
    first = Post.objects.filter(number=1).exclude(hidden_at=None)
    at = first.filter(thread=OuterRef("pk")).values("hidden_at")
    threads = Thread.objects.filter(pk__in=first.values("thread"))
    threads.update(hidden_at=Subquery(at))


class Migration(migrations.Migration):
    dependencies = [("forums", "0010_review")]

    operations = [
        migrations.RunPython(hide_with_first_post, migrations.RunPython.noop)
    ]

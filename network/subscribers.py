from django.utils.module_loading import import_string

from network.events import subscribe
from network.tasks import TaskRequested


@subscribe(TaskRequested, lane="bulk")
def run_task(event):
    import_string(event.path).func(*event.args, **event.kwargs)

from django.core.management import call_command

from network.schedule import every


@every(minutes=1)
def publish_scheduled_pages() -> None:
    """Publish and withdraw pages whose time has come."""
    call_command("publish_scheduled")

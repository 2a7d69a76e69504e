import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")

from django.core.asgi import get_asgi_application

web = get_asgi_application()

from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator

from network.bodies import bounded
from network.sockets import page_socket

application = ProtocolTypeRouter(
    {
        "http": bounded(web),
        "websocket": AllowedHostsOriginValidator(page_socket),
    }
)

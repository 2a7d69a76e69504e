import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator

from network.bodies import bounded
from network.sockets import page_socket
from network.threads import InThreads

application = ProtocolTypeRouter(
    {
        "http": bounded(InThreads()),
        "websocket": AllowedHostsOriginValidator(page_socket),
    }
)

# What is there by now stays: the collector need not look at it again and again.
gc.collect()
gc.freeze()

"""One letter an event, in the reader's language, all asked again when it is sent."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network.notifications.actions import wants_mail
from network.notifications.models import Notification, Subscription
from network.notifications.reading import Told, told

SALT = "attende.unsubscribe"


def send(notification_pk: int) -> None:
    """Send the letter, unless it was sent or read, or may not be sent any more."""
    rows = Notification.objects.unread().filter(pk=notification_pk, mailed_at=None)
    rows = rows.select_related("recipient", "actor__profile", "actor")
    notification = rows.first()
    if notification is None or not notification.recipient.is_member:
        return
    reader = notification.recipient
    seen = Notification.objects.visible_to(reader).filter(pk=notification.pk).exists()
    news = told([notification], reader) if seen else []
    if news and _is_wanted(notification, news[0]):
        with translation.override(reader.language or settings.LANGUAGE_CODE):
            letter(notification, news[0]).send()
        rows.update(mailed_at=timezone.now())


def _is_wanted(notification: Notification, news: Told) -> bool:
    levels = Subscription.objects.levels(news.verb.follows(news.row))
    return wants_mail(notification.verb, levels.get(notification.recipient_id))


def letter(notification: Notification, news: Told) -> EmailMultiAlternatives:
    stop_url = settings.SITE_URL + reverse(
        "notifications:unsubscribe", args=[signing.dumps(notification.pk, salt=SALT)]
    )
    context = {
        "news": news,
        "site_name": settings.SITE_NAME,
        "action_url": settings.SITE_URL + news.url,
        "action_label": _("Read it"),
        "why": _("You get this because you asked to be told by e-mail."),
        "change_url": settings.SITE_URL + reverse("notifications:inbox"),
        "stop_url": stop_url,
    }
    message = EmailMultiAlternatives(
        subject=" ".join(news.sentence.split()),
        body=render_to_string("email/notification.txt", context),
        to=[notification.recipient.email],
        headers={
            "Message-ID": message_id(f"notification-{notification.pk}"),
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = render_to_string("email/notification.html", context)
    message.attach_alternative(html, "text/html")
    return message


def message_id(name: str) -> str:
    """The same each time, so that a letter sent twice is one letter to its reader."""
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"

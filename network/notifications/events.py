"""What the notifications app announces."""

from network.events import Event


class Notified(Event):
    """People were told that `verb` happened to a target."""

    verb: str
    target_kind: str
    target_id: int


class MailDue(Event):
    """As published by earlier versions: one letter for one notification."""

    notification: int


class LetterDue(Event):
    letter: int


class InboxRead(Event):
    user: int


class SignedOut(Event):
    """A session ended; `session` is a digest of its key."""

    session: str
    user: int = 0  # not told by earlier versions

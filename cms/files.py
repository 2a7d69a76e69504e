"""Which of our files somebody may fetch; network/files.py hands them out."""

from django.db.models.fields.files import FieldFile

from cms.models import Document, Image, Rendition
from network.audience import STAFF, audiences_of
from network.files import register_files


@register_files
def find_file(name: str, user) -> FieldFile | None:
    """Of a picture, one of its sizes, or a document.

    Originals may hold where and when they were taken: only staff get them.
    """
    renditions = Rendition.objects.visible_to(user)
    documents = Document.objects.visible_to(user)
    originals = Image.objects.visible_to(user)
    if STAFF not in audiences_of(user):
        originals = originals.none()
    for rows in (renditions, documents, originals):
        row = rows.filter(file=name).first()
        if row is not None:
            return row.file
    return None

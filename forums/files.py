"""Which attachments somebody may fetch; network/files.py hands them out."""

from django.db.models import Q
from django.db.models.fields.files import FieldFile

from forums.models.attachments import FOLDER, Attachment
from network.files import register_files


@register_files
def find_attachment(name: str, user) -> FieldFile | None:
    if not name.startswith(f"{FOLDER}/"):
        return None
    rows = Attachment.objects.visible_to(user)
    row = rows.filter(Q(file=name) | Q(thumb=name)).first()
    if row is None:
        return None
    if row.file.name != name:
        return row.thumb
    row.file.saved_as = row.name
    return row.file

from django.db import migrations

# Wagtail's permission over pages, and over files in all collections.
PAGES = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]
FILES = {
    "image": ["add_image", "change_image", "choose_image"],
    "document": ["add_document", "change_document", "choose_document"],
}


def permission(apps, app, model, codename):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    kind, _ = ContentType.objects.get_or_create(app_label=app, model=model)
    found, _ = Permission.objects.get_or_create(
        content_type=kind,
        codename=codename,
        defaults={"name": "Can " + codename.replace("_", " ")},
    )
    return found


def forwards(apps, schema_editor):
    """Editors write and publish; there is no separate group of moderators."""
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    Collection = apps.get_model("wagtailcore", "Collection")
    PagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    FilePermission = apps.get_model("wagtailcore", "GroupCollectionPermission")

    Group.objects.filter(name="Moderators").delete()
    editors, _ = Group.objects.get_or_create(name="Editors")
    editors.permissions.add(permission(apps, "wagtailadmin", "admin", "access_admin"))
    top = Page.objects.get(depth=1)
    for codename in PAGES:
        PagePermission.objects.get_or_create(
            group=editors,
            page=top,
            permission=permission(apps, "wagtailcore", "page", codename),
        )
    collection = Collection.objects.get(depth=1)
    for model, codenames in FILES.items():
        for codename in codenames:
            FilePermission.objects.get_or_create(
                group=editors,
                collection=collection,
                permission=permission(apps, "cms", model, codename),
            )
    editors.permissions.add(
        permission(apps, "wagtail_localize", "translation", "submit_translation")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_languages"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtail_localize", "0006_create_submit_translation_permission"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

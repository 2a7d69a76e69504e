from django.db import migrations


def forwards(apps, schema_editor):
    """Editors look after the vocabulary."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    kind, _ = ContentType.objects.get_or_create(app_label="themes", model="theme")
    editors, _ = Group.objects.get_or_create(name="Editors")
    for verb in ("add", "change", "delete", "view"):
        permission, _ = Permission.objects.get_or_create(
            content_type=kind,
            codename=f"{verb}_theme",
            defaults={"name": f"Can {verb} theme"},
        )
        editors.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("themes", "0003_theme_phase"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

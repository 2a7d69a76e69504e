from django.db import migrations

from cms.tree import create_tree


def forwards(apps, schema_editor):
    create_tree(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

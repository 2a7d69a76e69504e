from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0003_editors")]

    operations = [
        migrations.AddField(
            model_name="workpage",
            name="source_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]

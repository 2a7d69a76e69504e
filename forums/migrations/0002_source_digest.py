from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forums", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="source_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]

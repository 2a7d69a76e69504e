import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """When each was made; unknown of those that are there, so that none counts."""

    dependencies = [
        ("forums", "0017_post_thread"),
    ]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="made_at",
            field=models.DateTimeField(null=True, verbose_name="made"),
        ),
        migrations.AlterField(
            model_name="mention",
            name="made_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, null=True, verbose_name="made"
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["made_at"], name="mention_made"),
        ),
    ]

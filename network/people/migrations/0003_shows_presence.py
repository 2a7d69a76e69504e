from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="shows_presence",
            field=models.BooleanField(
                default=True,
                help_text="Who reads the same thread, and may see your name, sees that you have it open and that you write.",
                verbose_name="Show that I am here",
            ),
        ),
    ]

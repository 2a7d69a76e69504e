"""The page tree as it begins: a plain root with a home for each language."""

from uuid import uuid4

from django.conf import settings

STEP = 4  # letters of a tree path for each level


def create_tree(get_model) -> None:
    """Locales, root, homes, site. Twice changes nothing.

    get_model: `apps.get_model` of a migration, or of the running project.
    """
    Locale = get_model("wagtailcore", "Locale")
    Site = get_model("wagtailcore", "Site")
    locales = [
        Locale.objects.get_or_create(language_code=code)[0]
        for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES
    ]
    root = _root(get_model, locales[0])
    _homes(get_model, root, locales)
    values = {"root_page_id": root.pk, "site_name": settings.SITE_NAME}
    Site.objects.update_or_create(
        is_default_site=True,
        defaults=values,
        create_defaults={**values, "hostname": "localhost"},
    )


def _root(get_model, locale):
    """The site's root: Wagtail's welcome page, or what an earlier run made of it."""
    Page = get_model("wagtailcore", "Page")
    values = {
        "title": "Attende",
        "draft_title": "Attende",
        "slug": "attende",
        "url_path": "/attende/",
        "locale_id": locale.pk,
    }
    Page.objects.filter(depth=2, slug="home").update(**values)
    top = Page.objects.filter(depth=1).first() or _add(
        get_model, "wagtailcore", "Page", "0001", title="Root", slug="root",
        url_path="/", locale_id=locale.pk,
    )  # fmt: skip
    _open(get_model, top)
    root = Page.objects.filter(depth=2).first()
    if root is None:
        root = _add(get_model, "wagtailcore", "Page", top.path + "0001", **values)
        Page.objects.filter(pk=top.pk).update(numchild=1)
    _open(get_model, root)
    return root


def _homes(get_model, root, locales) -> None:
    Page = get_model("wagtailcore", "Page")
    names = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    homes = Page.objects.filter(path__startswith=root.path, depth=root.depth + 1)
    if homes.exists():
        return
    key = uuid4()
    for number, locale in enumerate(locales, 1):
        code = locale.language_code
        home = _add(
            get_model, "cms", "HomePage", f"{root.path}{number:0{STEP}}",
            title=names[code], slug=code, url_path=f"{root.url_path}{code}/",
            locale_id=locale.pk, translation_key=key, language=code,
        )  # fmt: skip
        _open(get_model, home)
    Page.objects.filter(pk=root.pk).update(numchild=len(locales))


def _add(get_model, app: str, model: str, path: str, **values):
    ContentType = get_model("contenttypes", "ContentType")
    kind, _ = ContentType.objects.get_or_create(app_label=app, model=model.lower())
    return get_model(app, model).objects.create(
        **{
            "path": path,
            "depth": len(path) // STEP,
            "numchild": 0,
            "content_type_id": kind.pk,
            "draft_title": values["title"],
            "live": True,
            **values,
        }
    )


def _open(get_model, page) -> None:
    get_model("cms", "PageAudience").objects.get_or_create(
        page_id=page.pk, defaults={"audience": "public"}
    )

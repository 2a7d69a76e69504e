"""CSV out and in, inside Wagtail's editor: look first, then write all or nothing."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from network.themes.actions import save_themes
from network.themes.forms import UploadForm
from network.themes.models import VocabularyVersion
from network.themes.resources import compare, errors_of, write_csv
from network.themes.tables import COLUMNS, MAX_BYTES, BadTable, read_table, too_large

NAMESPACE = "theme_editor"


def url_of(name: str) -> str:
    return reverse(f"{NAMESPACE}:{name}")


def may_exchange_tables(user) -> bool:
    return user.has_perm("themes.change_theme")


def theme_download(request: HttpRequest) -> HttpResponse:
    """With a byte order mark, so that spreadsheets read it as UTF-8."""
    if not may_exchange_tables(request.user):
        raise Http404
    response = HttpResponse("\ufeff" + write_csv(), content_type="text/csv")
    name = f"themes-{timezone.localdate()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def theme_upload(request: HttpRequest) -> HttpResponse:
    """First the file, which is only compared; then the same text again, to be saved."""
    if not may_exchange_tables(request.user):
        raise Http404
    if request.method != "POST":
        return _page(request, UploadForm())
    if "table" in request.POST:
        return _upload(request, UploadForm(), request.POST["table"].encode())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    if file.size > MAX_BYTES:
        return _page(request, form, errors=[str(too_large())], status=422)
    return _upload(request, form, file.read())


def _upload(request: HttpRequest, form: UploadForm, data: bytes) -> HttpResponse:
    with transaction.atomic():
        version = str(VocabularyVersion.current(lock=True))
        try:
            table = read_table(data)
        except BadTable as error:
            return _page(request, form, errors=[str(error)], status=422)
        result = compare(table)
        if errors := errors_of(result, table):
            return _page(request, form, errors=errors, status=422)
        if request.POST.get("version") == version:
            save_themes(row.instance for row in result.rows)
            return _saved(request, len(result.rows))
    if "table" in request.POST:
        told = _("Somebody has changed the themes meanwhile. Look once more.")
        messages.warning(request, told)
    preview = {"changes": _changes(result), "version": version, "rows": len(table)}
    return _page(request, form, **preview, table=data.decode("utf-8-sig"))


def _saved(request: HttpRequest, count: int) -> HttpResponse:
    told = ngettext("{n} theme is saved.", "{n} themes are saved.", count)
    messages.success(request, told.format(n=count))
    return redirect(url_of("list"))


def _changes(result) -> list[dict]:
    """For each row that differs: its line, its address, its cells before and after."""
    return [
        {"line": row.line, "slug": row.instance.slug, "cells": _cells(row)}
        for row in result.rows
    ]


def _cells(row) -> list[tuple[str, str, str]]:
    cells = [
        (column, getattr(row.original, column, ""), getattr(row.instance, column))
        for column in COLUMNS
    ]
    return [cell for cell in cells if cell[1] != cell[2]]


def _page(request, form, status: int = 200, **context) -> HttpResponse:
    crumbs = [
        {"url": url_of("list"), "label": _("Themes")},
        {"url": "", "label": _("Upload CSV")},
    ]
    context |= {"form": form, "breadcrumbs_items": crumbs, "header_icon": "upload"}
    context |= {"header_title": _("Upload CSV"), "columns": COLUMNS}
    context |= {"list_url": url_of("list"), "download_url": url_of("download")}
    return render(request, "themes/editor/theme_upload.html", context, status=status)

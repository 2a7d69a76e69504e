"""Search in Wagtail's editor: whoever may edit themes may edit this."""

import csv
from functools import wraps
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import BasePermissionPolicy

from network.languages import CONTENT_LANGUAGES, language_name, reader_languages
from network.people.models import User
from network.themes.tables import write_cell
from network.themes.vocabulary import vocabulary
from search.asked import NARROWING
from search.explaining import COLUMNS, explain, may_edit_words, may_explain
from search.facets import CARRIED
from search.forms import (
    ExplainForm,
    PromotedResultForm,
    SearchesFilterForm,
    SynonymForm,
    ThemeSynonymForm,
)
from search.log import LEAST_ASKED, LEAST_DAYS, split
from search.models import PromotedResult, QueryLog, Synonym
from search.reasons import weights

PER_PAGE = 50


class WordsPolicy(BasePermissionPolicy):
    """No permissions of their own: they go with the vocabulary."""

    def user_has_permission(self, user, action):
        return may_edit_words(user)

    def users_with_any_permission(self, actions):
        return User.objects.with_perm("themes.change_theme", include_superusers=True)


def for_editors(view, rows: QuerySet | None = None):
    """The view, missing for others; of `rows` only those the editor may know of."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_edit_words(request.user):
            raise Http404
        if "pk" in kwargs and not rows(request.user).filter(pk=kwargs["pk"]).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


class WordsMenuItem(MenuItem):
    def is_shown(self, request):
        return may_edit_words(request.user)


class WordsViewSet(ModelViewSet):
    menu_item_class = WordsMenuItem
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50

    def rows(self, user) -> QuerySet:
        return self.model.objects.all()

    def get_urlpatterns(self):
        found = super().get_urlpatterns()
        for one in found:
            one.callback = for_editors(one.callback, self.rows)
        return found

    def register_permissions(self):
        """Groups have none to choose here."""


# Promoted results


class PromotedIndexView(IndexView):
    def get_base_queryset(self):
        known = super().get_base_queryset().known_to(self.request.user)
        return known.select_related("page", "theme")


class PromotedCreateView(CreateView):
    def get_initial_form_instance(self):
        """The words come along from the list of searches."""
        return self.model(phrases=self.request.GET.get("words", "")[:200])


def state_of(row: PromotedResult) -> str:
    today = timezone.localdate()
    if row.is_shown_on(today):
        return gettext("shown")
    return gettext("over") if row.has_ended_by(today) else gettext("not yet")


def period_of(row: PromotedResult) -> str:
    days = [row.shown_from, row.shown_until]
    told = [date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in days]
    return " – ".join(told) if any(told) else ""


class PromotedViewSet(WordsViewSet):
    model = PromotedResult
    name = "promoted"
    icon = "pick"
    menu_label = _("Promoted results")
    index_view_class = PromotedIndexView
    add_view_class = PromotedCreateView
    list_display = [
        "__str__",
        Column("page", label=_("Page")),
        Column("state", label=_("State"), accessor=state_of),
        Column("period", label=_("Period"), accessor=period_of),
        Column("position", label=_("Order"), sort_key="position"),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("phrases"), FieldPanel("theme")],
                heading=_("For which queries"),
            ),
            FieldPanel("page"),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("shown_from"), FieldPanel("shown_until")]
                    ),
                    FieldPanel("position"),
                ],
                heading=_("When, and in which order"),
            ),
        ],
        base_form_class=PromotedResultForm,
    )

    def rows(self, user):
        return PromotedResult.objects.known_to(user)


class SynonymCreateView(CreateView):
    def get_initial_form_instance(self):
        return self.model(words=self.request.GET.get("words", "")[:200])


class SynonymViewSet(WordsViewSet):
    model = Synonym
    name = "synonyms"
    icon = "edit"
    menu_label = _("Synonyms")
    add_view_class = SynonymCreateView
    edit_handler = ObjectList([FieldPanel("words")], base_form_class=SynonymForm)


# What was searched for


def searches(request: HttpRequest) -> HttpResponse:
    """What found nothing, or was asked most; rare words are only counted."""
    form = SearchesFilterForm(request.GET, themes_asked())
    rows = chosen_rows(form)
    page = Paginator(asked(form, rows), PER_PAGE).get_page(request.GET.get("p"))
    counted = "asked" if form.most_asked else "nothing"
    sums = rows.aggregate(
        all=Sum(counted, default=0),
        withheld=Sum(counted, filter=Q(words=""), default=0),
    )
    context = {
        "form": form,
        "page": page,
        "lines": [line_of(one) for one in described(page.object_list, rows)],
        "sums": sums,
        "by_language": by_language(rows, counted),
        "by_theme": by_theme(rows, counted),
        "least_asked": LEAST_ASKED,
        "least_days": LEAST_DAYS,
        "header_title": _("Searches"),
        "header_icon": "search",
        "breadcrumbs_items": [{"url": "", "label": _("Searches")}],
        "header_buttons": [csv_button(request)],
    }
    return render(request, "search/admin/searches.html", context)


def searches_download(request: HttpRequest) -> HttpResponse:
    """All that the list shows, with a byte order mark for spreadsheets."""
    form = SearchesFilterForm(request.GET, themes_asked())
    rows = chosen_rows(form)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"searches-{timezone.localdate()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    out.writerow(["words", "asked", "nothing", "languages", "themes"])
    slugs = vocabulary().slugs
    for one in described(asked(form, rows), rows):
        themes = " ".join(slugs[pk] for pk in one["themes"] if pk in slugs)
        cells = [one["words"], one["asked"], one["nothing"]]
        cells += [" ".join(one["languages"]), themes]
        out.writerow([write_cell(str(cell)) for cell in cells])
    return response


def csv_button(request: HttpRequest) -> HeaderButton:
    url = f"{reverse('searches:download')}?{request.GET.urlencode()}"
    return HeaderButton(gettext("Download CSV"), url=url, icon_name="download")


def themes_asked() -> set[int]:
    stored = QueryLog.objects.values_list("themes", flat=True).distinct()
    return {pk for themes in stored for pk in split(themes)}


def chosen_rows(form: SearchesFilterForm) -> QuerySet:
    rows = QueryLog.objects.filter(day__gte=form.since)
    if language := form.cleaned_data.get("language"):
        rows = rows.filter(language=language)
    theme = form.cleaned_data.get("theme")
    if theme == "none":
        return rows.filter(themes="")
    return rows.filter(themes__contains=f",{theme},") if theme else rows


def asked(form: SearchesFilterForm, rows: QuerySet) -> QuerySet:
    """One row for each query whose words are written out."""
    counted = "asked" if form.most_asked else "nothing"
    found = rows.exclude(words="").values("words")
    found = found.annotate(asked=Sum("asked"), nothing=Sum("nothing"))
    return found.filter(**{f"{counted}__gt": 0}).order_by(f"-{counted}", "words")


def described(found, rows: QuerySet) -> list[dict]:
    """With the languages of those who asked, and the themes that were named."""
    lines = {one["words"]: {**one, "languages": {}, "themes": {}} for one in found}
    parts = rows.filter(words__in=lines).values_list("words", "language", "themes")
    for words, language, themes in parts.distinct().order_by("language"):
        lines[words]["languages"][language] = None
        lines[words]["themes"].update(dict.fromkeys(split(themes)))
    return list(lines.values())


def line_of(one: dict) -> dict:
    """As the table shows it, with the three things an editor can do about it."""
    known, language = vocabulary(), get_language()
    words = urlencode({"words": one["words"]})
    spoken = urlencode({"language": next(iter(one["languages"]), "")})
    return {
        **one,
        "languages": ", ".join(language_name(code) for code in one["languages"]),
        "themes": [
            (known.name(pk, language), reverse("theme_editor:edit", args=[pk]))
            for pk in one["themes"]
            if pk in known.themes
        ],
        "search_url": f"{reverse('search:search')}?{urlencode({'q': one['words']})}",
        "synonym_url": f"{reverse('searches:synonym')}?{words}&{spoken}",
        "promote_url": f"{reverse('promoted:add')}?{words}",
    }


def by_language(rows: QuerySet, counted: str) -> list[tuple[str, int]]:
    sums = rows.order_by().values_list("language").annotate(n=Sum(counted))
    found = {language_name(code): n for code, n in sums if n >= LEAST_ASKED}
    return sorted(found.items(), key=lambda pair: -pair[1])


def by_theme(rows: QuerySet, counted: str) -> list[tuple[str, int]]:
    """Sums below five are left out here, too."""
    sums: dict[int | None, int] = {}
    for themes, n in rows.order_by().values_list("themes").annotate(n=Sum(counted)):
        for pk in split(themes) or [None]:
            sums[pk] = sums.get(pk, 0) + n
    known, language = vocabulary(), get_language()
    found = [
        (known.name(pk, language) if pk else gettext("No theme"), n)
        for pk, n in sums.items()
        if n >= LEAST_ASKED and (pk is None or pk in known.themes)
    ]
    return sorted(found, key=lambda pair: -pair[1])


def synonym_add(request: HttpRequest) -> HttpResponse:
    """The words of a search become a synonym of a theme; then on to the theme."""
    language = request.GET.get("language", "")
    initial = {
        "text": request.GET.get("words", "")[:120],
        "language": language if language in CONTENT_LANGUAGES else get_language(),
    }
    form = ThemeSynonymForm(request.POST or None, initial=initial)
    if form.is_valid():
        with transaction.atomic():
            label = form.save()
            log(label.theme, "wagtail.edit", user=request.user)
        told = gettext(
            "“{words}” is a synonym of “{theme}” now. Search knows it at once."
        )
        messages.success(request, told.format(words=label.text, theme=label.theme))
        return redirect("theme_editor:edit", label.theme.pk)
    also = urlencode({"words": initial["text"]})
    context = {
        "form": form,
        "no_theme_url": f"{reverse('synonyms:add')}?{also}",
        "header_title": _("Add a synonym"),
        "header_icon": "tag",
        "breadcrumbs_items": [
            {"url": reverse("searches:index"), "label": _("Searches")},
            {"url": "", "label": _("Add a synonym")},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "search/admin/synonym_add.html", context, status=status)


class SearchesViewSet(ViewSet):
    name = "searches"
    icon = "search"
    menu_label = _("Searches")
    menu_item_class = WordsMenuItem

    def get_urlpatterns(self):
        return [
            path("", for_editors(searches), name="index"),
            path("download/", for_editors(searches_download), name="download"),
            path("synonym/", for_editors(synonym_add), name="synonym"),
        ]


# Why this order


def explained(request: HttpRequest) -> HttpResponse:
    """How a query was understood, and what each of its first results owes its place."""
    if not may_explain(request.user):
        raise Http404
    form = ExplainForm(request.GET, get_language())
    carried = [
        (name, value)
        for name in dict.fromkeys([*CARRIED, *NARROWING])
        if name != "q"
        for value in request.GET.getlist(name)
    ]
    found = None
    if request.GET.get("q", "").strip() or carried:
        languages = [form.language_chosen, *reader_languages(request)]
        found = explain(request, request.GET, form.reader_chosen, languages)
    context = {
        "form": form,
        "carried": carried,
        "found": found,
        "columns": [label for label, _parts in COLUMNS],
        "weights": weights(),
        "header_title": _("Why this order"),
        "header_icon": "list-ol",
        "breadcrumbs_items": [{"url": "", "label": _("Why this order")}],
    }
    return render(request, "search/admin/explain.html", context)


class ExplainMenuItem(MenuItem):
    def is_shown(self, request):
        return may_explain(request.user)


class ExplainViewSet(ViewSet):
    name = "explain"
    icon = "list-ol"
    menu_label = _("Why this order")
    menu_item_class = ExplainMenuItem

    def get_urlpatterns(self):
        return [path("", explained, name="index")]


class FindingGroup(ViewSetGroup):
    """Beside the themes in the menu."""

    menu_label = _("What people find")
    menu_name = "finding"
    menu_icon = "search"
    menu_order = 310
    items = (PromotedViewSet, SynonymViewSet, SearchesViewSet, ExplainViewSet)

from django.core.paginator import Page, Paginator


def page_of(request, rows, per_page: int = 20, number: int | None = None) -> Page:
    """The page `number`, else the one that `?page=` names.

    A bad number gives the first or the last page.
    For includes/_pagination.jinja it carries `elided`, the numbers to show, and
    `before`, the address of another page up to its number.
    """
    page = Paginator(rows, per_page).get_page(number or request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    page.before = f"?{asked.urlencode()}&page=" if asked else "?page="
    page.elided = list(
        page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    )
    return page

from django.core.paginator import Page, Paginator


def page_of(request, rows, per_page: int = 20) -> Page:
    """The page that `?page=` names: a bad number gives the first or the last page.

    The page carries `elided`, the numbers to show, for includes/_pagination.html.
    """
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    page.elided = list(
        page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    )
    return page

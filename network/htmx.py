def is_htmx(request) -> bool:
    """Asked by htmx for a part of the page, not by its history cache for all of it."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers

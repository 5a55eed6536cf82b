"""The API's own description, and a page that shows it and sends requests."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from syndic.errors import NotFoundError

router = Router()

# Strict as the dashboard's: no inline script or style, nothing from elsewhere, requests to this origin only.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FILES: Final = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8"}
PAGE: Final = "text/html; charset=utf-8"


def _answers(words: str, *kinds: str) -> dict[int, OpenAPIResponse]:
    return {200: {"description": words, "content": {kind.partition(";")[0]: {} for kind in kinds}}}


@router.get("/docs", tags=["documentation"], responses=_answers("The page", PAGE))
def read_documentation() -> Response[str]:
    """A page that shows every request, and sends those you fill in."""
    return _file("page.html", PAGE)


@router.get("/docs/<file>", tags=["documentation"], responses=_answers("The page's script or style", *FILES.values()))
def read_documentation_file(
    file: Annotated[str, Path(pattern=r"^[a-z]+\.(js|css)$", description="`page.js` or `page.css`")],
) -> Response[str]:
    """A file of that page."""
    if file not in FILES:
        raise NotFoundError("the documentation has no such file")
    return _file(file, FILES[file])


@router.get("/openapi.json", tags=["documentation"], responses=_answers("OpenAPI 3.1", "application/json"))
def read_description() -> Response[str]:
    """This description."""
    text = router.context["description"]()  # it describes this route too, so whoever has all routes hands it in
    return Response(200, content_type="application/json", body=text, headers={"Cache-Control": "max-age=300"})


def _file(name: str, kind: str) -> Response[str]:
    text = resources.files("functions.api.documentation").joinpath(name).read_text("utf-8")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "max-age=300"}
    return Response(200, content_type=kind, body=text, headers=headers)

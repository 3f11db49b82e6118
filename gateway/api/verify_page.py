"""The page that checks an audit bundle in the reader's browser: plain files, a strict policy.

Nothing of the service takes part: the page may load its own scripts and its sheet, and after that
reach nothing. The same files work from any file server, and from a disk.
"""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
    "connect-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
HOME = "/verify/verify.html"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


def add_verify_page(application: FastAPI, folder: Path) -> None:
    """Serve the files of the page below ``/verify``; no other file of the folder is given out."""
    files = {each.name: each for each in folder.iterdir() if each.suffix in MEDIA_TYPES}

    @application.get("/verify", include_in_schema=False)
    @application.get("/verify/", include_in_schema=False)
    async def show_home() -> Response:
        return RedirectResponse(HOME, headers=HEADERS)

    @application.get("/verify/{name}", include_in_schema=False)
    async def show_file(name: str) -> Response:
        found = files.get(name)
        if found is None:
            raise HTTPException(status_code=404)
        return FileResponse(found, media_type=MEDIA_TYPES[found.suffix], headers=HEADERS)

"""Download of captures."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.captures import captures
from app.desk.identity.permissions import Editor
from app.web.security import HEADERS
from app.web.sessions import Desk

router = APIRouter()


@router.get("/desk/captures/{id:int}", name="capture")
def capture_file(db: Desk, _editor: Editor, id: int) -> Response:
    """Download a capture as WARC. The headers keep browsers from rendering it on this origin."""
    capture = captures.find_capture(db, id)
    if capture is None:
        raise HTTPException(404)
    name = f"{capture.source}-{capture.at:%Y%m%dT%H%M%SZ}.warc.gz"
    return Response(
        capture.warc,
        media_type="application/warc",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; sandbox",
        },
    )

"""Where editors get the pages that the desk has kept."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.captures import captures
from app.desk.identity.permissions import Editor
from app.web.sessions import Desk

router = APIRouter()


@router.get("/desk/captures/{id:int}", name="capture")
def capture_file(db: Desk, _editor: Editor, id: int) -> Response:
    """A page as it was sent, for a program that reads WARC: never opened by the browser as a page of ours."""
    kept = captures.find(db, id)
    if kept is None:
        raise HTTPException(404)
    name = f"{kept.source}-{kept.at:%Y%m%dT%H%M%SZ}.warc.gz"
    return Response(
        kept.warc,
        media_type="application/warc",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox",
        },
    )

"""Reading posted forms, within limits."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

MAX_FORM_BYTES = 1_000_000
MAX_FORM_FIELDS = 2_000
FORM_STATE = "posted_form"
"""Attribute of a request's state: the fields of the posted form, for error pages."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; raise HTTPException 413 if the form is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    try:
        fields = dict(
            parse_qsl(
                body.decode(errors="replace"),
                keep_blank_values=True,
                max_num_fields=MAX_FORM_FIELDS,
            )
        )
    except ValueError:
        raise HTTPException(413) from None
    setattr(request.state, FORM_STATE, fields)
    return fields


PostedForm = Annotated[dict[str, str], Depends(read_form)]

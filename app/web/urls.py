"""Named URLs of the site and its absolute address."""

import re

from fastapi import Request

from app.vocabulary.kinds import NAMED_NOUNS, RecordNoun
from app.web.state import app_state

# A table, not the names of routes: commands and worker processes make links without importing the
# routes, and `app.url_path_for` takes 120 to 570 µs a link, `url` 1 µs. A test compares the two.
ADDRESSES = {
    **{f"{noun}s": f"/{noun}s" for noun in NAMED_NOUNS},
    **{noun: f"/{noun}s/{{code}}" for noun in NAMED_NOUNS},
    "home": "/",
    "timeline": "/events",
    "breakdown": "/events/breakdown",
    "estimate-breakdown": "/estimates/breakdown",
    "event": "/events/{id}",
    "estimates": "/estimates",
    "estimate": "/estimates/{id}",
    "sources": "/sources",
    "source": "/sources/{id}",
    "compare-places": "/compare",
    "cities": "/cities",
    "city": "/cities/{code}",
    "status": "/status",
    "changes": "/changes",
    "codebook": "/codebook",
    "rules": "/codebook/rules",
    "method-changes": "/codebook/changes",
    "codebook-list": "/codebook/{list}",
    "data": "/data",
    "dictionary": "/data/dictionary",
    "api": "/api",
    "api-v1": "/api/v1",
    "cite": "/cite",
    "bibliography": "/bibliography",
    "preview": "/preview{of}.png",
    "embed": "/embed{of}",
    "oembed": "/oembed",
    "search": "/search",
    "suggestions": "/search/suggestions",
    "about": "/about",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "tell": "/tell",
    "told": "/tell/sent",
    "letter-state": "/tell/{code}",
    "desk": "/desk",
    "sign-in": "/desk/sign-in",
    "code": "/desk/sign-in/code",
    "passkey-question": "/desk/sign-in/passkey/question",
    "passkey-sign-in": "/desk/sign-in/passkey",
    "sign-out": "/desk/sign-out",
    "welcome": "/desk/welcome/{token}",
    "account": "/desk/account",
    "password": "/desk/account/password",
    "signature": "/desk/account/signature",
    "factor": "/desk/account/second-factor",
    "read-notices": "/desk/account/notices/read",
    "notices": "/desk/notices",
    "passkeys": "/desk/account/passkeys",
    "add-passkey": "/desk/account/passkeys/add",
    "remove-passkey": "/desk/account/passkeys/{id}/remove",
    "recovery-codes": "/desk/account/recovery-codes",
    "end-sign-in": "/desk/account/sign-ins/{id}/end",
    "people": "/desk/people",
    "person": "/desk/people/{id}",
    "change-person": "/desk/people/{id}/{act}",
    "audit": "/desk/audit",
    "desk-search": "/desk/search",
    "vocabulary": "/desk/vocabulary",
    "new-code": "/desk/vocabulary/new/{list}",
    "code-of-list": "/desk/vocabulary/{id}",
    "drafts": "/desk/drafts",
    "draft": "/desk/drafts/{id}",
    "draft-reading": "/desk/drafts/{id}/reading",
    "draft-preview": "/desk/drafts/{id}/preview",
    "draft-delete": "/desk/drafts/{id}/delete",
    "draft-take-back": "/desk/drafts/{id}/take-back",
    "draft-bring-back": "/desk/drafts/{id}/bring-back",
    "draft-update": "/desk/drafts/{id}/update",
    "reviews": "/desk/review",
    "review": "/desk/review/{id}",
    "report-review": "/desk/review/reports/{id}",
    "bulk-review": "/desk/review/edits/{name}",
    "desk-record": "/desk/records/{record}",
    "record-restore": "/desk/records/{record}/restore",
    "merge": "/desk/records/{record}/merge",
    "merge-undo": "/desk/merges/{id}/undo",
    "purge": "/desk/records/{record}/purge",
    "withdraw": "/desk/records/{record}/withdraw",
    "confirmations": "/desk/confirmations",
    "confirmation": "/desk/confirmations/{id}",
    "record-private": "/desk/records/{record}/private",
    "publish-again": "/desk/records/{record}/publish",
    "bulk": "/desk/bulk",
    "bulk-undo": "/desk/bulk/{name}",
    "imports": "/desk/imports",
    "import-template": "/desk/imports/{table}.csv",
    "checks": "/desk/round/check",
    "check-take-back": "/desk/round/check/{no}/undo",
    "quality": "/desk/quality",
    "quality-list": "/desk/quality/{name}",
    "articles": "/desk/sources",
    "article": "/desk/sources/{id}",
    "round": "/desk/round",
    "lead": "/desk/round/links/{id}",
    "lead-source": "/desk/round/links/{id}/source",
    "feeds": "/desk/feeds",
    "feed": "/desk/feeds/{id}",
    "capture": "/desk/captures/{id}",
    "letter": "/desk/round/messages/{id}",
    "letter-hide": "/desk/round/messages/{id}/hide",
}
PAGE_OF_KIND: dict[str, str] = {
    noun.kind: noun.value for noun in RecordNoun if noun is not RecordNoun.CODE
}
"""Name of the public page of each kind of record. Codes have none."""


EMBED_PREFIX = "/embed/"
"""Path prefix of the only pages that other sites may show in a frame."""


def url(name: str, /, **parts: object) -> str:
    """Return the path of the page with this name."""
    return ADDRESSES[name].format(**parts)


def absolute_url(request: Request, address: str) -> str:
    """Return the absolute URL of a path, for citations, feeds and files."""
    return f"{site_address(request)}{address}"


def site_address(request: Request) -> str:
    """Return the site's absolute URL without a final slash.

    Without a public URL in the settings, the host is the request's, which is trusted. The port is
    included only if the site listens on it: any other could be a client's invention.
    """
    if public := app_state(request).settings.public_url:
        return str(public).rstrip("/")
    scheme, server = request.scope["scheme"], request.scope.get("server")
    host = HOST.fullmatch(request.headers.get("host", ""))
    if host is None:
        return f"{scheme}://localhost"
    name, port = host["name"].lower(), int(host["port"] or DEFAULT_PORTS[scheme])
    is_own = server is not None and port == server[1] and port != DEFAULT_PORTS[scheme]
    return f"{scheme}://{name}:{port}" if is_own else f"{scheme}://{name}"


DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII
)

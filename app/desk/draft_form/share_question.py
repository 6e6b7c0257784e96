"""The question of a share: of what whole is it (rule 6)?"""

from app.documents import Document
from app.i18n.translate import _
from app.kinds import EstimateForm, Form
from app.vocabulary.estimates import EstimateLink, FigureForm


def share_without_whole(form: type[Form], document: Document) -> dict[str, str]:
    """Return an error by path for a share that names no whole and links to none."""
    if form is not EstimateForm or document["form"] != FigureForm.SHARE:
        return {}
    links = (
        row["type"] == EstimateLink.SHARE_OF and row["to"].strip() for row in document["links"]
    )
    if document["share_of"].strip() or any(links):
        return {}
    message = _(
        "Describe the whole, such as “the workers whose contracts ended”, or link "
        "its estimate as “Share of”."
    )
    return {"share_of": message}

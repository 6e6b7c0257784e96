"""The title and the changed fields of one change, for pages and feeds."""

from app.i18n.translate import _
from app.record.models import RecordState
from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.reads.changelog import RecordChange
from app.site.components.field_diff import ValueDifference, differences
from app.site.components.record_title import title_parts
from app.site.components.urls import place_page_address, record_address
from app.vocabulary.record import RecordNoun, Why
from app.web.urls import url


def change_title(change: RecordChange, directory: Directory) -> str:
    if change.state == RecordState.PURGED:
        return ""
    match change.noun:
        case RecordNoun.PLACE:
            return str(form_of(change.row)["names"][0]["text"])
        case RecordNoun.CODE:
            return str(form_of(change.row)["label"])
    title, speaker, _remark = title_parts(change.row, directory)
    return (
        title
        if change.noun is not RecordNoun.ESTIMATE
        else _("{figure}; {said}").format(figure=title, said=speaker)
    )


def changed_record_address(change: RecordChange, directory: Directory) -> str:
    if change.noun is RecordNoun.CODE:
        return url("codebook")
    if change.noun is RecordNoun.PLACE:
        code = form_of(change.row)["code"]
        return place_page_address(directory, code) if code in directory.places else ""
    return record_address(change.row.id, change.row.payload["form"].get("code", ""))


def change_differences(change: RecordChange, directory: Directory) -> list[ValueDifference]:
    if change.before is None or change.why in {Why.WITHDRAWN, Why.MERGED}:
        return []
    return differences(change.noun.kind, change.before, change.row.payload, directory)

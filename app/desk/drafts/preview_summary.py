"""Calculated values of a draft, shown beside its form: stage, support, disputes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.desk.drafts.trial_publish import Trial
from app.record.names.directory import Directory
from app.record.names.measures import measure_in_words
from app.record.names.status_labels import last_reported_labels
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import cited_payload, event_payload
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url


@dataclass(frozen=True)
class PreviewSummary:
    """The data of `desk/drafts/preview.html`: codes with labels, or why it can't be published."""

    refusals: Sequence[str] = ()
    what: str = ""
    when: str = ""
    stages: Sequence[tuple[str, str]] = ()
    support: Sequence[tuple[str, str]] = ()
    disputed: Sequence[str] = ()
    reports: str = ""
    conflicts: Sequence[tuple[str, str]] = ()
    """Estimates that contradict this one, with their URLs."""


def preview_summary(tried: Trial) -> PreviewSummary:
    payload, directory = tried.row.payload, tried.directory
    if tried.row.kind not in CITING_KINDS:
        return PreviewSummary()
    return PreviewSummary(
        what=_label_of_what(payload["form"], directory),
        when=payload["happened_words"]
        if tried.row.kind == RecordKind.EVENT
        else payload["time_words"],
        stages=last_reported_labels(event_payload(tried.row))
        if tried.row.kind == RecordKind.EVENT
        else (),
        support=support_labels(cited_payload(tried.row)),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        reports=reports_label(cited_payload(tried.row)),
        conflicts=[(id, url("estimate", id=id)) for id in payload.get("conflicts", ())],
    )


def _label_of_what(form: Any, directory: Directory) -> str:
    return directory.label("type", form["type"]) if "type" in form else measure_in_words(form)

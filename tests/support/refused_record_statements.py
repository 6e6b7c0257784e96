"""Statements on tables of the approved state that a constraint rejects, by its name."""

RECORD_STATEMENTS: dict[str, list[str]] = {
    "uq_record_slug": [
        """UPDATE desk.record SET document = document || '{"slug": "one"}' WHERE id = 'E2'"""
    ],
    "uq_record_address": [
        "UPDATE desk.record SET address = '//example.org/3' WHERE id = 'S1'",
    ],
    "uq_record_geonames": [
        """UPDATE desk.record SET document = document || '{"geonames": 5}' WHERE kind = 'P'"""
    ],
    "uq_record_preferred": [
        """UPDATE desk.record SET document = document || '{"role": "preferred"}' WHERE id = 'M2'"""
    ],
    "fk_known_record": ["INSERT INTO desk.known VALUES ('P:nowhere', 'P99')"],
    "fk_reference_record": ["INSERT INTO desk.reference VALUES ('E9', 'terms.code', 'P:place-1')"],
    "fk_reference_target": [
        "INSERT INTO desk.reference VALUES ('E1', 'citations.source', 'S9')",
        "DELETE FROM desk.record WHERE id = 'S2'",
        "DELETE FROM desk.record WHERE id = 'P2'",
        "UPDATE desk.reference SET target = 'type:none' WHERE path = 'type'",
    ],
}

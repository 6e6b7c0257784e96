"""Statements that a constraint rejects, by the name of the constraint."""

A_DRAFT = """INSERT INTO desk.draft (kind, record, key, state, owner, number, document)
    SELECT {}, {}, 'one', {}, {}, 0, '{{}}' FROM desk.person"""
TWO_DRAFTS = """INSERT INTO desk.draft (kind, record, key, state, owner, number, document)
    SELECT 'E', 'E99', key, 'draft', id, 0, '{}' FROM desk.person,
        (VALUES ('one'), ('two')) keys (key)
    WHERE email LIKE 'amal%'"""

A_PASSKEY = """INSERT INTO desk.passkey (person, name, credential, public_key, uses)
    SELECT {}, {}, 'c', 'k', 0 FROM desk.person"""

A_CONFIRMATION = """INSERT INTO desk.confirmation
    (act, record, arguments, reason, asked_by, state, decided_by)
    SELECT {}, 'E1', '{{}}', 'x', {}, {}, {} FROM desk.person"""

A_COMMENT = """INSERT INTO desk.draft (kind, record, key, state, owner, number, document)
    SELECT 'E', 'E99', 'one', 'draft', id, 0, '{{}}' FROM desk.person LIMIT 1;
    INSERT INTO desk.revision (draft, number, by, saved, sheet, document)
    SELECT id, 0, owner, 'typed', '', '{{}}' FROM desk.draft;
    INSERT INTO desk.comment (draft, number, place, by, words, answers, settled_by)
    SELECT draft, {}, 'title', {}, {}, {}, {} FROM desk.revision"""

A_MERGE = """INSERT INTO desk.merging
    (gone, kept, gone_name, kept_name, by, edition, reason, undone_by, undone_in)
    SELECT {}, {}, 'E1', 'E2', {}, 1, 'The same.', {}, {} FROM desk.person"""
A_LEAD = (
    "INSERT INTO desk.lead (url, url_normalised, {}) "
    "SELECT 'https://a.example', '//a.example', {} FROM desk.person"
)
A_LETTER = (
    "INSERT INTO desk.letter (key, kind, about, words, reach) VALUES ('one', {}, 'E1', {}, {})"
)
A_FEED = (
    "INSERT INTO desk.feed (url, url_normalised, title, {}) "
    "SELECT 'https://a.example', '//a.example', 'A', {}"
)
A_CAPTURE = """INSERT INTO desk.capture
    (source, url, address, at, by, media_type, sha256, size_bytes, warc)
    SELECT 'S1', '', '', now(), {}, 'text/html', {}, {}, 'xyz' FROM desk.person LIMIT 1"""
A_STEP = """INSERT INTO desk.lead (url, url_normalised, way, added_by)
    SELECT '', '', 'pasted', id FROM desk.person LIMIT 1;
    INSERT INTO desk.step (lead, letter, by, owner, state, note)
    SELECT {}, {}, {}, {}, {}, '' FROM desk.lead"""

DESK_STATEMENTS: dict[str, list[str]] = {
    # Merges
    "ck_merging_two_of_a_kind": [
        A_MERGE.format("'E1'", "'E1'", "id", "NULL", "NULL"),
        A_MERGE.format("'E1'", "'S1'", "id", "NULL", "NULL"),
    ],
    "ck_merging_undone_by_somebody": [A_MERGE.format("'E1'", "'E2'", "id", "id", "NULL")],
    "uq_merging_gone": [A_MERGE.format("'E1'", "'E2'", "id", "NULL", "NULL")],
    # People, devices and keys
    "uq_person_email": ["UPDATE desk.person SET email = 'amal@example.org'"],
    "ck_person_email_is_normalised": [
        "UPDATE desk.person SET email = 'Amal@example.org'",
        "UPDATE desk.person SET email = '@x'",
    ],
    "ck_person_role": ["UPDATE desk.person SET role = 'owner'"],
    "ck_person_password_is_hashed": [
        "UPDATE desk.person SET password_hash = 'four words and a horse'"
    ],
    "ck_person_factor_is_sealed": ["UPDATE desk.person SET factor_secret = 'JBSWY3DPEHPK3PXP'"],
    "uq_letter_code_hash": [
        "INSERT INTO desk.letter (key, kind, about, words, reach, code_hash) "
        "SELECT key, 'removal', 'E1', 'x', '', 'same' FROM (VALUES ('one'), ('two')) keys (key)"
    ],
    "ck_person_recovery_codes_are_hashed": [
        "UPDATE desk.person SET recovery_hashes = ARRAY[repeat('0123456789abcdef', 4)]",
        "UPDATE desk.person SET recovery_hashes = ARRAY['abcd:$argon2id$v', 'abcd-efgh-ijkl-mnop']",
    ],
    "uq_device_person": [
        (
            "INSERT INTO desk.device (person, token_hash) "
            "SELECT id, 'x' FROM desk.person, generate_series(1, 2)"
        )
    ],
    "ck_confirmation_act": [A_CONFIRMATION.format("'decorate'", "id", "'waiting'", "NULL")],
    "ck_confirmation_state": [A_CONFIRMATION.format("'merge'", "id", "'forgotten'", "NULL")],
    "uq_confirmation_waiting": [A_CONFIRMATION.format("'merge'", "id", "'waiting'", "NULL")],
    "ck_passkey_has_a_name": [A_PASSKEY.format("id", "''")],
    "uq_passkey_credential": [A_PASSKEY.format("id", "'Phone'")],
    "uq_sign_in_token_hash": [
        (
            "INSERT INTO desk.sign_in (token_hash, person, browser) "
            "SELECT 'same', id, 'A browser' FROM desk.person"
        )
    ],
    "uq_link_person": [
        "INSERT INTO desk.link (token_hash, expires_at) VALUES ('x', now()), ('y', now())"
    ],
    "uq_audit_read_private": [
        "INSERT INTO desk.audit (action, by, about) "
        "SELECT 'read-private', id, 'E1' FROM desk.person, generate_series(1, 2)"
    ],
    # Drafts
    "ck_draft_kind": [A_DRAFT.format("'e'", "'E' || id", "'draft'", "id")],
    "ck_draft_state": [A_DRAFT.format("'E'", "'E' || id", "'lost'", "id")],
    "uq_draft_key": [A_DRAFT.format("'E'", "'E' || id", "'draft'", "id")],
    "uq_draft_open": [TWO_DRAFTS],
    "uq_draft_open_once": [
        TWO_DRAFTS.replace("document)", "document, article)").replace("'{}'", "'{}', key")
    ],
    # Comments
    "ck_comment_says_something": [A_COMMENT.format("number", "by", "''", "NULL", "NULL")],
    # Intake
    "uq_lead_url_normalised": [A_LEAD.format("way, added_by", "'pasted', id")],
    "ck_lead_state": [A_LEAD.format("way, added_by, state", "'pasted', id, 'lost'") + " LIMIT 1"],
    "ck_lead_way": [A_LEAD.format("way, added_by", "'dreamt', id") + " LIMIT 1"],
    "ck_lead_somebody_or_a_feed": [A_LEAD.format("way", "'pasted'") + " LIMIT 1"],
    "uq_letter_key": ["; ".join([A_LETTER.format("'other'", "'Why?'", "''")] * 2)],
    "ck_letter_kind": [A_LETTER.format("'praise'", "'Why?'", "''")],
    "ck_letter_says_something": [A_LETTER.format("'other'", "''", "''")],
    "ck_letter_is_short": [
        A_LETTER.format("'other'", "repeat('x', 5001)", "''"),
        A_LETTER.format("'other'", "'Why?'", "repeat('x', 301)"),
    ],
    "ck_letter_state": [
        A_LETTER.format("'other'", "'Why?'", "''") + "; UPDATE desk.letter SET state = 'lost'",
    ],
    "uq_feed_url_normalised": [A_FEED.format("added_by", "id FROM desk.person")],
    "ck_capture_size_bytes": [A_CAPTURE.format("id", "repeat('a', 64)", "4")],
    "ck_capture_sha256": [A_CAPTURE.format("id", "'unknown'", "3")],
    "ck_step_of_one": [
        A_STEP.format("NULL::integer", "NULL::integer", "added_by", "added_by", "'new'"),
        A_STEP.format("id", "1", "added_by", "added_by", "'new'"),
    ],
    "ck_step_state": [A_STEP.format("id", "NULL::integer", "added_by", "added_by", "'lost'")],
}

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

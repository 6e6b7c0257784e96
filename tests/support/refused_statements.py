"""SQL statements that a constraint rejects, by the name of the constraint."""

COPY_OF = """INSERT INTO desk.citation
    SELECT (jsonb_populate_record(c, '{{"id": "C99"}}')).* FROM desk.citation c WHERE id = '{}'"""

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

AN_IMPORT = """INSERT INTO desk.import (by, title, aside, stage) SELECT {}, 'one.zip', '{{}}', {}
    FROM desk.person LIMIT 1"""
A_TABLE = """INSERT INTO desk.import_file (import, number, name, "table", columns, rows)
    VALUES (99, 0, 'events.csv', '', '[]', 1)"""
A_ROW = (
    "INSERT INTO desk.import_row (import, number, file, line, fate, draft) "
    "VALUES (1, 0, 0, 2, {}, {})"
)

REFUSED: dict[str, list[str]] = {
    "ck_code_id_is_list_and_code": [
        "UPDATE desk.code SET code = 'other' WHERE id = 'paper:student'"
    ],
    "ck_code_types_have_a_nature": [
        "UPDATE desk.code SET nature = NULL WHERE id = 'type:stay-limit'",
        "UPDATE desk.code SET nature = 'act' WHERE id = 'paper:student'",
    ],
    "ck_code_no_successor_of_itself": ["UPDATE desk.code SET successor = code"],
    "uq_code_list_code": [],  # what `id_is_list_and_code` and the primary key say together
    # Merges
    "ck_merging_two_of_a_kind": [
        A_MERGE.format("'E1'", "'E1'", "id", "NULL", "NULL"),
        A_MERGE.format("'E1'", "'S1'", "id", "NULL", "NULL"),
    ],
    "ck_merging_undone_by_somebody": [A_MERGE.format("'E1'", "'E2'", "id", "id", "NULL")],
    "fk_merging_by": [A_MERGE.format("'E1'", "'E2'", "99", "NULL", "NULL") + " LIMIT 1"],
    "fk_merging_undone_by": [A_MERGE.format("'E1'", "'E2'", "id", "99", "2") + " LIMIT 1"],
    "uq_merging_gone": [A_MERGE.format("'E1'", "'E2'", "id", "NULL", "NULL")],
    # Imports
    "ck_import_stage": [AN_IMPORT.format("id", "'lost'")],
    "ck_import_starts": [
        (
            f"{AN_IMPORT.format('id', chr(39) + 'columns' + chr(39))}; "
            "UPDATE desk.import SET starts = 4"
        )
    ],
    "fk_import_by": [AN_IMPORT.format("99", "'columns'")],
    "fk_import_file_import": [A_TABLE],
    "ck_import_row_fate": [A_ROW.format("'lost'", "NULL")],
    "fk_import_row_draft": [A_ROW.format("'new'", "99")],
    # The tree of places
    "uq_place_code": ["UPDATE desk.place SET code = 'place-1' WHERE id = 'P2'"],
    "uq_place_geonames": ["UPDATE desk.place SET geonames = 5"],
    "ck_place_both_coordinates": ["UPDATE desk.place SET latitude = 1 WHERE id = 'P1'"],
    "ck_place_no_coordinates_of_sites": [
        "UPDATE desk.place SET kind = 'site', latitude = 1, longitude = 1 WHERE id = 'P1'"
    ],
    "ck_place_not_in_itself": ["UPDATE desk.place SET parent = code WHERE id = 'P1'"],
    "fk_place_parent": [
        "UPDATE desk.place SET parent = 'nowhere' WHERE id = 'P1'",
        "DELETE FROM desk.place WHERE id = 'P2'",
    ],
    "fk_place_region_region": ["INSERT INTO desk.place_region VALUES ('P1', 0, 'nowhere')"],
    "fk_place_region_place": ["INSERT INTO desk.place_region VALUES ('P9', 0, 'place-1')"],
    "fk_place_name_place": ["INSERT INTO desk.place_name VALUES ('P9', 0, 'Nowhere', 'en', false)"],
    "uq_place_name_preferred": [
        "INSERT INTO desk.place_name VALUES ('P1', 8, 'A', 'en', true), ('P1', 9, 'B', 'en', true)"
    ],
    # Outlets
    "uq_outlet_code": ["UPDATE desk.outlet SET code = 'outlet-1' WHERE id = 'O2'"],
    "ck_outlet_not_of_itself": ["UPDATE desk.outlet SET belongs_to = code"],
    "ck_outlet_reliability": [
        "UPDATE desk.outlet SET reliability = 'g', reliability_reason = 'because'"
    ],
    "ck_outlet_grade_has_a_reason": ["UPDATE desk.outlet SET reliability = 'a'"],
    "fk_outlet_belongs_to": ["UPDATE desk.outlet SET belongs_to = 'nobody' WHERE id = 'O1'"],
    "fk_outlet_name_outlet": [
        "INSERT INTO desk.outlet_name VALUES ('O9', 0, 'Nobody', 'en', false)"
    ],
    "uq_outlet_name_preferred": [
        "INSERT INTO desk.outlet_name VALUES ('O1', 8, 'A', 'en', true), ('O1', 9, 'B', 'en', true)"
    ],
    # Sources
    "uq_source_slug": ["UPDATE desk.source SET slug = 'four' WHERE id = 'S1'"],
    "uq_source_url_normalised": [
        "UPDATE desk.source SET url_normalised = '//example.org/3' WHERE id = 'S1'"
    ],
    "ck_source_published_in_order": [
        "UPDATE desk.source SET published_first = '2020-01-02', published_last = '2020-01-01'"
    ],
    "ck_source_date_or_unknown": [
        "UPDATE desk.source SET published = NULL",
        "UPDATE desk.source SET published_basis = 'unknown'",
    ],
    "fk_source_outlet": [
        "UPDATE desk.source SET outlet = 'nobody' WHERE id = 'S1'",
        "DELETE FROM desk.outlet WHERE id = 'O2'",
    ],
    "ck_source_parent_source_or_outlet": [
        "UPDATE desk.source_parent SET source = NULL",
        "UPDATE desk.source_parent SET outlet = 'outlet-1'",
    ],
    "ck_source_parent_not_on_itself": ["UPDATE desk.source_parent SET source = child"],
    "fk_source_parent_source": [
        "UPDATE desk.source_parent SET source = 'S9'",
        "DELETE FROM desk.source WHERE id = 'S2'",
    ],
    "fk_source_parent_outlet": ["UPDATE desk.source_parent SET source = NULL, outlet = 'nobody'"],
    "fk_source_parent_child": [
        "INSERT INTO desk.source_parent VALUES ('S9', 0, 'S1', NULL, 'relay')"
    ],
    "fk_source_copy_source": [
        (
            "INSERT INTO desk.source_copy (source, position, host_kind, extent) "
            "VALUES ('S9', 0, 'own', 'full')"
        )
    ],
    # Events
    "uq_event_slug": ["UPDATE desk.event SET slug = 'one' WHERE id = 'E2'"],
    "ck_event_happened_in_order": [
        "UPDATE desk.event SET happened_first = '2020-01-02', happened_last = '2020-01-01'"
    ],
    "ck_event_bound_has_a_reason": [
        "UPDATE desk.event SET within = '2019'",
        "UPDATE desk.event SET within_reason = 'because'",
    ],
    "ck_event_type_id": ["UPDATE desk.event SET type = 'repatriation'"],
    "fk_event_type_id": ["UPDATE desk.event SET type = 'none', type_id = 'type:none'"],
    "fk_event_exact_place": ["UPDATE desk.event SET exact_place = 'nowhere'"],
    "ck_stage_end_has_a_date_or_unknown": ["UPDATE desk.stage SET step = 'ended', date = NULL"],
    "fk_stage_citation": ["UPDATE desk.stage SET citation = 'C99'"],
    "fk_stage_event": [
        "INSERT INTO desk.stage (event, position, step, citation) VALUES ('E9', 0, 'planned', 'C1')"
    ],
    "ck_legal_instrument_id": [
        "INSERT INTO desk.legal VALUES ('E1', 0, 'x', NULL, 'based-on', 'ours', NULL)"
    ],
    "fk_legal_instrument_id": [
        "INSERT INTO desk.legal VALUES ('E1', 0, 'x', 'instrument:x', 'based-on', 'ours', NULL)"
    ],
    "fk_legal_event": [
        "INSERT INTO desk.legal VALUES ('E9', 0, NULL, NULL, 'based-on', 'ours', NULL)"
    ],
    # Figures
    "uq_estimate_slug": ["UPDATE desk.estimate SET slug = 'one'"],
    "ck_estimate_low_point_high": [
        "UPDATE desk.estimate SET low = 2000 WHERE id = 'M1'",
        "UPDATE desk.estimate SET high = 2 WHERE id = 'M1'",
    ],
    "ck_estimate_low_high": [
        "UPDATE desk.estimate SET low = 3, high = 2, point = NULL WHERE id = 'M1'"
    ],
    "ck_estimate_moment_or_period": [
        "UPDATE desk.estimate SET period = '2019', form = 'change' WHERE id = 'M1'"
    ],
    "ck_estimate_moments_are_of_stocks": [
        "UPDATE desk.estimate SET as_of = '2019', period = NULL WHERE id = 'M3'"
    ],
    "ck_estimate_periods_are_of_flows": [
        "UPDATE desk.estimate SET as_of = NULL, period = '2019' WHERE id = 'M1'"
    ],
    "ck_estimate_time_in_order": [
        "UPDATE desk.estimate SET time_first = '2020-01-02', time_last = '2020-01-01'"
    ],
    "ck_estimate_figure_or_words": [
        "UPDATE desk.estimate SET point = NULL WHERE id = 'M1'",
        "UPDATE desk.estimate SET quantifier = 'words' WHERE id = 'M1'",
    ],
    "ck_estimate_only_changes_below_zero": ["UPDATE desk.estimate SET point = -1 WHERE id = 'M1'"],
    "ck_estimate_role_has_a_reason": [
        "UPDATE desk.estimate SET role = 'rejected', role_reason = NULL"
    ],
    "uq_estimate_preferred": [
        "UPDATE desk.estimate SET role = 'preferred', role_reason = 'too' WHERE id = 'M2'"
    ],
    "fk_estimate_event": ["UPDATE desk.estimate SET event = 'E9'"],
    # Terms
    "ck_term_one_owner": [
        "UPDATE desk.term SET estimate = 'M1' WHERE event = 'E1'",
        "UPDATE desk.term SET event = NULL",
    ],
    "ck_term_code_or_words": ["UPDATE desk.term SET code = NULL, place = NULL"],
    "ck_term_place": [
        "UPDATE desk.term SET place = NULL",
        "UPDATE desk.term SET code = 'province-2'",
    ],
    "ck_term_code_id": ["UPDATE desk.term SET key = 'paper', place = NULL"],
    "ck_term_side_of_who_orders": ["UPDATE desk.term SET side = 'employer'"],
    "ck_term_number": ["UPDATE desk.term SET number = -1"],
    "fk_term_place": ["UPDATE desk.term SET code = 'nowhere', place = 'nowhere'"],
    "fk_term_code_id": [
        "UPDATE desk.term SET key = 'paper', code = 'x', place = NULL, code_id = 'paper:x'"
    ],
    "fk_term_event": ["UPDATE desk.term SET event = 'E9' WHERE event = 'E1'"],
    "fk_term_estimate": ["UPDATE desk.term SET estimate = 'M9' WHERE estimate = 'M1'"],
    # Links
    "uq_event_link_event_type_to": [
        (
            'INSERT INTO desk.event_link (id, event, position, type, "to") '
            "VALUES ('L9', 'E2', 9, 'part-of', 'E1')"
        )
    ],
    "ck_event_link_not_to_itself": ['UPDATE desk.event_link SET "to" = event'],
    "ck_event_link_contradiction_has_a_reason": ["UPDATE desk.event_link SET type = 'contradicts'"],
    "fk_event_link_to": ["UPDATE desk.event_link SET \"to\" = 'E9'"],
    "fk_event_link_event": ["UPDATE desk.event_link SET event = 'E9'"],
    "uq_estimate_link_estimate_type_to": [
        (
            'INSERT INTO desk.estimate_link (id, estimate, position, type, "to") '
            "VALUES ('L9', 'M2', 9, 'part-of', 'M1')"
        )
    ],
    "ck_estimate_link_not_to_itself": ['UPDATE desk.estimate_link SET "to" = estimate'],
    "fk_estimate_link_to": ["UPDATE desk.estimate_link SET \"to\" = 'M9'"],
    "fk_estimate_link_estimate": ["UPDATE desk.estimate_link SET estimate = 'M9'"],
    # Citations
    "ck_citation_one_owner": ["UPDATE desk.citation SET estimate = 'M1' WHERE event = 'E1'"],
    "ck_citation_credibility": [
        "UPDATE desk.citation SET credibility = 7",
        "UPDATE desk.citation SET credibility = 0",
    ],
    "ck_citation_short_quote": ["UPDATE desk.citation SET quote = repeat('x', 301)"],
    "ck_citation_not_about_itself": ["UPDATE desk.citation SET about = id"],
    "uq_citation_event_source_position": [COPY_OF.format("C1")],
    "uq_citation_estimate_source_position": [COPY_OF.format("C401")],
    "fk_citation_source": ["UPDATE desk.citation SET source = 'S9'"],
    "fk_citation_event": ["UPDATE desk.citation SET event = 'E9' WHERE event = 'E1'"],
    "fk_citation_estimate": ["UPDATE desk.citation SET estimate = 'M9' WHERE estimate = 'M1'"],
    "ck_chain_step_speakers": ["UPDATE desk.chain_step SET speakers = 0"],
    "fk_chain_step_outlet": ["UPDATE desk.chain_step SET outlet = 'nobody'"],
    "fk_chain_step_citation": [
        "INSERT INTO desk.chain_step (citation, position, attribution) VALUES ('C9', 0, 'ngo')"
    ],
    # People and their keys
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
    "fk_device_person": ["INSERT INTO desk.device (person, token_hash) VALUES (0, 'x')"],
    "uq_device_person": [
        (
            "INSERT INTO desk.device (person, token_hash) "
            "SELECT id, 'x' FROM desk.person, generate_series(1, 2)"
        )
    ],
    "fk_account_notice_person": [
        "INSERT INTO desk.account_notice (person, kind, words) VALUES (0, 'failures', '5')"
    ],
    "ck_confirmation_act": [A_CONFIRMATION.format("'decorate'", "id", "'waiting'", "NULL")],
    "ck_confirmation_state": [A_CONFIRMATION.format("'merge'", "id", "'forgotten'", "NULL")],
    "uq_confirmation_waiting": [A_CONFIRMATION.format("'merge'", "id", "'waiting'", "NULL")],
    "fk_confirmation_asked_by": [
        A_CONFIRMATION.format("'merge'", "0", "'waiting'", "NULL") + " LIMIT 1"
    ],
    "fk_confirmation_decided_by": [
        A_CONFIRMATION.format("'merge'", "id", "'confirmed'", "0") + " LIMIT 1"
    ],
    "fk_opened_record_person": [
        "INSERT INTO desk.opened_record SELECT 'E1', 0, id FROM desk.person LIMIT 1"
    ],
    "fk_opened_record_by": [
        "INSERT INTO desk.opened_record SELECT 'E1', id, 0 FROM desk.person LIMIT 1"
    ],
    "ck_passkey_has_a_name": [A_PASSKEY.format("id", "''")],
    "fk_passkey_person": [A_PASSKEY.format("0", "'Phone'") + " LIMIT 1"],
    "uq_passkey_credential": [A_PASSKEY.format("id", "'Phone'")],
    "fk_challenge_person": ["INSERT INTO desk.challenge (hash, person) VALUES ('x', 0)"],
    "uq_sign_in_token_hash": [
        (
            "INSERT INTO desk.sign_in (token_hash, person, browser) "
            "SELECT 'same', id, 'A browser' FROM desk.person"
        )
    ],
    "fk_sign_in_person": [
        "INSERT INTO desk.sign_in (token_hash, person, browser) VALUES ('x', 0, 'A browser')"
    ],
    "fk_link_person": [
        "INSERT INTO desk.link (token_hash, person, expires_at) VALUES ('x', 0, now())"
    ],
    "fk_link_made_by": [
        "INSERT INTO desk.link (token_hash, made_by, expires_at) VALUES ('x', 0, now())"
    ],
    "uq_link_person": [
        "INSERT INTO desk.link (token_hash, expires_at) VALUES ('x', now()), ('y', now())"
    ],
    "uq_audit_read_private": [
        "INSERT INTO desk.audit (action, by, about) "
        "SELECT 'read-private', id, 'E1' FROM desk.person, generate_series(1, 2)"
    ],
    "fk_audit_by": ["INSERT INTO desk.audit (action, by) VALUES ('signed-in', 0)"],
    # Drafts
    "ck_draft_kind": [A_DRAFT.format("'V'", "'E' || id", "'draft'", "id")],
    "ck_draft_state": [A_DRAFT.format("'E'", "'E' || id", "'lost'", "id")],
    "fk_draft_owner": [A_DRAFT.format("'E'", "'E' || id", "'draft'", "0") + " LIMIT 1"],
    "uq_draft_key": [A_DRAFT.format("'E'", "'E' || id", "'draft'", "id")],
    "uq_draft_open": [TWO_DRAFTS],
    "fk_revision_draft": [
        "INSERT INTO desk.revision (draft, number, by, saved, sheet, document) "
        "SELECT 0, 0, id, 'typed', '', '{}' FROM desk.person LIMIT 1"
    ],
    "fk_revision_by": [
        TWO_DRAFTS.replace("'E99'", "'E' || key") + "; INSERT INTO desk.revision "
        "(draft, number, by, saved, sheet, document) "
        "SELECT id, 0, 0, 'typed', '', '{}' FROM desk.draft"
    ],
    # Comments on them
    "ck_comment_says_something": [A_COMMENT.format("number", "by", "''", "NULL", "NULL")],
    "fk_comment_draft_number": [A_COMMENT.format("number + 1", "by", "'Why?'", "NULL", "NULL")],
    "fk_comment_by": [A_COMMENT.format("number", "0", "'Why?'", "NULL", "NULL")],
    "fk_comment_answers": [A_COMMENT.format("number", "by", "'Why?'", "0", "NULL")],
    "fk_comment_settled_by": [A_COMMENT.format("number", "by", "'Why?'", "NULL", "0")],
    # What comes in
    "uq_lead_url_normalised": [A_LEAD.format("way, added_by", "'pasted', id")],
    "ck_lead_state": [A_LEAD.format("way, added_by, state", "'pasted', id, 'lost'") + " LIMIT 1"],
    "ck_lead_way": [A_LEAD.format("way, added_by", "'dreamt', id") + " LIMIT 1"],
    "ck_lead_somebody_or_a_feed": [A_LEAD.format("way", "'pasted'") + " LIMIT 1"],
    "fk_lead_added_by": [A_LEAD.format("way, added_by", "'pasted', 0") + " LIMIT 1"],
    "fk_lead_owner": [A_LEAD.format("way, added_by, owner", "'pasted', id, 0") + " LIMIT 1"],
    "fk_lead_feed": [A_LEAD.format("way, feed", "'feed', 0") + " LIMIT 1"],
    "fk_lead_draft": [A_LEAD.format("way, added_by, draft", "'pasted', id, 0") + " LIMIT 1"],
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
    "fk_letter_owner": [
        A_LETTER.format("'other'", "'Why?'", "''") + "; UPDATE desk.letter SET owner = 0"
    ],
    "uq_feed_url_normalised": [A_FEED.format("added_by", "id FROM desk.person")],
    "fk_feed_added_by": [A_FEED.format("added_by", "0")],
    "fk_feed_owner": [A_FEED.format("added_by, owner", "id, 0 FROM desk.person LIMIT 1")],
    "ck_capture_size_bytes": [A_CAPTURE.format("id", "repeat('a', 64)", "4")],
    "ck_capture_sha256": [A_CAPTURE.format("id", "'unknown'", "3")],
    "fk_capture_by": [A_CAPTURE.format("0", "repeat('a', 64)", "3")],
    "fk_page_reading_draft": [
        (
            "INSERT INTO desk.page_reading (draft, by, outcome, proposals) "
            "SELECT 0, id, '', '[]' FROM desk.person LIMIT 1"
        )
    ],
    "fk_page_reading_by": [
        TWO_DRAFTS.replace("'E99'", "'E' || key")
        + (
            "; INSERT INTO desk.page_reading (draft, by, outcome, proposals) "
            "SELECT id, 0, '', '[]' FROM desk.draft"
        )
    ],
    "ck_step_of_one": [
        A_STEP.format("NULL::integer", "NULL::integer", "added_by", "added_by", "'new'"),
        A_STEP.format("id", "1", "added_by", "added_by", "'new'"),
    ],
    "ck_step_state": [A_STEP.format("id", "NULL::integer", "added_by", "added_by", "'lost'")],
    "fk_step_lead": [A_STEP.format("0", "NULL::integer", "added_by", "added_by", "'new'")],
    "fk_step_letter": [A_STEP.format("NULL::integer", "0", "added_by", "added_by", "'new'")],
    "fk_step_by": [A_STEP.format("id", "NULL::integer", "0", "added_by", "'new'")],
    "fk_step_owner": [A_STEP.format("id", "NULL::integer", "added_by", "0", "'new'")],
    # Circles, at any remove
    "no_cycle": [
        "UPDATE desk.place SET parent = 'place-1' WHERE code = 'country-3'",
        "UPDATE desk.place SET parent = 'place-1' WHERE code = 'province-2'",
        (
            "UPDATE desk.outlet SET belongs_to = "
            "CASE code WHEN 'outlet-1' THEN 'outlet-2' ELSE 'outlet-1' END"
        ),
        "INSERT INTO desk.source_parent VALUES ('S2', 0, 'S4', NULL, 'relay')",
        (
            'INSERT INTO desk.event_link (id, event, position, type, "to") '
            "VALUES ('L9', 'E1', 0, 'part-of', 'E3')"
        ),
        (
            'INSERT INTO desk.estimate_link (id, estimate, position, type, "to") '
            "VALUES ('L9', 'M1', 0, 'part-of', 'M3')"
        ),
    ],
}

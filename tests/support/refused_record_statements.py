"""Statements on record tables that a constraint rejects, by the name of the constraint."""

COPY_OF = """INSERT INTO desk.citation
    SELECT (jsonb_populate_record(c, '{{"id": "C99"}}')).* FROM desk.citation c WHERE id = '{}'"""

A_DECISION = """INSERT INTO desk.joined_sources
    (position, how, member, other, reason, event, estimate) VALUES (0, {}, {}, {}, 'x', {}, {})"""

RECORD_STATEMENTS: dict[str, list[str]] = {
    "ck_code_id_is_list_and_code": [
        "UPDATE desk.code SET code = 'other' WHERE id = 'paper:student'"
    ],
    "ck_code_types_have_a_nature": [
        "UPDATE desk.code SET nature = NULL WHERE id = 'type:stay-limit'",
        "UPDATE desk.code SET nature = 'act' WHERE id = 'paper:student'",
    ],
    "ck_code_no_successor_of_itself": ["UPDATE desk.code SET successor = code"],
    "uq_code_list_code": [],  # what `id_is_list_and_code` and the primary key say together
    # Actors
    "uq_actor_code": ["UPDATE desk.actor SET code = 'actor-1' WHERE id = 'A2'"],
    "ck_actor_not_in_itself": ["UPDATE desk.actor SET parent = code WHERE id = 'A1'"],
    "ck_actor_reply": ["UPDATE desk.actor SET reply_on = '2020' WHERE id = 'A1'"],
    "fk_actor_parent": ["UPDATE desk.actor SET parent = 'nobody' WHERE id = 'A1'"],
    "fk_actor_name_actor": ["INSERT INTO desk.actor_name VALUES ('A9', 0, 'Nobody', 'en', false)"],
    "uq_actor_name_preferred": [
        "INSERT INTO desk.actor_name VALUES ('A1', 8, 'A', 'en', true), ('A1', 9, 'B', 'en', true)"
    ],
    "fk_place_operator": [
        "UPDATE desk.place SET kind = 'site', operator = 'nobody' WHERE id = 'P1'"
    ],
    "ck_place_operator_of_a_site": ["UPDATE desk.place SET operator = 'actor-1' WHERE id = 'P1'"],
    # Laws
    "uq_law_code": ["UPDATE desk.law SET code = 'law-1' WHERE id = 'N2'"],
    "ck_law_not_in_itself": ["UPDATE desk.law SET parent = code WHERE id = 'N1'"],
    "ck_law_not_replaced_by_itself": ["UPDATE desk.law SET replaced_by = code WHERE id = 'N1'"],
    "fk_law_parent": ["UPDATE desk.law SET parent = 'none' WHERE id = 'N1'"],
    "fk_law_replaced_by": ["UPDATE desk.law SET replaced_by = 'none' WHERE id = 'N1'"],
    "fk_law_issuer": ["UPDATE desk.law SET issuer = 'nobody' WHERE id = 'N1'"],
    "fk_law_article_law": ["INSERT INTO desk.law_article VALUES ('N9', 0, '1', 'Nothing.')"],
    "fk_law_name_law": ["INSERT INTO desk.law_name VALUES ('N9', 0, 'Nothing', 'en', false)"],
    "uq_law_name_preferred": [
        "INSERT INTO desk.law_name VALUES ('N1', 8, 'A', 'en', true), ('N1', 9, 'B', 'en', true)"
    ],
    # Pages
    "uq_page_code": ["UPDATE desk.page SET code = 'page-1' WHERE id = 'U2'"],
    "fk_page_mark_event": ["INSERT INTO desk.page_mark VALUES ('U1', 0, 'E99', 'None', NULL)"],
    "fk_page_mark_page": ["INSERT INTO desk.page_mark VALUES ('U9', 0, 'E1', 'None', NULL)"],
    "fk_page_name_page": ["INSERT INTO desk.page_name VALUES ('U9', 0, 'Nothing', 'en', false)"],
    "fk_page_place_page": ["INSERT INTO desk.page_place VALUES ('U9', 0, 'place-1')"],
    "fk_page_place_place": ["INSERT INTO desk.page_place VALUES ('U1', 0, 'nowhere')"],
    "fk_page_section_page": ["INSERT INTO desk.page_section VALUES ('U9', 0, 'funding', 'None')"],
    "uq_page_name_preferred": [
        "INSERT INTO desk.page_name VALUES ('U1', 8, 'A', 'en', true), ('U1', 9, 'B', 'en', true)"
    ],
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
            "INSERT INTO desk.source_copy (source, position, id, host_kind, extent) "
            "VALUES ('S9', 0, '1', 'own', 'full')"
        )
    ],
    "uq_source_copy_source_id": [
        (
            "INSERT INTO desk.source_copy (source, position, id, host_kind, extent) "
            "VALUES ('S1', 8, '9', 'own', 'full'), ('S1', 9, '9', 'own', 'full')"
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
    "fk_estimate_law_estimate": [
        "INSERT INTO desk.estimate_law VALUES ('M9', 0, NULL, 'counted-under', 'ours', NULL)"
    ],
    "fk_estimate_law_instrument": [
        "INSERT INTO desk.estimate_law VALUES ('M1', 0, 'x', 'counted-under', 'ours', NULL)"
    ],
    "fk_legal_instrument": [
        "INSERT INTO desk.legal VALUES ('E1', 0, 'x', 'based-on', 'ours', NULL)"
    ],
    "fk_legal_event": ["INSERT INTO desk.legal VALUES ('E9', 0, NULL, 'based-on', 'ours', NULL)"],
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
        "UPDATE desk.estimate SET counts = 'money', as_of = '2019', period = NULL WHERE id = 'M3'"
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
    "ck_term_actor": ["UPDATE desk.term SET key = 'actor', place = NULL, code_id = NULL"],
    "fk_term_actor": [
        "UPDATE desk.term SET key = 'actor', place = NULL, code = 'nobody', actor = 'nobody'"
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
    "ck_event_link_judgement_has_a_reason": [
        "UPDATE desk.event_link SET type = 'contradicts'",
        "UPDATE desk.event_link SET type = 'shows-not-applied'",
        "UPDATE desk.event_link SET type = 'do-not-agree'",
    ],
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
    "ck_chain_step_named": ["UPDATE desk.chain_step SET named = 'perhaps'"],
    "ck_joined_sources_one_owner": [
        A_DECISION.format("'split'", "'S1'", "NULL", "'E1'", "'M1'"),
        A_DECISION.format("'split'", "'S1'", "NULL", "NULL", "NULL"),
    ],
    "ck_joined_sources_how": [A_DECISION.format("'same'", "'S1'", "NULL", "'E1'", "NULL")],
    "ck_joined_sources_two_are_joined": [
        A_DECISION.format("'joined'", "'S1'", "NULL", "'E1'", "NULL"),
        A_DECISION.format("'split'", "'S1'", "'S2'", "'E1'", "NULL"),
    ],
    "ck_joined_sources_not_with_itself": [
        A_DECISION.format("'joined'", "'S1'", "'S1'", "'E1'", "NULL")
    ],
    "fk_joined_sources_member": [A_DECISION.format("'split'", "'S99'", "NULL", "'E1'", "NULL")],
    "fk_joined_sources_other": [A_DECISION.format("'joined'", "'S1'", "'S99'", "'E1'", "NULL")],
    "fk_joined_sources_event": [A_DECISION.format("'split'", "'S1'", "NULL", "'E99'", "NULL")],
    "fk_joined_sources_estimate": [A_DECISION.format("'split'", "'S1'", "NULL", "NULL", "'M99'")],
    "ck_chain_step_speakers": ["UPDATE desk.chain_step SET speakers = 0"],
    "fk_chain_step_outlet": ["UPDATE desk.chain_step SET outlet = 'nobody'"],
    "fk_chain_step_citation": [
        "INSERT INTO desk.chain_step (citation, position, attribution) VALUES ('C9', 0, 'ngo')"
    ],
    # Cycles of any length
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

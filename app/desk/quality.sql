-- Every quality list by its name: the id of a record or draft, and words that identify it.
-- `app.desk.quality` has their titles.

-- name: tables
-- In front of each list.
WITH live AS NOT MATERIALIZED (
    SELECT * FROM record.version WHERE closed IS NULL AND state = 'live'
),
records AS NOT MATERIALIZED (
    SELECT *, document ->> 'title' AS title, coalesce(document ->> 'role', 'ordinary') AS role,
        concat_ws(' ', document ->> 'counts', document ->> 'population_text',
            coalesce(document ->> 'as_of', document ->> 'period')) AS figure
    FROM desk.record
),
citations AS NOT MATERIALIZED (
    SELECT records.*, c.value AS citation, c.no AS place
    FROM records, jsonb_array_elements(document -> 'citations') WITH ORDINALITY AS c (value, no)
),
steps AS NOT MATERIALIZED (
    SELECT id, s.value AS step, s.no AS place, citation -> 'chain' -> s.no::integer - 2 AS before,
        s.value ->> 'attribution' AS attribution, coalesce(s.value ->> 'words', '') AS words,
        concat_ws(' ', citation ->> 'id', s.value ->> 'words') AS shown
    FROM citations, jsonb_array_elements(citation -> 'chain') WITH ORDINALITY AS s (value, no)
),
rivals AS NOT MATERIALIZED ( -- estimates of the same series whose times overlap
    SELECT one.id, other.role
    FROM records AS one JOIN records AS other
        ON one.series = other.series AND one.id <> other.id
        AND coalesce(one.first, '-infinity') <= coalesce(other.last, 'infinity')
        AND coalesce(other.first, '-infinity') <= coalesce(one.last, 'infinity')
),
beginnings AS NOT MATERIALIZED (
    SELECT id AS record, citation ->> 'source' AS source, citation ->> 'id' AS id,
        citation ->> 'said' AS day
    FROM citations
    WHERE citation ->> 'stance' = 'supports' AND jsonb_array_length(citation -> 'chain') > 0
        AND NOT citation ? 'about'
),
wordings AS NOT MATERIALIZED (
    SELECT citation ->> 'source' AS source,
        concat(document ->> 'counts', '|', document ->> 'quantifier', '|', document ->> 'low', '|',
            document ->> 'point', '|', document ->> 'high', '|',
            lower(document ->> 'printed_words')) AS wording
    FROM citations
    WHERE kind = 'M' AND citation ->> 'stance' = 'supports'
),
same_reports AS NOT MATERIALIZED ( -- independent by their speakers, but perhaps one report (rule 3)
    SELECT DISTINCT one.record, one.source AS one, other.source AS other, one.day
    FROM beginnings AS one
    JOIN beginnings AS other
        ON one.record = other.record AND one.day = other.day AND one.source < other.source
    JOIN live ON live.id = one.record
    WHERE EXISTS (
            SELECT FROM wordings AS a JOIN wordings AS b ON a.wording = b.wording
            WHERE a.source = one.source AND b.source = other.source)
        AND payload -> 'origins' @> jsonb_build_array(
            jsonb_build_object('sources', jsonb_build_array(one.source)))
        AND payload -> 'origins' @> jsonb_build_array(
            jsonb_build_object('sources', jsonb_build_array(other.source)))
        AND NOT payload -> 'origins' @> jsonb_build_array(
            jsonb_build_object('sources', jsonb_build_array(one.source, other.source)))
        AND NOT EXISTS (
            SELECT FROM desk.record, jsonb_array_elements(document -> 'joined_sources') AS decision
            WHERE desk.record.id = one.record AND decision ->> 'how' = 'split'
                AND decision ->> 'member' IN (one.source, other.source, one.id, other.id))
)

-- name: without-citation
SELECT id, title FROM records
WHERE kind = 'E' AND id IN (SELECT id FROM live) AND NOT document ? 'citations'

-- name: several-preferred
SELECT DISTINCT id, figure FROM records JOIN rivals USING (id)
WHERE records.role = 'preferred' AND rivals.role = 'preferred'

-- name: names-purged
SELECT id, '' FROM records WHERE id IN (
    SELECT reference.record
    FROM desk.reference JOIN desk.known ON known.id = reference.target
    WHERE known.record IS NULL
        OR known.id IN (SELECT id FROM desk.purge UNION SELECT id FROM record.purged))

-- name: stale-sentences
-- Editors' sentences that readers don't see: a cited record is newer than the page, or was removed.
SELECT page.id, concat_ws(' ', page.slug, string_agg(cited.id[1], ' ' ORDER BY cited.no))
FROM live AS page,
    regexp_matches(page.payload -> 'form' ->> 'body', '\[(C[1-9][0-9]*)\]', 'g')
        WITH ORDINALITY AS cited (id, no)
WHERE page.kind = 'U' AND page.payload -> 'form' ->> 'kind' IN ('answer', 'row')
    AND NOT EXISTS (
        SELECT FROM live AS record
        WHERE record.opened <= page.opened
            AND jsonb_path_query_array(record.payload, '$."form"."citations"[*]."id"'::jsonpath)
                @> to_jsonb(cited.id[1]))
GROUP BY page.id, page.slug

-- name: one-anonymous
SELECT id, title FROM records WHERE id IN (
    SELECT id FROM live WHERE kind = 'E' AND terms && ARRAY(
        SELECT no FROM record.term WHERE key = 'corroboration' AND code = 'single-anonymous'))

-- name: undecided-citations
SELECT id, concat_ws(' · ', title, string_agg(citation ->> 'id', ', ' ORDER BY place))
FROM citations
WHERE kind = 'E' AND citation ->> 'stance' = 'supports' AND NOT citation ? 'about'
    AND NOT citation ? 'reports_event'
    AND (citation ->> 'kind' IN ('date', 'number', 'scope', 'effect', 'legal')
        OR (citation ->> 'differs' = 'other-reading'
            AND citation ->> 'field' IN ('scope', 'occurrence', 'date')))
GROUP BY id, title

-- name: same-report
SELECT record, concat_ws(' · ', one, other, day) FROM same_reports

-- name: named-without-name
SELECT id, shown FROM steps
WHERE step ->> 'named' = 'yes' AND NOT step ? 'outlet'
    AND attribution IN ('company', 'document', 'expert', 'government-statement', 'intelligence',
        'named-official', 'ngo', 'un-panel') -- those who are usually named
    AND (words = ''
        OR words ~* '\m(not named|unnamed|unidentified|anonymous|name withheld|who asked not)\M'
        -- Words that begin without a proper name, such as "executive of a developer".
        OR words ~ '^([a-z0-9]|An? |Some |Several |Many |One |The [a-z])'
        -- A role or kind before the first comma, where a person or body would be named.
        OR words ~* ('^[^,(]*\m(officials?|executives?|managers?|experts?|analysts?|scholars?|'
            'professors?|researchers?|diplomats?|employees?|sources?|authorities|bosses|owners?|'
            'media|data|statistics|estimates?|footage)\M')
        OR words ~ '관계자|소식통|당국자|人士|官员|官員|关系者|関係者|當局者|当局者|источник|чиновник')

-- name: links-against-time
SELECT records.id, concat_ws(' ', link ->> 'id', link ->> 'type', link ->> 'to')
FROM records
CROSS JOIN jsonb_array_elements(document -> 'links') AS link
JOIN live AS own ON own.id = records.id
JOIN live AS other ON other.id = link ->> 'to'
WHERE records.kind = 'E' AND upper(own.span) <= lower(other.span)
    AND link ->> 'type' IN ('follows', 'implements', 'effect-of', 'answers', 'reverses',
        'reverses-in-part')

-- name: contradictory-speakers
SELECT id, shown FROM steps
WHERE (attribution = 'outlet-own-voice'
        AND step ?| ARRAY['named', 'outlet', 'speakers_text', 'occasion'])
    OR (step ? 'outlet' AND attribution IN ('anonymous-official', 'anonymous-source',
        'unattributed', 'government-statement', 'named-official', 'intelligence', 'un-panel',
        'resident'))
    -- A step that can't pass on the one before it.
    OR (place > 1 AND (
        (before ->> 'attribution' = 'outlet-own-voice' AND attribution <> 'other-outlet')
        OR (before ->> 'attribution' = attribution AND lower(before ->> 'words') = lower(words))))

-- name: unsupported-numbers
-- Days of a month match with a leading zero, as in "2019-04-05".
SELECT id, concat_ws(' · ', title, string_agg(number, ', '))
FROM records, regexp_matches(replace(document ->> 'summary', ',', ''), '[0-9]+[.]?[0-9]*', 'g')
    AS found, rtrim(found[1], '.') AS number
WHERE kind = 'E' AND replace(concat_ws(' ', document - 'summary', (
        SELECT string_agg(figure.document::text, ' ') FROM desk.record AS figure
        WHERE figure.document ->> 'event' = records.id)), ',', '')
    !~ concat('(?<![0-9])0*', replace(number, '.', '[.]'), '(?![0-9])')
GROUP BY id, title

-- name: inferred-dates
SELECT id, title FROM records
WHERE id IN (SELECT id FROM live WHERE kind = 'E') AND (
    document ->> 'happened_basis' IN ('day-inferred', 'year-inferred', 'converted-year-inferred',
        'all-inferred')
    OR id IN (SELECT id FROM live WHERE terms && ARRAY(
        SELECT no FROM record.term WHERE key = 'basis' AND code = 'inferred')))

-- name: no-nationality
SELECT id, CASE kind WHEN 'E' THEN title ELSE figure END FROM records
WHERE id IN (SELECT id FROM live WHERE kind IN ('E', 'M')) AND NOT document ? 'no_nationality'
    AND NOT document -> 'terms' @> '[{"key": "nationality"}]'

-- name: conflicts
SELECT id, figure FROM records WHERE id IN (
    SELECT id FROM live WHERE kind = 'M' AND terms && ARRAY(
        SELECT no FROM record.term WHERE key = 'conflict' AND code = 'conflicts'))

-- name: none-preferred
-- One estimate a series.
SELECT min(id), min(figure) FROM records
WHERE role = 'ordinary' AND id IN (SELECT id FROM live WHERE kind = 'M')
    AND EXISTS (SELECT FROM rivals WHERE rivals.id = records.id AND rivals.role <> 'rejected')
    AND NOT EXISTS (SELECT FROM rivals WHERE rivals.id = records.id AND rivals.role = 'preferred')
GROUP BY series

-- name: stale-cities
-- Cities that the record names, without a recent estimate of people present.
SELECT place.id, concat_ws(' ', place.document ->> 'code', max(present.last))
FROM desk.record AS place
JOIN desk.reference ON path = 'terms.code' AND target = concat('P:', place.document ->> 'code')
LEFT JOIN desk.record AS present
    ON present.id = reference.record AND present.document ->> 'counts' = 'present'
WHERE place.kind = 'P' AND place.document ->> 'kind' IN ('city', 'town')
GROUP BY place.id
HAVING coalesce(max(present.last), '-infinity') < current_date - 3 * 365

-- name: without-archive
SELECT id, title FROM records
WHERE id IN (SELECT id FROM live WHERE kind = 'S') AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(document -> 'copies') AS copy WHERE copy ? 'archive')

-- name: to-reconfirm
-- Drafts that change the text on which an event's citations were confirmed (rule 13).
SELECT concat('draft ', id), document ->> 'title' FROM desk.draft
WHERE kind = 'E' AND state IN ('draft', 'returned', 'in-review')
    AND jsonb_array_length(base -> 'citations') > 0
    AND EXISTS (
        SELECT FROM unnest(ARRAY['title', 'type', 'happened', 'attested', 'deadline', 'terms'])
            AS field
        WHERE document -> field <> base -> field)

-- name: unused-codes
SELECT id, document ->> 'label' FROM records
WHERE kind = 'V' AND NOT document ? 'successor'
    AND NOT EXISTS (SELECT FROM desk.reference WHERE target = id AND path <> 'successor')
    AND NOT EXISTS (
        SELECT FROM desk.record AS inside
        WHERE inside.kind = 'V' AND inside.document ->> 'list' = records.document ->> 'list'
            AND inside.document ->> 'group' = records.document ->> 'code')

-- name: untouched-drafts
SELECT concat('draft ', id), coalesce(document ->> 'title', record) FROM desk.draft
WHERE state IN ('draft', 'returned', 'approved', 'in-review')
    AND saved_at < now() - interval '30 days'

"""Accept removal requests beyond the global quota, and show a letter's state by its code.

Readers' login calls two functions: one sends a letter, one returns the state of the letter with the
given code hash. It can read neither letters nor counts. Both functions count for an hour by hashed
network; the salt is deleted with the counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OLD_SEND = """
    CREATE FUNCTION letterbox.send(
        letter_key text, kind text, about text, words text, reach text, network text
    ) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        hashed text;
    BEGIN
        -- One at a time, or letters that come together would not count each other.
        PERFORM pg_advisory_xact_lock(hashtextextended('letterbox', 0));
        IF EXISTS (SELECT FROM desk.letter l WHERE l.key = letter_key) THEN
            RETURN 'kept';
        END IF;
        DELETE FROM desk.letter_salt WHERE since < now() - interval '1 hour';
        IF NOT EXISTS (SELECT FROM desk.letter_salt) THEN
            DELETE FROM desk.letter_count;
            INSERT INTO desk.letter_salt (salt) VALUES (gen_random_uuid());
        END IF;
        hashed := encode(sha256(convert_to((SELECT salt FROM desk.letter_salt) || network, 'UTF8')), 'hex');
        IF (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed) >= 5 THEN
            RETURN 'too many of yours';
        END IF;
        -- What asks for a removal has a share of its own: no flood of other letters keeps it out.
        IF (SELECT count(*) FROM desk.letter l WHERE l.came_at > now() - interval '1 hour'
            AND (l.kind = 'removal') = (send.kind = 'removal')) >= 40 THEN
            RETURN 'too many';
        END IF;
        INSERT INTO desk.letter_count (key) VALUES (hashed);
        INSERT INTO desk.letter (key, kind, about, words, reach) VALUES (letter_key, kind, about, words, reach);
        RETURN 'kept';
    END $$
"""  # noqa: E501

HASH_NETWORKS = """
    CREATE FUNCTION letterbox.hash_networks(purpose text, networks text[]) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        hour_salt uuid;
    BEGIN
        IF cardinality(networks) NOT BETWEEN 1 AND 3 THEN
            RAISE 'between one and three networks are counted';
        END IF;
        -- One at a time, or what comes together would not count each other.
        PERFORM pg_advisory_xact_lock(hashtextextended('letterbox', 0));
        DELETE FROM desk.letter_salt WHERE since < now() - interval '1 hour';
        IF NOT EXISTS (SELECT FROM desk.letter_salt) THEN
            DELETE FROM desk.letter_count;
            INSERT INTO desk.letter_salt (salt) VALUES (gen_random_uuid());
        END IF;
        hour_salt := (SELECT salt FROM desk.letter_salt);
        RETURN ARRAY(
            SELECT encode(sha256(convert_to(hour_salt || purpose || '|' || network, 'UTF8')), 'hex')
            FROM unnest(networks) WITH ORDINALITY AS each (network, place) ORDER BY place
        );
    END $$
"""

SEND = """
    CREATE FUNCTION letterbox.send(
        letter_key text, kind text, about text, words text, reach text, networks text[], code_hash text
    ) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        is_removal boolean := send.kind = 'removal';
        is_rushed boolean := false;
        hashed text[];
        sent bigint;
    BEGIN
        hashed := letterbox.hash_networks(CASE WHEN is_removal THEN 'removal' ELSE 'letter' END, networks);
        IF EXISTS (SELECT FROM desk.letter l WHERE l.key = letter_key) THEN
            RETURN 'kept';
        END IF;
        -- From narrow to wide: each wider network may send twice as many. A removal beyond that is kept and waits
        -- behind the others; one network alone can't fill the disk.
        FOR wider IN 0 .. cardinality(hashed) - 1 LOOP
            sent := (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed[wider + 1]);
            IF sent >= (CASE WHEN is_removal THEN 100 ELSE 5 END << wider) THEN
                RETURN 'too many of yours';
            END IF;
            is_rushed := is_rushed OR sent >= (5 << wider);
        END LOOP;
        -- Over all senders only what asks for no removal is held up.
        IF NOT is_removal AND (SELECT count(*) FROM desk.letter l
            WHERE l.came_at > now() - interval '1 hour' AND l.kind <> 'removal') >= 40 THEN
            RETURN 'too many';
        END IF;
        INSERT INTO desk.letter_count (key) SELECT unnest(hashed);
        INSERT INTO desk.letter (key, kind, about, words, reach, rushed, code_hash)
            VALUES (letter_key, kind, about, words, reach, is_rushed, code_hash);
        RETURN 'kept';
    END $$
"""  # noqa: E501

STATE_OF = """
    CREATE FUNCTION letterbox.state_of(code_hashes text[], networks text[]) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        hashed text[];
        found text;
    BEGIN
        -- A replica can't count. A code has 80 random bits, so that nothing depends on it.
        IF NOT pg_is_in_recovery() THEN
            hashed := letterbox.hash_networks('guess', networks);
            -- Before it is looked at: whoever guesses too often learns nothing from a right guess either.
            FOR wider IN 0 .. cardinality(hashed) - 1 LOOP
                IF (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed[wider + 1]) >= (20 << wider) THEN
                    RETURN 'too many of yours';
                END IF;
            END LOOP;
        END IF;
        SELECT CASE l.state
                WHEN 'new' THEN 'received' WHEN 'taken' THEN 'in-work' WHEN 'done' THEN 'done' ELSE 'declined'
            END
            INTO found FROM desk.letter l WHERE l.code_hash = ANY (code_hashes);
        IF found IS NULL AND hashed IS NOT NULL THEN
            INSERT INTO desk.letter_count (key) SELECT unnest(hashed);
        END IF;
        RETURN coalesce(found, 'unknown');
    END $$
"""  # noqa: E501


def upgrade() -> None:
    op.add_column(
        "letter",
        sa.Column("rushed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="desk",
    )
    op.add_column("letter", sa.Column("code_hash", sa.Text(), nullable=True), schema="desk")
    op.create_unique_constraint(op.f("uq_letter_code_hash"), "letter", ["code_hash"], schema="desk")
    op.execute("DROP FUNCTION letterbox.send(text, text, text, text, text, text)")
    for statement in (HASH_NETWORKS, SEND, STATE_OF):
        op.execute(statement)
    op.execute(
        "REVOKE EXECUTE ON FUNCTION letterbox.hash_networks, letterbox.send, "
        "letterbox.state_of FROM PUBLIC"
    )
    op.execute("GRANT EXECUTE ON FUNCTION letterbox.send, letterbox.state_of TO sojourn_reader")


def downgrade() -> None:
    op.execute("DROP FUNCTION letterbox.state_of, letterbox.send, letterbox.hash_networks")
    op.execute(OLD_SEND)
    op.execute("REVOKE EXECUTE ON FUNCTION letterbox.send FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION letterbox.send TO sojourn_reader")
    op.drop_constraint(op.f("uq_letter_code_hash"), "letter", schema="desk", type_="unique")
    for column in ("code_hash", "rushed"):
        op.drop_column("letter", column, schema="desk")

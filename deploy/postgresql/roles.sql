-- Who may do what in the database. Run as its owner, in its schema, after every `campaign db upgrade`:
--
--     psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f deploy/postgresql/roles.sql
--     CREATE ROLE worker_1 LOGIN PASSWORD '...' IN ROLE campaign_worker;
--
-- campaign_owner     owns the tables: `campaign db upgrade`, nothing else
-- campaign_operator  submits, pauses, erases, makes reports: reads and writes rows, cannot change the schema
-- campaign_worker    makes sound: never reads what a recipients file held (fields, rendered script), nor API keys, and
--                    cannot submit, pin, or forget anybody
-- campaign_reader    counts and papers: no external ids, no fields, no texts

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['campaign_owner', 'campaign_operator', 'campaign_worker', 'campaign_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO campaign_owner, campaign_operator, campaign_worker, campaign_reader;
GRANT CREATE ON SCHEMA public TO campaign_owner;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, campaign_operator, campaign_worker, campaign_reader;

-- operators
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO campaign_operator;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM campaign_operator;
REVOKE UPDATE, DELETE ON audit, preset_records, channel_moves FROM campaign_operator; -- these only grow
REVOKE UPDATE, DELETE ON calibrations FROM campaign_operator;
GRANT UPDATE (vectors) ON calibrations TO campaign_operator; -- an erased speaker's goes
REVOKE UPDATE, DELETE ON suppression_log FROM campaign_operator;
GRANT UPDATE (external_id) ON suppression_log TO campaign_operator; -- an erased person's goes
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO campaign_operator, campaign_worker;

-- workers
GRANT SELECT ON alembic_version, campaigns, assets, asset_utterances, asset_versions, utterances, runs, gpu_samples,
    presets, preset_records, pins, channels, gates, objects, erasures, tombstones, reviews, events, webhook_deliveries,
    listeners, calibrations, likenesses TO campaign_worker;
GRANT SELECT (campaign_id, row, external_id, locale, salt, hmac, person, language, voice, fallbacks, warnings, lexicon_hits,
    not_before, not_after, timezone)
    ON recipients TO campaign_worker;
GRANT SELECT (person) ON suppressions TO campaign_worker;
GRANT UPDATE (state, state_reason, lock, t_queued_ms, t_finished_ms, t_reported_ms, report_problem) ON campaigns TO campaign_worker;
GRANT UPDATE ON assets, utterances, events, webhook_deliveries, erasures TO campaign_worker;
GRANT INSERT ON asset_versions, runs, gpu_samples, objects, erasures, preset_records, events, webhook_deliveries, audit, workers,
    likenesses TO campaign_worker;
GRANT DELETE ON objects, erasures, listeners, likenesses TO campaign_worker;

-- readers
GRANT SELECT ON alembic_version, campaigns, assets, runs, gpu_samples, presets, preset_records, pins, channels,
    channel_moves, gates, gate_scores, objects, audit, likenesses TO campaign_reader;
GRANT SELECT (id, name, version, pin_id, recogniser, listening_revision, encoder, record, digest, actor, t_created_ms)
    ON calibrations TO campaign_reader; -- not the vectors of a voice
GRANT SELECT (asset_id, version, object_key, sha256, sound_sha256, size_bytes, content_type, codec, codec_settings, samples,
    rate_hz, loudness_lufs, true_peak_dbtp, timebase, run_ids, pin_id, preset, finish_revision, t_stored_ms, likeness)
    ON asset_versions TO campaign_reader; -- not what was heard: words
GRANT SELECT (key, campaign_id, status, rank, preset, pin_id, engine, engine_revision, characters, samples, rate_hz,
    run_id, t_stored_ms) ON utterances TO campaign_reader;
GRANT SELECT (campaign_id, row, locale, hmac, language) ON recipients TO campaign_reader;

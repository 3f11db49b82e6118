"""The SQL of jobs. Leases and times are the database's clock, which all workers share."""

# ruff: noqa: S608  statements are put together from the constants of this file

CHANNEL = "ecorights_job"
NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
IS_OPEN = "state IN ('queued', 'running')"
COLUMNS = (
    "id, kind, owner, parameters, state, shards_done, shards_total, value, file, media_type, "
    "size, sha256, fault, fault_message, created_at, started_at, finished_at, expires_at, "
    "fault_field, fault_expected, fault_found"
)
INSERT = (
    "INSERT INTO job (id, kind, owner, key, parameters, at_once, attempts_max, "
    "state, shards_done, shards_total, plan, created_at, woken_at) "
    f"VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, 0, 'null', {NOW}, 0) "
    f"ON CONFLICT (owner, key) DO NOTHING RETURNING {COLUMNS}"
)
INSERT_STEP = (
    "INSERT INTO job_step (job, number, state, attempts, worker, leased_until, not_before, shard, "
    "result) SELECT $1, s.number, 'waiting', 0, '', 0, 0, s.shard, 'null' "
    "FROM unnest($2::bigint[], $3::text[]) AS s (number, shard)"
)
BY_KEY = f"SELECT {COLUMNS} FROM job WHERE owner = $1 AND key = $2"
FIND = f"SELECT {COLUMNS} FROM job WHERE id = $1"
PAGE = (
    f"SELECT {COLUMNS} FROM job WHERE ($1::text IS NULL OR owner = $1) "
    "AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR kind = $3) "
    "AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5"
)
COUNT_OPEN = f"SELECT count(*) FROM job WHERE owner = $1 AND {IS_OPEN}"
OPEN_OF_KIND = f"SELECT id FROM job WHERE kind = $1 AND {IS_OPEN}"
CANCEL = (
    f"UPDATE job SET state = 'cancelled', finished_at = {NOW} WHERE id = $1 AND {IS_OPEN} "
    f"RETURNING {COLUMNS}"
)
FORGET_STEPS = "DELETE FROM job_step WHERE job = $1"
# The job's row is locked first by whoever takes or gives back a step: at most one at a time.
LOCK = f"SELECT {COLUMNS}, at_once, attempts_max, plan FROM job WHERE id = $1 FOR UPDATE"
HELD = (
    f"SELECT count(*) FROM job_step WHERE job = $1 AND state = 'running' AND leased_until > {NOW}"
)
NEXT = (
    "SELECT number, attempts, shard FROM job_step WHERE job = $1 AND state <> 'done' "
    f"AND not_before <= {NOW} AND leased_until <= {NOW} ORDER BY number LIMIT 1"
)
TAKE = (
    "UPDATE job_step SET state = 'running', attempts = attempts + 1, worker = $3, "
    f"leased_until = {NOW} + $4 WHERE job = $1 AND number = $2"
)
BEGIN = f"UPDATE job SET state = 'running', started_at = coalesce(started_at, {NOW}) WHERE id = $1"
# For psycopg, in the thread that renews.
RENEW = (
    f"UPDATE job_step s SET leased_until = {NOW} + %(lease)s FROM job j "
    "WHERE s.job = %(job)s AND s.number = %(number)s AND s.attempts = %(attempt)s "
    "AND s.state = 'running' AND j.id = s.job AND j.state = 'running'"
)
DONE = (
    "UPDATE job_step SET state = 'done', result = $4, leased_until = 0 "
    "WHERE job = $1 AND number = $2 AND attempts = $3 AND state = 'running' RETURNING true"
)
PLANNED = "UPDATE job SET plan = $2, shards_total = $3, value = $4 WHERE id = $1"
COUNTED = "UPDATE job SET shards_done = shards_done + 1 WHERE id = $1"
FINISHED = (
    f"UPDATE job SET state = 'done', finished_at = {NOW}, expires_at = {NOW} + $2, value = $3, "
    "file = $4, media_type = $5, size = $6, sha256 = $7 WHERE id = $1"
)
FAILED = (
    f"UPDATE job SET state = 'failed', finished_at = {NOW}, fault = $2, fault_message = $3, "
    "fault_field = $4, fault_expected = $5, fault_found = $6 "
    f"WHERE id = $1 AND {IS_OPEN}"
)
AGAIN = (
    f"UPDATE job_step SET state = 'waiting', leased_until = 0, not_before = {NOW} + $4 "
    "WHERE job = $1 AND number = $2 AND attempts = $3 AND state = 'running'"
)
SHARDS = (
    "SELECT shard, result FROM job_step WHERE job = $1 AND number BETWEEN 1 AND $2 ORDER BY number"
)
# What a worker that is gone has held; it is blamed for an attempt unless it was told to stop.
RELEASE = (
    "UPDATE job_step SET state = 'waiting', leased_until = 0, "
    "attempts = attempts - CASE WHEN $2 THEN 0 ELSE 1 END "
    "WHERE worker = $1 AND state = 'running'"
)
WOKEN_TOO_EARLY = f"UPDATE job SET woken_at = 0 WHERE id = ANY($1::uuid[]) AND {IS_OPEN}"
# Jobs with steps that nobody holds, how many may be held, and how many are.
DUE = f"""
SELECT j.id, least(j.at_once - held.count, free.count) AS wakes
FROM job j
CROSS JOIN LATERAL (
    SELECT count(*) FROM job_step s
    WHERE s.job = j.id AND s.state = 'running' AND s.leased_until > {NOW}
) held
CROSS JOIN LATERAL (
    SELECT count(*) FROM (
        SELECT 1 FROM job_step s
        WHERE s.job = j.id AND s.state <> 'done' AND s.leased_until <= {NOW}
            AND s.not_before <= {NOW}
        LIMIT j.at_once
    ) firsts
) free
WHERE j.{IS_OPEN} AND j.woken_at <= {NOW} - $1 AND free.count > 0 AND held.count < j.at_once
ORDER BY j.woken_at LIMIT $2
"""
WOKEN = (
    f"UPDATE job SET woken_at = {NOW} WHERE id = ANY($1::uuid[]) AND woken_at <= {NOW} - $2 "
    "RETURNING id"
)
# Folders on disk that no row wants any more.
KEPT = (
    f"SELECT id FROM job WHERE id = ANY($1::uuid[]) "
    f"AND ({IS_OPEN} OR (state = 'done' AND expires_at > {NOW}))"
)
FORGET = f"DELETE FROM job WHERE finished_at < {NOW} - $1"
HAS_EXPIRED = f"SELECT $1::bigint <= {NOW}"
BEAT = (
    "INSERT INTO job_worker (name, processes, queue, trouble, beat_at) "
    f"VALUES ($1, $2, $3, $4, {NOW}) ON CONFLICT (name) DO UPDATE SET processes = $2, queue = $3, "
    f"trouble = $4, beat_at = {NOW}"
)
GONE = "DELETE FROM job_worker WHERE name = $1"
SILENT = f"DELETE FROM job_worker WHERE beat_at < {NOW} - $1"
WORKERS = (
    f"SELECT name, processes, queue, trouble, {NOW} - beat_at AS age FROM job_worker ORDER BY name"
)
WAITING = f"SELECT count(*) FROM job WHERE {IS_OPEN}"
OWNER = "SELECT id, party, roles FROM actor WHERE id = $1 AND live"

#!/usr/bin/env bash
# The jobs on the database, one after the other, as they are generated, against a real server and a
# real archive. Writes what it finds to standard output, `NAME VALUE` a line, and judges nothing.
#
#   database.sh JOBS: the folder of the generated jobs. Inside scripts/stores-sandbox.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
jobs=$1
archive=/srv/archive
first=daily-20260101T020000Z

fact() { printf '%s %s\n' "$1" "${*:2}"; }

# run FACT JOB [VARIABLE...]: in a container of its own: how it ended, and the last that it said.
run() {
  local name=$1 job=$2 status=0
  shift 2
  container "job-${job}" "${volume:-job}" -- env TMPDIR=/srv/scratch "$@" \
    bash -c "$(<"${jobs}/${job}.sh")" \
    >/srv/job.log 2>&1 || status=$?
  cat /srv/job.log >>/srv/all.log
  fact "${name}" "${status}" "$(tail -n 1 /srv/job.log)"
}
live() { ask postgres-primary flowrex flowrex_prod "$1"; }
admin() { ask postgres-primary postgres postgres "$1"; }
databases() {
  admin "SELECT string_agg(datname || ':' || datallowconn, ' ' ORDER BY datname)
    FROM pg_database WHERE NOT datistemplate"
}
# objects PATTERN: names of what the object store holds.
objects() { find "${archive}" -path '*/logical/*' -name "$1" -printf '%f\n' | sort | tr '\n' ' '; }

# While all of it runs: arguments with a secret in them, and files that others could read.
install -d -o 999 -g 999 /srv/scratch
(while sleep 0.02; do
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep '^.*[c]anary-' >>/srv/arguments
  find /srv/scratch -perm /077 ! -path /srv/scratch >>/srv/open-files 2>/dev/null
  find /srv/scratch -type f >>/srv/own-files 2>/dev/null
done) &
watcher=$!

server postgres-primary
await postgres-primary || exit 1
live "CREATE TABLE orders (id bigint PRIMARY KEY, note text);
  CREATE TABLE \"odd Name\" (id bigint REFERENCES orders);
  INSERT INTO orders SELECT n, 'first' FROM generate_series(1, 1000) AS n;
  INSERT INTO \"odd Name\" SELECT 7" || exit 1

# A writer that never stops, so that two moments never count the same.
(while live "INSERT INTO orders SELECT max(id) + 1, 'busy' FROM orders"; do :; done) \
  >/dev/null 2>&1 &
writer=$!
run backup backup "BACKUP_NAME=${first}"
kill "${writer}"
wait "${writer}" 2>/dev/null
fact backup-objects "$(objects "${first}*")"
# What is stored can be read by nobody: neither a dump's head nor a table's name.
fact backup-readable "$(grep -rlaE 'PGDMP|public.orders|"digest"' "${archive}" | wc -l)"
run verify verify "BACKUP_NAME=${first}"
fact after-verify "$(databases)"

# Written after the backup; gone after the restore, and kept beside it. The foreign key of a newer
# table would stop whoever cleans a live schema.
live "INSERT INTO orders VALUES (999999, 'after')"
live 'CREATE TABLE newer (id bigint REFERENCES orders)'
run restore restore "BACKUP_NAME=${first}"
fact after-restore "$(live "SELECT count(*) FILTER (WHERE note = 'after') || ' '
  || count(*) FILTER (WHERE note = 'first') || ' ' || coalesce(to_regclass('newer')::text, 'gone')
  FROM orders")"
fact kept "$(databases)"
fact reader "$(ask postgres-primary flowrex_reader flowrex_prod \
  'SELECT count(*) > 999 FROM orders')"
fact owner "$(live "INSERT INTO orders VALUES (1000000, 'again') RETURNING note")"
run restore-again restore "BACKUP_NAME=${first}"
fact public "$(ask postgres-primary slipway_exporter postgres \
  "SELECT has_database_privilege('slipway_exporter', 'flowrex_prod', 'CONNECT')")"

# What is not what was written is none; and nothing that lives is touched.
before=$(live 'SELECT count(*) FROM orders')
find "${archive}" -name "${first}.dump" -exec sh -c \
  'cp "$1" /srv/whole && head --bytes=-200 /srv/whole >"$1" && chown 999:999 "$1"' sh {} \;
run cut-verify verify "BACKUP_NAME=${first}"
run cut-restore restore "BACKUP_NAME=${first}"
run absent-verify verify BACKUP_NAME=daily-20300101T020000Z
# A dump that stops half way: it wants a role that is gone.
admin 'CREATE ROLE passing'
live 'CREATE TABLE theirs (id bigint)'
ask postgres-primary postgres flowrex_prod 'ALTER TABLE theirs OWNER TO passing'
run passing-backup backup BACKUP_NAME=passing-20260101T030000Z
ask postgres-primary postgres flowrex_prod 'DROP OWNED BY passing; DROP ROLE passing'
run half-restore restore BACKUP_NAME=passing-20260101T030000Z
run half-verify verify BACKUP_NAME=passing-20260101T030000Z
fact untouched "$(($(live 'SELECT count(*) FROM orders') - before))" "$(databases)"
run early-promote promote REPLICA=postgres-primary

# A database that is not there, or empty, is no backup, and leaves nothing behind.
admin 'ALTER DATABASE flowrex_prod RENAME TO elsewhere'
run absent-backup backup BACKUP_NAME=absent-20260102T020000Z
admin 'CREATE DATABASE flowrex_prod'
run empty-backup backup BACKUP_NAME=empty-20260102T020000Z
admin 'DROP DATABASE flowrex_prod'
admin 'ALTER DATABASE elsewhere RENAME TO flowrex_prod'
fact none-objects "$(objects 'absent*')$(objects 'empty*')"

# Old ones go when there are more than seven, the newest seven stay, what is not ours stays.
find "${archive}" -name 'passing-*' -delete
folder=$(find "${archive}" -type d -name logical)
mkdir "${folder}/old"
touch "${folder}/monthly_do_not_delete.json" "${folder}/other.txt" "${folder}/old/other.txt"
chown -R 999:999 "${folder}"
for day in 03 04 05 06 07 08; do
  run "nightly-${day}" backup "BACKUP_NAME=daily-202601${day}T020000Z"
done
fact seven-whole "$(objects '*.json')"
run nightly-09 backup BACKUP_NAME=daily-20260109T020000Z
fact eight-cleaned "$(objects '*')"

# The whole server, and a moment of it.
volume=postgres-primary run base base BACKUP_KIND=full
live "CREATE TABLE marks (note text); INSERT INTO marks VALUES ('before')" >/dev/null
sleep 1.2
moment=$(date -u '+%Y-%m-%d %H:%M:%SZ')
sleep 1.2
live "INSERT INTO marks VALUES ('after')" >/dev/null
admin 'SELECT pg_switch_wal()' >/dev/null
volume=postgres-primary run base-again base BACKUP_KIND=diff
volume="then" run restore-to-time restore-to-time "TARGET_TIME=${moment}"
volume="then" run restore-over restore-to-time "TARGET_TIME=${moment}"

# A replica is made, the primary ends, and the replica takes its place.
server postgres-replica-1 postgres-primary
await postgres-replica-1 || exit 1
fact follows "$(ask postgres-replica-1 postgres postgres 'SELECT pg_is_in_recovery()')"
end postgres-primary
run promote promote REPLICA=postgres-replica-1
fact promoted-writes "$(ask postgres-replica-1 flowrex flowrex_prod \
  "INSERT INTO marks VALUES ('promoted') RETURNING note")"
run promote-again promote REPLICA=postgres-replica-1

# The server of that moment starts on its volume, under the primary's own name.
server postgres-primary '' "then"
await postgres-primary || exit 1
for _ in {1..200}; do
  [[ $(admin 'SELECT pg_get_wal_replay_pause_state()') != paused ]] || break
  sleep 0.1
done
fact moment "$(live "SELECT string_agg(note, ' ') FROM marks")" \
  "$(admin "SELECT pg_is_in_recovery() || ' ' || pg_get_wal_replay_pause_state()")"
end postgres-primary
end postgres-replica-1
kill "${watcher}"
wait "${watcher}" 2>/dev/null
# Everything that was said, for what must not be in it.
fact canaries "$(cat /srv/*.log | grep -c canary-)"
fact arguments "$(sort -u /srv/arguments | head -c 2000)"
fact own-files "$(sed 's|.*/||' /srv/own-files | sort -u | tr '\n' ' ')"
fact open-files "$(sort -u /srv/open-files | wc -l)"
fact left-files "$(find /srv/scratch -mindepth 1 | wc -l)"
fact end yes

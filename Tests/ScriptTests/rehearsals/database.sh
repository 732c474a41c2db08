#!/usr/bin/env bash
# The jobs on the database, one after the other, as they are generated, against a real server. What
# they say is what the tests read. Inside scripts/stores-sandbox; $1 is the folder of the jobs.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
jobs=$1

# run JOB [VARIABLE...]: in a container of its own, and whether it ended well.
run() {
  local name=$1 status=0
  shift
  printf '== %s %s\n' "${name}" "$*"
  container "job-${name}" "${volume:-job}" -- env "$@" bash -c "$(<"${jobs}/${name}.sh")" \
    >"/srv/job.log" 2>&1 || status=$?
  grep -E '^(result|verified|tables|restored|removed|what was|the d|the v|.*accepts|\+|-)' \
    /srv/job.log
  printf 'ended %s\n' "${status}"
  cat /srv/job.log >>/srv/all.log
  [[ ${status} -eq 0 || ${quiet:-} == yes ]] || cat /srv/job.log >&2
}

server postgres-primary
await postgres-primary || exit 1
ask postgres-primary shop shop_prod "CREATE TABLE orders (id bigint PRIMARY KEY, note text);
  CREATE TABLE \"odd Name\" (id bigint REFERENCES orders);
  INSERT INTO orders SELECT n, 'first' FROM generate_series(1, 1000) AS n;
  INSERT INTO \"odd Name\" SELECT 7" || exit 1

# A writer that never stops, so that two moments never count the same.
(while ask postgres-primary shop shop_prod \
  "INSERT INTO orders SELECT max(id) + 1, 'busy' FROM orders"; do :; done) >/dev/null 2>&1 &
writer=$!
run backup BACKUP_NAME=daily-20260101T020000Z
kill "${writer}"
wait "${writer}" 2>/dev/null
run verify BACKUP_NAME=daily-20260101T020000Z
printf 'databases %s\n' "$(ask postgres-primary postgres postgres \
  "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate")"

# Written after the backup; gone after the restore, and kept beside it.
ask postgres-primary shop shop_prod "INSERT INTO orders VALUES (999999, 'after')"
ask postgres-primary shop shop_prod "CREATE TABLE newer (id bigint REFERENCES orders)"
run restore BACKUP_NAME=daily-20260101T020000Z
printf 'after %s\n' "$(ask postgres-primary shop shop_prod \
  "SELECT count(*) FROM orders WHERE note = 'after'")"
printf 'kept %s\n' "$(ask postgres-primary postgres postgres \
  "SELECT string_agg(datname || ':' || datallowconn, ' ' ORDER BY datname) FROM pg_database
    WHERE NOT datistemplate")"
printf 'reader %s\n' "$(ask postgres-primary shop_reader shop_prod \
  "SELECT count(*) > 999 FROM orders")"
printf 'public %s\n' "$(ask postgres-primary slipway_exporter postgres \
  "SELECT has_database_privilege('slipway_exporter', 'shop_prod', 'CONNECT')")"

# What is not what was written, is none; and nothing that lives is touched.
quiet=yes
find /srv/archive -name 'daily-20260101T020000Z.dump' -exec sh -c \
  'cp "$1" /srv/whole && head --bytes=-200 /srv/whole >"$1" && chown 999:999 "$1"' sh {} \;
run verify BACKUP_NAME=daily-20260101T020000Z
run restore BACKUP_NAME=daily-20260101T020000Z
run verify BACKUP_NAME=daily-20300101T020000Z
printf 'untouched %s\n' "$(ask postgres-primary shop_reader shop_prod \
  "SELECT count(*) > 999 FROM orders")"

# An empty database is no backup.
ask postgres-primary shop shop_prod 'CREATE SCHEMA aside' >/dev/null
for table in 'orders' '"odd Name"'; do
  ask postgres-primary shop shop_prod "ALTER TABLE ${table} RENAME TO hidden_$((RANDOM))" >/dev/null
done
ask postgres-primary postgres postgres 'ALTER DATABASE shop_prod RENAME TO elsewhere'
run backup BACKUP_NAME=daily-20260102T020000Z
ask postgres-primary postgres postgres 'CREATE DATABASE shop_prod'
run backup BACKUP_NAME=daily-20260102T020000Z
ask postgres-primary postgres postgres 'DROP DATABASE shop_prod'
ask postgres-primary postgres postgres 'ALTER DATABASE elsewhere RENAME TO shop_prod'

# Old ones go when there are more than seven, the newest seven stay, what is not ours stays.
quiet=''
for day in 03 04 05 06 07; do
  run backup "BACKUP_NAME=daily-202601${day}T020000Z" >/dev/null
done
touch /srv/archive/*/logical/monthly_do_not_delete.json /srv/archive/logical/other.txt 2>/dev/null
run backup BACKUP_NAME=daily-20260108T020000Z
run backup BACKUP_NAME=daily-20260109T020000Z
find /srv/archive -path '*logical*' -name '*.json' -printf '%f\n' | sort | tr '\n' ' '
echo

# The whole server, and a moment of it.
volume=postgres-primary run base BACKUP_KIND=full
ask postgres-primary shop shop_prod "CREATE TABLE marks (note text); INSERT INTO marks VALUES ('a')"
sleep 1.2
moment=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 1.2
ask postgres-primary shop shop_prod "INSERT INTO marks VALUES ('b')"
ask postgres-primary postgres postgres "SELECT pg_switch_wal()" >/dev/null
volume=postgres-primary run base BACKUP_KIND=diff
volume="then" run restore-to-time "TARGET_TIME=${moment/T/ }"
volume="then" quiet=yes run restore-to-time "TARGET_TIME=${moment/T/ }"

# Everything that was said, once more, for what must not be in it.
printf 'canaries %s\n' "$(grep -c canary- /srv/all.log /srv/postgres-primary.log | tr '\n' ' ')"
server postgres-replica-1 postgres-primary
await postgres-replica-1 || exit 1
run promote REPLICA=postgres-replica-1
quiet=yes run promote REPLICA=postgres-replica-1
printf 'end\n'

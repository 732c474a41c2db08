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
# beside: what lies on the primary's volume.
beside() { find /srv/postgres-primary -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '; }
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
  INSERT INTO \"odd Name\" SELECT 7;
  GRANT SELECT ON orders TO flowrex_reader" || exit 1

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
volume=postgres-primary run restore-to-time restore-to-time "TARGET_TIME=${moment}"
volume=postgres-primary run restore-over restore-to-time "TARGET_TIME=${moment}"
run verify-copy verify-copy

# The data of that moment takes the primary's place, the server ends its recovery, and what was
# there is kept: use-restored, job by job.
volume=postgres-primary run can-use use-restored ACTION=can-use "TARGET_TIME=${moment}"
volume=postgres-primary run no-such-moment use-restored ACTION=can-use TARGET_TIME=2001-01-01
volume=postgres-primary run early-back use-restored ACTION=can-back
end postgres-primary
volume=postgres-primary run use use-restored ACTION=use "TARGET_TIME=${moment}"
server postgres-primary
run accept accept SLOTS='postgres-replica-1 postgres-replica-2' WAIT=60
fact moment "$(live "SELECT string_agg(note, ' ') FROM marks")" \
  "$(admin 'SELECT pg_is_in_recovery()')" "$(admin "SELECT count(*) FROM pg_file_settings
    WHERE name LIKE 'recovery_target%' OR name = 'restore_command'")"
fact moment-writes "$(live "INSERT INTO marks VALUES ('since') RETURNING note")"
volume=postgres-primary run use-twice use-restored ACTION=can-use "TARGET_TIME=${moment}"
end postgres-primary
volume=postgres-primary run back use-restored ACTION=back
server postgres-primary
run accept-back accept WAIT=60
fact back-marks "$(live "SELECT string_agg(note, ' ') FROM marks")"
volume=postgres-primary run forget use-restored ACTION=forget
fact forgotten "$(beside)"

# Two replicas. The primary writes what no replica gets, and ends; one takes its place under its
# name, the other follows it without a word, and the old data becomes a copy.
server postgres-replica-1 postgres-primary
server postgres-replica-2 postgres-primary
await postgres-replica-1 || exit 1
await postgres-replica-2 || exit 1
follows() { ask "$1" postgres postgres 'SELECT pg_is_in_recovery()'; }
fact follows "$(follows postgres-replica-1)"
# One that is behind is not promoted while the other answers.
end postgres-replica-1
live "INSERT INTO marks VALUES ('late')" >/dev/null
sleep 1
end postgres-replica-2
live "INSERT INTO marks VALUES ('lost')" >/dev/null
# As a machine is lost: what was not sent is sent no more.
kill -QUIT "${servers["postgres-primary"]}"
wait "${servers["postgres-primary"]}"
server postgres-replica-1 postgres-primary
server postgres-replica-2 postgres-primary
await postgres-replica-1 || exit 1
await postgres-replica-2 || exit 1
run behind promote REPLICA=postgres-replica-1 OTHERS=postgres-replica-2
run promote promote REPLICA=postgres-replica-2 OTHERS=postgres-replica-1
run promote-again promote REPLICA=postgres-replica-2
end postgres-replica-2
server postgres-replica-2 postgres-primary
wait "${servers["postgres-replica-2"]}"
fact promoted-as-replica "$(tail -n 1 /srv/postgres-replica-2.log | cut -d ' ' -f 2-)"
server postgres-primary '' postgres-replica-1
wait "${servers["postgres-primary"]}"
fact replica-as-primary "$(tail -n 1 /srv/postgres-primary.log | cut -d ' ' -f 2-)"
server postgres-primary '' postgres-replica-2
run moved accept SLOTS=postgres-replica-1 WAIT=60
fact promoted-writes "$(live "INSERT INTO marks VALUES ('promoted') RETURNING note")"
caught() {
  local attempt
  for attempt in {1..300}; do
    [[ $(ask "$1" flowrex flowrex_prod "SELECT count(*) FROM marks WHERE note = 'promoted'") != 1 ]] ||
      return 0
    sleep 0.1
  done
  echo "'$1' did not catch up after ${attempt} attempts" >&2
  return 1
}
caught postgres-replica-1 && fact other-follows yes
run other-streams follows REPLICA=postgres-replica-1 WAIT=60
server postgres-replica-2 postgres-primary postgres-primary
wait "${servers["postgres-replica-2"]}"
fact old-as-replica "$(tail -n 1 /srv/postgres-replica-2.log | cut -d ' ' -f 2-)"
volume=postgres-primary run rejoin rejoin REPLICA=postgres-replica-2
fact aside "$(beside)"
server postgres-replica-2 postgres-primary postgres-primary
run rejoined follows REPLICA=postgres-replica-2 WAIT=60
caught postgres-replica-2 && fact rejoined-marks "$(ask postgres-replica-2 flowrex flowrex_prod \
  "SELECT string_agg(note, ' ') FROM marks")"
fact slots "$(admin "SELECT string_agg(slot_name || ':' || active, ' ' ORDER BY slot_name)
  FROM pg_replication_slots")"

# A new version of a secret comes with the next start.
printf 'canary-another-password' >/srv/another
chmod 0400 /srv/another
cp --preserve=mode /srv/another /run/secrets/database-password.new
chown 999:999 /run/secrets/database-password.new
old=$(</run/secrets/database-password)
end postgres-primary
mv --force /run/secrets/database-password.new /run/secrets/database-password
server postgres-primary '' postgres-replica-2
await postgres-primary || exit 1
for _ in {1..300}; do
  rotated=$(live 'SELECT 1')
  [[ ${rotated} != 1 ]] || break
  sleep 0.1
done
fact rotated "${rotated}"
fact rotated-old "$(PGPASSWORD=${old} PGSSLMODE=verify-full PGSSLROOTCERT=/run/secrets/inside-ca \
  psql --no-psqlrc --host postgres-primary --username flowrex --dbname flowrex_prod \
  --command 'SELECT 1' 2>&1 | grep --only-matching 'password authentication failed' | head -n 1)"

# A copy of which a byte is another is found.
find "${archive}/backup" -type f -size +20k -printf '%s %p\n' | sort -rn | head -n 1 |
  cut -d ' ' -f 2- >/srv/largest
printf 'spoiled' | dd of="$(</srv/largest)" bs=1 seek=9000 conv=notrunc 2>/dev/null
run verify-spoiled verify-copy
end postgres-replica-1
end postgres-replica-2
end postgres-primary
kill "${watcher}"
wait "${watcher}" 2>/dev/null
# Everything that was said, for what must not be in it.
fact canaries "$(cat /srv/*.log | grep -c canary-)"
fact arguments "$(sort -u /srv/arguments | head -c 2000)"
fact own-files "$(sed 's|.*/||' /srv/own-files | sort -u | tr '\n' ' ')"
fact open-files "$(sort -u /srv/open-files | wc -l)"
fact left-files "$(find /srv/scratch -mindepth 1 | wc -l)"
fact end yes

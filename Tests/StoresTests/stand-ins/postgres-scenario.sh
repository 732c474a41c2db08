# shellcheck shell=bash
# A primary and a replica as they are generated: what starts, who may do what, what follows whom.
# Sourced by `machines`, which says what the functions do.
: "${folder:?}" "${roots:?}"

primary=postgres-primary replica=postgres-replica-1
database=$(sed -n 's/^POSTGRES_DB=//p' "${folder}/${primary}/environment")
archive=(pgbackrest --config=/etc/slipway/postgres/pgbackrest.conf
  --config-include-path=/run/postgresql/pgbackrest "--stanza=$(<"${folder}/stanza")")

# ask NAME SQL: as the administrator, on the socket.
ask() {
  inside "$1" psql --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --username postgres --dbname "${database}" --command "$2" </dev/null
}
# with PASSWORD ROLE DATABASE MODE SQL: from another machine, with a way to encrypt.
with() {
  inside client env PGPASSWORD="$1" PGSSLMODE="$4" \
    PGSSLROOTCERT="${authority:-/run/secrets/inside-ca}" psql --no-psqlrc --tuples-only --no-align \
    --host "${primary}" --username "$2" --dbname "$3" --command "$5" </dev/null 2>&1
}
# as ROLE SECRET DATABASE MODE SQL: with what the server's own secret says.
as() { with "$(<"${folder}/${primary}/root/run/secrets/$2")" "$1" "$3" "$4" "$5"; }
answers() { [[ $(ask "$1" "$2") == "$3" ]]; }

start "${primary}"
# The server of the first start is not the server: it listens on no address.
eventually 60 inside client pg_isready --host "${primary}" || fail "the primary did not start"

fact hba-errors "$(ask "${primary}" 'SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL')"
fact setting-errors "$(ask "${primary}" 'SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL')"
fact settings "$(ask "${primary}" "SELECT string_agg(name || '=' || current_setting(name), ' ' ORDER BY name)
  FROM pg_settings WHERE name IN ('ssl', 'max_connections', 'archive_timeout', 'shared_buffers',
  'data_checksums', 'max_slot_wal_keep_size', 'hot_standby_feedback', 'log_parameter_max_length')")"
fact passwords-scram "$(ask "${primary}" \
  "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256%') FROM pg_authid WHERE rolcanlogin")"
fact roles "$(ask "${primary}" "SELECT string_agg(rolname || ':' || rolsuper || ':' || rolreplication
  || ':' || rolcreaterole, ' ' ORDER BY rolname) FROM pg_roles WHERE rolcanlogin")"
fact owner "$(ask "${primary}" \
  'SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()')"
fact key-mode "$(stat --format '%a:%u' "${roots}/${primary}/root/run/postgresql/server.key" 2>&1)"

owner=$(sed -n 's/^SLIPWAY_OWNER=//p' "${folder}/${primary}/environment")
reader=$(sed -n 's/^SLIPWAY_READER=//p' "${folder}/${primary}/environment")
fact owner-writes "$(as "${owner}" database-password "${database}" verify-full \
  'CREATE TABLE orders (id bigserial PRIMARY KEY, amount numeric); INSERT INTO orders (amount) VALUES (1)' | tr '\n' ' ')"
# What the program's migrations do for a table that may be read, and not for one that may not.
as "${owner}" database-password "${database}" verify-full \
  "GRANT SELECT ON orders TO ${reader}; CREATE TABLE users (hash text)" >/dev/null
fact reader-hidden "$(as "${reader}" database-reader-password "${database}" verify-full \
  'SELECT count(*) FROM users' | tr '\n' ' ')"
fact reader-reads "$(as "${reader}" database-reader-password "${database}" verify-full 'SELECT count(*) FROM orders')"
fact reader-writes "$(as "${reader}" database-reader-password "${database}" verify-full \
  'BEGIN READ WRITE; INSERT INTO orders (amount) VALUES (2)' | tr '\n' ' ')"
fact exporter-monitors "$(as slipway_exporter postgres-exporter-password postgres verify-full \
  "SELECT pg_has_role('pg_monitor', 'USAGE')")"
fact exporter-elsewhere "$(as slipway_exporter postgres-exporter-password "${database}" verify-full 'SELECT 1' | tr '\n' ' ')"
fact without-encryption "$(as "${owner}" database-password "${database}" disable 'SELECT 1' | tr '\n' ' ')"
fact another-authority "$(authority=/run/secrets/another-ca as "${owner}" database-password "${database}" verify-full 'SELECT 1' | tr '\n' ' ')"
fact wrong-password "$(as "${owner}" database-reader-password "${database}" verify-full 'SELECT 1' | tr '\n' ' ')"

# The archive, and a replica from nothing.
"${after_primary:-:}"
fact stanza "$(inside "${primary}" "${archive[@]}" stanza-create >/dev/null 2>&1 && echo created)"
# What a copy that was cut off leaves behind.
mkdir -p "${roots}/${replica}/root/var/lib/postgresql/data/pgdata.copy/base"
touch "${roots}/${replica}/root/var/lib/postgresql/data/pgdata.copy/backup_label"
chown -R 999:999 "${roots}/${replica}/root/var/lib/postgresql/data"
start "${replica}"
eventually 60 answers "${replica}" 'SELECT pg_is_in_recovery()' t || fail "no replica"
ask "${primary}" 'INSERT INTO orders (amount) VALUES (3)' >/dev/null
eventually 20 answers "${replica}" 'SELECT count(*) FROM orders' 2 && fact replica-follows yes
fact replica-known "$(ask "${primary}" \
  'SELECT application_name || chr(32) || state FROM pg_stat_replication')"
fact slot "$(ask "${primary}" 'SELECT slot_name || chr(32) || active FROM pg_replication_slots')"
fact replica-writes "$(ask "${replica}" 'INSERT INTO orders (amount) VALUES (4)' 2>&1 | tr '\n' ' ')"
fact replica-encrypted "$(ask "${primary}" \
  'SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)')"

# A replica that was away while its slot was lost, and with it the log: the archive has it.
stop "${replica}"
ask "${primary}" "SELECT pg_drop_replication_slot('postgres_replica_1')" >/dev/null
for round in 1 2 3; do
  ask "${primary}" "INSERT INTO orders (amount) VALUES (${round}); SELECT pg_switch_wal()" >/dev/null
  ask "${primary}" CHECKPOINT >/dev/null
done
archived() { answers "${primary}" "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 16777217) FROM pg_stat_archiver" t; }
eventually 30 archived || :
ask "${primary}" 'CHECKPOINT; SELECT pg_switch_wal()' >/dev/null
ask "${primary}" CHECKPOINT >/dev/null
# Until there is a stanza, nothing can be sent; from then on everything is.
fact archive-works "$(ask "${primary}" \
  'SELECT last_archived_time > coalesce(last_failed_time, stats_reset) FROM pg_stat_archiver')"
start "${replica}"
eventually 60 answers "${replica}" 'SELECT count(*) FROM orders' 5 && fact replica-recovers yes
eventually 30 answers "${primary}" 'SELECT bool_or(active) FROM pg_replication_slots' t && fact slot-made-again yes
fact archive-read "$(grep -c 'restored log file' "${folder}/${replica}/log" || :)"

# Promotion, and a restart after it.
stop "${primary}"
ask "${replica}" 'SELECT pg_promote(true, 60)' >/dev/null
stop "${replica}"
# Under the replica's name this data starts no more; under the primary's it goes on.
start "${replica}"
wait "${running[${replica}]}" || fact promoted-as-replica "$?" \
  "$(tail -n 1 "${folder}/${replica}/log" | cut -d ' ' -f 2-)"
data=root/var/lib/postgresql/data/pgdata
rm -rf "${roots:?}/${primary}/${data}"
mv "${roots}/${replica}/${data}" "${roots}/${primary}/${data}"
start "${primary}"
eventually 60 answers "${primary}" 'SELECT pg_is_in_recovery()' f && fact promoted-stays-primary yes
fact promoted-writes "$(ask "${primary}" 'INSERT INTO orders (amount) VALUES (9)')"

# Another version of a secret comes with a start.
secret=${roots}/${primary}/root/run/secrets/database-password
printf 'an"other;--pass\\word' >"${secret}.new"
chown 999:999 "${secret}.new"
chmod 0400 "${secret}.new"
before=$(<"${secret}")
stop "${primary}"
mv --force "${secret}.new" "${secret}"
start "${primary}"
# with PASSWORD: the owner from another machine.
opens_with() { with "$1" "${owner}" "${database}" verify-full 'SELECT 1'; }
opens() { [[ $(opens_with "$(<"${secret}")") == 1 ]]; }
eventually 60 opens && fact new-password opens
fact old-password "$(opens_with "${before}" | tr '\n' ' ')"
stop "${primary}"

# No password is in a log.
for file in "${folder}/${primary}"/root/run/secrets/*-password "${secret}"; do
  grep --quiet --fixed-strings --file="${file}" "${folder}/${primary}/log" "${folder}/${replica}/log" &&
    fact password-in-log "${file##*/}"
done
fact end yes

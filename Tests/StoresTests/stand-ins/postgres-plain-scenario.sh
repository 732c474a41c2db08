# shellcheck shell=bash
# A developer's server. Sourced by `machines`, which says what the functions do.
: "${folder:?}"
start postgres-primary
eventually 60 inside client pg_isready --host postgres-primary || fail "the primary did not start"
password=$(<"${folder}/postgres-primary/root/run/secrets/database-password")
as_owner() {
  inside client env PGPASSWORD="${password}" PGSSLMODE=disable psql --no-psqlrc --tuples-only \
    --no-align --host postgres-primary --username shop --dbname shop_dev --command "$1" </dev/null 2>&1
}
fact owner-writes "$(as_owner 'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)' | tr '\n' ' ')"
fact archive-mode "$(as_owner 'SHOW archive_mode')"
stop postgres-primary
fact end yes

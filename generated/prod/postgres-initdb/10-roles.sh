#!/usr/bin/env bash
# Generated from environments/Production.swift by `make generate`. Edit the Swift, not this.
# Runs once, when the primary's data is made: roles, rights, and a slot for each replica. Passwords
# are read by the client itself, so that none stands in an argument; the server logs none of it.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:?}" \
  --dbname "${POSTGRES_DB:?}" --set owner="${SLIPWAY_OWNER:?}" \
  --set reader="${SLIPWAY_READER:?}" --set database="${POSTGRES_DB}" <<'SQL'
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET log_statement = 'none';
\set owner_password `cat /run/secrets/database-password`
\set reader_password `cat /run/secrets/database-reader-password`
\set replication_password `cat /run/secrets/postgres-replication-password`
\set exporter_password `cat /run/secrets/postgres-exporter-password`

BEGIN;
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"reader" LOGIN PASSWORD :'reader_password';
CREATE ROLE slipway_replication LOGIN REPLICATION PASSWORD :'replication_password';
CREATE ROLE slipway_exporter LOGIN PASSWORD :'exporter_password' CONNECTION LIMIT 5;

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO :"owner";
GRANT CONNECT ON DATABASE :"database" TO :"reader";
-- Which tables it reads, the schema says: `migrate` gives it those, and none that lets somebody in.
ALTER ROLE :"reader" SET default_transaction_read_only = on;
GRANT pg_monitor TO slipway_exporter;
COMMIT;
SQL

for replica in ${SLIPWAY_REPLICAS:-}; do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER}" \
    --dbname "${POSTGRES_DB}" --set slot="${replica//-/_}" <<'SQL'
SELECT pg_create_physical_replication_slot(:'slot', true);
SQL
done

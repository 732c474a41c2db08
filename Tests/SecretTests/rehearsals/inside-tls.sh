#!/usr/bin/env bash
# Starts Redis and PostgreSQL with certificates that were issued, and asks them as clients that
# verify. Says what they answered; ends both.
#
#   inside-tls.sh TOOLS FOLDER
set -euo pipefail

tools=$1 folder=$2
run=$(mktemp -d)
# PostgreSQL does not run as root.
as=()
if ((EUID == 0)); then
  as=(setpriv --reuid nobody --regid nogroup --clear-groups --)
fi
port=$((20000 + RANDOM % 20000))
finish() {
  [[ -z ${redis:-} ]] || kill "${redis}" 2>/dev/null || :
  "${as[@]}" "${tools}/pg_ctl" --pgdata "${run}/data" --mode immediate stop >/dev/null 2>&1 || :
  rm -rf -- "${run}"
}
trap finish EXIT
cp -- "${folder}"/out/inside-* "${run}"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=stranger \
  -keyout "${run}/stranger.key" -out "${run}/stranger" -days 1 2>/dev/null
((EUID != 0)) || chown -R nobody:nogroup "${run}"

"${as[@]}" "${tools}/redis-server" --port 0 --tls-port "${port}" --save '' --dir "${run}" \
  --tls-auth-clients no --tls-ca-cert-file "${run}/inside-ca" \
  --tls-cert-file "${run}/inside-tls-redis-cache-certificate" \
  --tls-key-file "${run}/inside-tls-redis-cache-key" >"${run}/redis.log" 2>&1 &
redis=$!
ask_redis() {
  "${tools}/redis-cli" --tls --cacert "$1" --sni redis-cache -h 127.0.0.1 -p "${port}" ping 2>&1
}
answer=''
for _ in {1..200}; do
  answer=$(ask_redis "${run}/inside-ca") && [[ ${answer} == PONG ]] && break
  sleep 0.1
done
echo "redis ${answer}"
stranger=$(ask_redis "${run}/stranger") || :
[[ ${stranger} != *'certificate verify failed'* ]] ||
  echo "redis refuses a stranger's authority"

"${as[@]}" "${tools}/initdb" --pgdata "${run}/data" --auth trust --username postgres \
  --no-sync >/dev/null
cat >>"${run}/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $((port + 1))
unix_socket_directories = ''
ssl = on
ssl_ca_file = '${run}/inside-ca'
ssl_cert_file = '${run}/inside-tls-postgres-primary-certificate'
ssl_key_file = '${run}/inside-tls-postgres-primary-key'
CONF
"${as[@]}" "${tools}/pg_ctl" --pgdata "${run}/data" --wait --log "${run}/postgres.log" start \
  >/dev/null || {
  cat -- "${run}/postgres.log" >&2
  exit 1
}
ask_postgres() {
  "${tools}/psql" --no-psqlrc --tuples-only --no-align --command 'SELECT 1' \
    "host=$1 hostaddr=127.0.0.1 port=$((port + 1)) user=postgres dbname=postgres \
    sslmode=verify-full sslrootcert=${run}/inside-ca" 2>&1
}
echo "postgres $(ask_postgres postgres-primary)"
other=$(ask_postgres postgres-replica-1) || :
[[ ${other} != *'does not match host name'* ]] ||
  echo "postgres refuses another name"

# shellcheck shell=bash
# Both Redis servers of a deployed environment. Sourced by `machines`, which says what the
# functions do. `encrypted` is no for a developer's.
: "${folder:?}"
encrypted=${encrypted:-yes}
password=$(<"${folder}/redis-cache/root/run/secrets/redis-password")

# ask NAME WORD...: from another machine, as clients do.
ask() {
  local name=$1 options=()
  shift
  [[ ${encrypted} == no ]] || options=(--tls --cacert "${authority:-/run/secrets/inside-ca}")
  inside client env ${password:+"REDISCLI_AUTH=${password}"} timeout 5 redis-cli -h "${name}" \
    "${options[@]}" "$@" </dev/null 2>&1
}
healthy() { inside "$1" /bin/sh "/etc/slipway/$1/healthy.sh"; }

for name in redis-cache redis-state; do
  start "${name}"
  eventually 20 healthy "${name}" && fact "${name}-healthy" yes
  fact "${name}-policy" "$(ask "${name}" CONFIG GET maxmemory-policy | tail -n 1)" \
    "$(ask "${name}" CONFIG GET maxmemory | tail -n 1)"
done
fact without-password "$(password='' ask redis-state PING)"
for command in FLUSHALL FLUSHDB 'KEYS *' 'DEBUG SLEEP 0'; do
  # shellcheck disable=SC2086 # words of a command
  fact "command-${command%% *}" "$(set -f && ask redis-state ${command})"
done
if [[ ${encrypted} == yes ]]; then
  fact without-encryption "$(encrypted=no ask redis-state PING | tr '\n' ' ')"
  fact another-authority "$(authority=/run/secrets/another-ca ask redis-state PING | tr '\n' ' ')"
fi

for name in redis-cache redis-state; do
  ask "${name}" SET word kept >/dev/null
done
# The log of writes is flushed every second.
sleep 1.5
for name in redis-cache redis-state; do
  stop "${name}" KILL
  [[ ${name} != redis-state ]] || {
    found=no
    ! healthy redis-state >/dev/null 2>&1 || found=yes
    fact healthy-while-stopped "${found}"
  }
  start "${name}"
  eventually 20 healthy "${name}" || fail "${name} did not start again"
  fact "${name}-after-kill" "$(ask "${name}" GET word)"
done
fact redis-state-files "$(inside redis-state ls /data | tr '\n' ' ')"
stop redis-cache TERM
stop redis-state TERM
fact end yes

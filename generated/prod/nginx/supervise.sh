#!/bin/sh
# Generated from environments/Production.swift by `make generate`. Edit the Swift, not this.
# Runs nginx as the edge: port 80 alone until there is a certificate, everything from then on.
# A new certificate or configuration is judged before it is taken; what nginx would refuse is
# left alone, and what runs goes on. Maintenance needs nothing here: nginx looks for its flag at
# every request.
#
# One nginx lives as long as the container. It reads what the link `current` leads to, so that
# even the first certificate comes without a closed port.
set -eu

certificate='/var/lib/edge/certificates/fullchain.pem'
key='/var/lib/edge/certificates/privkey.pem'
configuration='/etc/slipway/nginx'
runtime='/run/edge'
socket='/run/status/edge.sock'
period='5'

current=${runtime}/nginx.conf
refused=${runtime}/refused

say() { printf 'supervise: %s\n' "$*" >&2; }

has_certificate() { [ -s "${certificate}" ] && [ -s "${key}" ]; }

# What is served: a change of either file, or of the configuration, is a change of this.
fingerprint() { cat "${certificate}" "${key}" "${configuration}/nginx.conf" 2>&1 | cksum; }

# nginx's own verdict, and its words on standard output.
judge() { nginx -e stderr -q -t -c "${configuration}/nginx.conf" 2>&1; }

use() { ln -s -f "${configuration}/$1" "${current}"; }

# Takes a sound change; says once why another is not taken. Files that change while they are
# judged are judged again.
take_change() {
  now=$(fingerprint)
  [ "${now}" != "${served}" ] || return 0
  if ! words=$(judge); then
    [ "${now}" = "${rejected}" ] || say "not taken, nginx would refuse it: ${words}"
    rejected=${now}
    # Without a configuration to fall back on the edge must not pass for healthy.
    [ -n "${served}" ] || : >"${refused}"
    return 0
  fi
  [ "${now}" = "$(fingerprint)" ] || return 0
  rm -f "${refused}"
  use nginx.conf
  kill -s HUP "${nginx}"
  served=${now}
  say 'took the certificate and the configuration that are there now'
}

watch() {
  rejected=''
  while sleep "${period}"; do
    if has_certificate; then
      take_change || say 'could not look at the certificate, trying again'
    elif [ -z "${served}" ]; then
      rm -f "${refused}"
    fi
  done
}

mkdir -p "${runtime}"
# What an nginx left that was killed; the next could not open its counters.
rm -f "${socket}"
served=''
if ! has_certificate; then
  say "no certificate yet, answering on port 80 only: ${certificate}"
  use bootstrap.conf
elif words=$(judge); then
  served=$(fingerprint)
  use nginx.conf
else
  say "answering on port 80 only, nginx would refuse more: ${words}"
  : >"${refused}"
  use bootstrap.conf
fi

nginx -e stderr -c "${current}" -g 'daemon off;' &
nginx=$!
watch &
watcher=$!

# QUIT finishes what has begun, TERM does not. The watcher goes first: a reload would open again
# what is being closed.
trap 'kill -s TERM "${watcher}" || :; kill -s QUIT "${nginx}" || :' QUIT INT
trap 'kill -s TERM "${watcher}" || :; kill -s TERM "${nginx}" || :' TERM

# A signal ends `wait`, but not nginx.
while :; do
  status=0
  wait "${nginx}" || status=$?
  kill -s 0 "${nginx}" 2>/dev/null || break
done
kill -s TERM "${watcher}" 2>/dev/null || :
exit "${status}"

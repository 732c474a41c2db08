#!/bin/sh
# Healthy means: answers PONG. A server that still loads its data is not.
set -eu
{{#HAS_PASSWORD}}

REDISCLI_AUTH=$(cat {{PASSWORD}})
export REDISCLI_AUTH
{{/HAS_PASSWORD}}

{{#ENCRYPTED}}
answer=$(redis-cli --tls --cacert {{AUTHORITY}} --sni {{NAME}} -h 127.0.0.1 ping)
{{/ENCRYPTED}}
{{^ENCRYPTED}}
answer=$(redis-cli -h 127.0.0.1 ping)
{{/ENCRYPTED}}
[ "${answer}" = PONG ]

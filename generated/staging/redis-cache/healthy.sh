#!/bin/sh
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# Healthy means: answers PONG. A server that still loads its data is not.
set -eu

REDISCLI_AUTH=$(cat /run/secrets/redis-password)
export REDISCLI_AUTH

answer=$(redis-cli --tls --cacert /run/secrets/inside-ca --sni redis-cache -h 127.0.0.1 ping)
[ "${answer}" = PONG ]

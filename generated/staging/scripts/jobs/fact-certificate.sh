#!/bin/sh
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# Runs on every edge node, on the edge's volume: the chain, and the digest of the key's public half.
# The key stays where it is. (S18-HS-06)
set -eu
folder=${1:-/var/lib/edge/certificates}
public=$(mktemp)
trap 'rm -f "${public}"' EXIT
openssl pkey -in "${folder}/privkey.pem" -pubout -outform DER -out "${public}"
key=$(sha256sum "${public}")
chain=$(openssl base64 -A -in "${folder}/fullchain.pem")
echo "edge ${NODE:?} ${key%% *} ${chain:?}"

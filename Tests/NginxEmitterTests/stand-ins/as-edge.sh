#!/bin/sh
# Runs a command as the edge's container would: user 101 without any privilege, memory file
# systems that it may write to, a state volume that is its own.
set -eu
mkdir -p /run/edge /run/status
chmod 1777 /run/edge
# As engines do, so that `/dev/stdout` can be opened.
chown 101 /proc/self/fd/1 /proc/self/fd/2
mkdir -p /var/lib/edge /var/lib/acme/webroot
chown -R 101:101 /var/lib/edge /run/status
exec setpriv --reuid=101 --regid=101 --clear-groups --inh-caps=-all --bounding-set=-all \
  --no-new-privs "$@"

#!/bin/sh
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# Runs on an edge node: puts a certificate and its key where nginx' supervisor looks for them. The
# bundle is a file, or standard input. Both files change at once, for the folder is exchanged.
set -eu
umask 027
target=/var/lib/edge/certificates
new=/var/lib/edge/certificates.new
rm -rf "${new}"
mkdir -p "${new}/bundle"
bundle=${1:-/run/bundle.tar}
if [ "${bundle}" = - ]; then
  tar -x -C "${new}/bundle"
else
  tar -x -f "${bundle}" -C "${new}/bundle"
fi
mv "${new}"/bundle/*.crt "${new}/fullchain.pem"
mv "${new}"/bundle/*.key "${new}/privkey.pem"
rmdir "${new}/bundle"
chown -R 101:101 "${new}"
chmod 0750 "${new}"
chmod 0640 "${new}/fullchain.pem" "${new}/privkey.pem"
rm -rf "${target}.old"
[ ! -d "${target}" ] || mv "${target}" "${target}.old"
mv "${new}" "${target}"
rm -rf "${target}.old"
echo "installed"

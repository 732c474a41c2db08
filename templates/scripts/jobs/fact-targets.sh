#!/bin/sh
# Runs beside Prometheus, which nobody reaches from outside: asks it what it watches. (S18-HS-08)
set -eu
answer=$(/bin/wget -q -T 20 -O - 'http://{{PROMETHEUS}}/api/v1/targets?state=active')
printf '%s' "${answer}" | gzip | base64

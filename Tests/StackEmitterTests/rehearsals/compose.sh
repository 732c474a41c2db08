#!/usr/bin/env bash
# Inside `scripts/engine run`: brings a developer's environment up and down again, and writes down
# what the engine says. Judges nothing.
#
#   compose.sh PACKAGE FOLDER FILE
#
# FOLDER/images and FOLDER/local (images of the checkout, `NAME:TAG` a line) are there from the
# start; once FOLDER/digests is written, the caller generates FILE and writes `mounts` (folders of
# containers that hold generated files, one a line) and, last of all, `ready`.
set -euo pipefail

package=$1 folder=$2 file=$3
# shellcheck source=SCRIPTDIR/images.sh
source "${BASH_SOURCE[0]%/*}/images.sh"
mkdir -p -- "${folder}/said"

docker info --format '{{.Name}} {{.NCPU}} {{.MemTotal}}' >"${folder}/host"
make_images "${package}" "${folder}"
mapfile -t local_images <"${folder}/local"
"${package}/scripts/stand-in-images" "${stand_in_words[@]}" "${local_images[@]}"
await_file "${folder}/ready" 60
mapfile -t mounts <"${folder}/mounts"

compose() { docker compose --progress plain --file "${file}" "$@"; }

start=${SECONDS} status=0
compose up --detach --wait --wait-timeout 150 >"${folder}/said/up" 2>&1 || status=$?
printf '%s\n' "${status}" >"${folder}/said/up-status"
printf 'up after %s s\n' $((SECONDS - start)) >>"${folder}/said/times"
compose ps --all --format json >"${folder}/said/containers"
# shellcheck disable=SC2016
docker ps --quiet | xargs docker inspect --format '
  {{- $service := index .Config.Labels "com.docker.compose.service"}}
  {{- range $port, $bindings := .NetworkSettings.Ports}}{{range $bindings}}
    {{- printf "%s %s %s:%s\n" $service $port .HostIp .HostPort}}
  {{- end}}{{end}}' | sed '/^$/d' >"${folder}/said/ports"
for service in $(compose ps --services); do
  # shellcheck disable=SC2016
  compose exec --no-TTY "${service}" sh -c '
    for file in /run/secrets/*; do
      [ ! -e "$file" ] || printf "%s secret %s %s\n" "$1" "$(wc -c <"$file")" "$file"
    done
    service=$1 && shift
    find "$@" -type f | while read -r file; do
      printf "%s config %s %s\n" "$service" "$(sha256sum "$file" | cut -d " " -f 1)" "$file"
    done' sh "${service}" "${mounts[@]}" 2>/dev/null || :
done >"${folder}/said/arrived"

# A stand-in behind a shell cannot take QUIT: its time is short instead.
start=${SECONDS} status=0
compose down --volumes --timeout 5 >"${folder}/said/down" 2>&1 || status=$?
printf '%s\n' "${status}" >"${folder}/said/down-status"
printf 'down after %s s\n' $((SECONDS - start)) >>"${folder}/said/times"
{
  docker ps --all --quiet
  docker volume ls --quiet
  docker network ls --filter type=custom --quiet
} >"${folder}/said/left"

#!/usr/bin/env bash
# Inside `scripts/engine run --swarm`: the generated scripts of one environment on a real engine,
# from the first release to the way back, and what they and the engine said. Judges nothing.
#
#   engine.sh PACKAGE FOLDER ENVIRONMENT
#
# FOLDER/images is there from the start (see images.sh of the stacks' rehearsals); once
# FOLDER/digests and FOLDER/host are written, the caller generates FOLDER/site/ENVIRONMENT for this
# engine and writes `secrets` (one engine name a line), `labels`, the records `first.json`,
# `sick.json` and `second.json` and, last of all, `ready`.
set -euo pipefail

package=$1 folder=$2 environment=$3
# shellcheck source=SCRIPTDIR/../../StackEmitterTests/rehearsals/images.sh
source "${package}/Tests/StackEmitterTests/rehearsals/images.sh"
said=${folder}/said
mkdir -p -- "${said}" "${folder}"/{bin,tmp,state,world/faults}
printf 'https://hooks.example.com/canary-webhook\n' >"${folder}/state/webhook"

# The image of the database answers for its jobs; what they do is proven elsewhere.
digest=$(printf 'd%.0s' {1..64})
backup=daily-20260101T020000Z
dumped="result {\"name\":\"${backup}\",\"digest\":\"${digest}\",\"bytes\":5}"
# As Prometheus and a database would answer; the questions go the real way.
target='{"labels":{"job":"prometheus","instance":"prometheus:9090"},"health":"up"'
target+=",\"lastScrape\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}"
schema='{"applied":"0042","failed":[],"changed":[],"serves":["0042"]}'
stand_in_words=(
  --answers "/bin/wget={\"status\":\"success\",\"data\":{\"activeTargets\":[${target}]}}"
  --answers "migrate status=${schema}"
  --answers "bash -c=${dumped}\nverified ${backup}\nverified the copies"
  --answers migrate=migrated "${stand_in_words[@]}"
)
docker info --format '{{.Name}} {{.NCPU}} {{.MemTotal}}' >"${folder}/host"
make_images "${package}" "${folder}"
await_file "${folder}/ready" 60

read -r host _ <"${folder}/host"
while read -r label; do
  docker node update --label-add "${label}=true" "${host}" >/dev/null
done <"${folder}/labels"
while read -r name; do
  printf 'canary-%s' "${name}" | docker secret create "${name}" - >/dev/null
done <"${folder}/secrets"

# The network and the gate are stand-ins; the engine's client is the real one.
ln -s -- "${package}"/Tests/ScriptTests/stand-ins/bin/{curl,slipway-gate} "${folder}/bin"
export STAND_IN=${folder}/world SLIPWAY_STATE=${folder}/state SLIPWAY_METRICS=${folder}/metrics \
  TMPDIR=${folder}/tmp SLIPWAY_FACT_SECONDS=40 SLIPWAY_POLL=0.5 SLIPWAY_RETRY=0 SLIPWAY_ROLL_SECONDS=150 \
  PATH="${folder}/bin:${PATH}"

# script NAME SCRIPT [ARGUMENT...]: how it ended, what it said, and what runs then.
script() {
  local name=$1 start=${SECONDS} status=0
  "${folder}/site/generated/${environment}/scripts/$2" "${@:3}" >"${said}/${name}.out" \
    2>"${said}/${name}.err" </dev/null || status=$?
  printf '%s\n' "${status}" >"${said}/${name}.status"
  docker stack ps --no-trunc --filter desired-state=running --format '{{.Image}}' \
    "flowrex-${environment}" | sort >"${said}/${name}.images"
  printf '%s took %s s\n' "${name}" $((SECONDS - start)) >>"${said}/times"
}

script first deploy "${folder}/first.json"
script sick deploy "${folder}/sick.json"
script second deploy "${folder}/second.json"
script maintenance maintenance on
docker ps --quiet --filter "name=_edge\\." | head -n 1 |
  xargs -I '{}' docker exec '{}' ls /var/lib/edge >"${said}/edge" 2>&1 || :
script facts facts release
cp -R "${folder}/state/facts" "${folder}/facts"
script rollback rollback
script status status
docker service ls --format '{{.Name}}' | sort >"${said}/services"
docker config ls --format '{{.Name}}' | sort >"${said}/configs"
docker service ls --quiet | xargs docker service inspect >"${said}/inspected"

#!/usr/bin/env bash
# Inside `scripts/engine run --swarm`: the verbs of `slipway secrets` on a real engine, with the
# names of the generated files of production and a small stack that mounts some of them. Writes
# down what was said; judges nothing.
#
#   engine.sh PACKAGE FOLDER SLIPWAY
set -euo pipefail

package=$1 folder=$2 slipway=$3
said=${folder}/said values=${folder}/values generated=${folder}/generated/prod
mkdir -p -- "${said}" "${values}" "${folder}"/{authority,bin,state} "${generated}"
stack=flowrex-prod
export SLIPWAY_STATE=${folder}/state SLIPWAY_POLL=0.3 SLIPWAY_LOCK_SECONDS=1 LLVM_PROFILE_FILE=/dev/null

# Every word and variable that the engine's client is given is written down.
real=$(command -v docker)
cat >"${folder}/bin/docker" <<DOCKER
#!/usr/bin/env bash
{ printf '%s ' "\$@" && printf '\n' && env; } >>"${said}/given"
exec "${real}" "\$@"
DOCKER
chmod +x "${folder}/bin/docker"
export PATH="${folder}/bin:${PATH}"

"${package}/scripts/stand-in-images" --serves shop shop:1 >/dev/null

cp -- "${package}"/generated/prod/{gate,secrets}.json "${generated}"
jq --arg path "${values}" '.secrets.source = {kind: "files", path: $path}' \
  "${package}/generated/prod/gate.json" >"${generated}/gate.json"

# verb NAME WORD...: what it said, and how it ended.
verb() {
  local name=$1 status=0
  shift
  (cd "${folder}" && "${slipway}" "$@") >"${said}/${name}.out" 2>"${said}/${name}.err" || status=$?
  printf '%s\n' "${status}" >"${said}/${name}.status"
}

# value FILE TEXT: into the source, and among what must be seen nowhere.
value() {
  printf '%s' "$2" >"${values}/$1"
  printf '%s\n' "$2" >>"${folder}/canaries"
}

# next NAME VERSION: the specification names another version.
next() {
  jq --arg name "$1" --argjson version "$2" '(.secrets[] | select(.name == $name))
    |= (.version = $version | .engine = "'"${stack}"'_\(.name)_v\($version)")' \
    "${generated}/secrets.json" >"${generated}/secrets.new"
  mv -- "${generated}/secrets.new" "${generated}/secrets.json"
}

# state NAME: secrets, what the readers mount, and what they read.
state() {
  "${real}" secret ls --format '{{.Name}}' | sort >"${said}/$1.secrets"
  "${real}" service inspect "${stack}_backend" "${stack}_redis-cache" |
    jq --raw-output '.[] | .Spec.Name as $name | .Spec.TaskTemplate.ContainerSpec.Secrets[]
      | "\($name) \(.SecretName) \(.File.UID):\(.File.GID):\(.File.Mode)"' | sort \
    >"${said}/$1.mounts"
  local id
  for id in $("${real}" ps --quiet --filter "name=${stack}_backend\\." --filter health=healthy); do
    "${real}" exec "${id}" cat /run/secrets/jwt-secret-key
    echo
  done | sort >"${said}/$1.read"
}

verb issue pki issue prod --new-authority --authority authority --into values
jq --raw-output '.secrets.keys[] | "\(.name) \(.form)"' "${generated}/gate.json" |
  while read -r name form; do
    file=$(tr 'A-Z_' 'a-z-' <<<"${name}")
    random=$(openssl rand -hex 32)
    case ${form} in
      pem) ;;
      url) value "${file}" "https://hooks.example.com/${random}" ;;
      passwordHash) value "${file}" "\$2b\$12\$$(head -c 53 <<<"${random}")" ;;
      *) value "${file}" "${random}" ;;
    esac
  done

verb status-before secrets status prod
mv -- "${values}/jwt-secret-key" "${folder}/kept"
printf 'short' >"${values}/jwt-secret-key"
verb sync-weak secrets sync prod
"${real}" secret ls --quiet >"${said}/sync-weak.secrets"
mv -- "${folder}/kept" "${values}/jwt-secret-key"
verb sync secrets sync prod
verb sync-again secrets sync prod

cat >"${folder}/stack.yml" <<STACK
version: "3.8"
services:
  backend:
    image: shop:1
    command: [shop]
    healthcheck:
      test: ["CMD", "sh", "-c", "! grep -q ^0000 /run/secrets/jwt-secret-key"]
      interval: 0.5s
      timeout: 5s
      retries: 2
    secrets:
      - {source: jwt-secret-key, target: /run/secrets/jwt-secret-key, uid: "1000", gid: "1000", mode: 0400}
    deploy:
      replicas: 2
      endpoint_mode: dnsrr
      update_config: {order: start-first, failure_action: rollback, monitor: 3s}
  redis-cache:
    image: shop:1
    command: [shop]
    secrets:
      - {source: redis-password, target: /run/secrets/redis-password, uid: "999", gid: "999", mode: 0400}
    deploy: {endpoint_mode: dnsrr}
secrets:
  jwt-secret-key: {external: true, name: ${stack}_jwt-secret-key_v1}
  redis-password: {external: true, name: ${stack}_redis-password_v1}
STACK
docker stack deploy --detach=true --resolve-image never --compose-file "${folder}/stack.yml" \
  "${stack}" >/dev/null
for _ in {1..300}; do
  [[ $("${real}" service ls --format '{{.Replicas}}' | sort | tr '\n' ' ') != '1/1 2/2 ' ]] || break
  sleep 0.2
done
verb status-running secrets status prod
state first

verb rotate-nothing secrets rotate prod JWT_SECRET_KEY
next jwt-secret-key 2
verb rotate-same secrets rotate prod JWT_SECRET_KEY
value jwt-secret-key "$(openssl rand -hex 32)1"
verb rotate secrets rotate prod JWT_SECRET_KEY
state second

next jwt-secret-key 3
value jwt-secret-key "0000$(openssl rand -hex 30)1"
verb rotate-sick secrets rotate prod JWT_SECRET_KEY --wait 60
state sick

next jwt-secret-key 4
value jwt-secret-key "$(openssl rand -hex 32)1"
(
  exec 9>"${folder}/state/lock"
  flock 9
  verb rotate-locked secrets rotate prod JWT_SECRET_KEY
)
verb rotate-mended secrets rotate prod JWT_SECRET_KEY
state mended

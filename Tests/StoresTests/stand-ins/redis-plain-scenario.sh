# shellcheck shell=bash
# Both Redis servers of a developer. Sourced by `machines`.
: "${stand_ins:?}"
encrypted=no
# shellcheck source=SCRIPTDIR/redis-scenario.sh
source "${stand_ins}/redis-scenario.sh"

#!/usr/bin/env bash
# HTTP: what a request, a connection and a handshake cost with Everyport, beside bare YARP, nginx and haproxy, bound to the
# ports that the clients dial or behind TPROXY, in the same topology and the same run. Needs root.
#
# HTTP_RUNS says how many rounds there are (default: 5), HTTP_SECONDS how long each measure takes (default: 3), HTTP_ONLY
# which contestants take part, instead of all of loadtest/http/contestants.sh, and HTTP_MEASURES which measures are taken,
# instead of all of loadtest/http/measures.sh. A round takes eight minutes.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

rounds=${HTTP_RUNS:-5} seconds=${HTTP_SECONDS:-3}
# Requests a second that everything sustains.
pace=2000 idle_connections=1000

# shellcheck disable=SC1091 # they are checked by themselves
{
	. loadtest/bed/contest.sh
	. loadtest/http/contestants.sh
	. loadtest/http/generators.sh
	. loadtest/http/measures.sh
	. loadtest/http/report.sh
}
prepare http "${HTTP_ONLY-}"
read -ra measures <<<"${HTTP_MEASURES:-${measures[*]}}"
compile httpload -lssl -lcrypto
publish_programs
make_certificates

# take_turn CONTESTANT: all measures once; that of idle connections has a fresh process.
take_turn() {
	local -a loads=()
	local name
	for name in "${measures[@]}"; do
		[ "$name" = idle ] || ! takes "$1" "$name" || loads+=("$name")
	done
	[ ${#loads[@]} = 0 ] || take_measures "$1" "${loads[@]}"
	[[ " ${measures[*]} " == *' idle '* ]] && takes "$1" idle || return 0

	lay_topology
	if ! start "$1" || ! measure_idle "$1"; then
		fail "$1" idle
	fi
	clear_topology
}

compete
markdown >"$BENCH_OUT/http.md"
json http >"$BENCH_OUT/http.json"

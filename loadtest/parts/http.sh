#!/usr/bin/env bash
# HTTP: what a request, a connection and a handshake cost with Everyport, beside bare YARP, nginx and haproxy, bound to the
# ports that the clients dial or behind TPROXY, in the same topology and the same run. Needs root.
#
# HTTP_RUNS says how many rounds there are (default: 2), HTTP_SECONDS how long each measure takes (default: 2, whole ones),
# HTTP_ONLY which contestants take part, instead of all of loadtest/http/contestants.sh, and HTTP_MEASURES which measures
# are taken, instead of all of loadtest/http/measures.sh. A round of these takes eight minutes.
#
# HTTP_SOAK_SECONDS says how long those of them that HTTP_SOAK_ONLY names (default: everyport) are under load afterwards, one
# after the other, to see whether their memory grows (default: 0, not at all; 600 is what a claim takes), and HTTP_SOAK_RATE how
# many requests a second they get (default: as many as they answer). With HTTP_RUNS=0, that is all there is.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

rounds=${HTTP_RUNS:-2} seconds=${HTTP_SECONDS:-2} soak_seconds=${HTTP_SOAK_SECONDS:-0} soak_samples=10 soak_rate=${HTTP_SOAK_RATE-}
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
soaked=()
if [ "$soak_seconds" != 0 ]; then
	read -ra soaked <<<"${HTTP_SOAK_ONLY:-everyport}"
	require_among "${chosen[*]}" "${soaked[@]}"
fi
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

# take_soak CONTESTANT: once, in a fresh process that is warm.
take_soak() {
	lay_topology
	# At a rate that it is meant to bear, it gets warm by itself.
	if ! start "$1" || ! { [ -n "$soak_rate" ] || warm_up "$1"; } || ! soak "$1"; then
		fail "$1" soak
	fi
	clear_topology
	echo "soak: $1"
}

compete
for contestant in "${soaked[@]}"; do
	take_soak "$contestant"
done
markdown >"$BENCH_OUT/http.md"
json http >"$BENCH_OUT/http.json"

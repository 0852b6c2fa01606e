#!/usr/bin/env bash
# TCP at layer 4: throughput, connection rate, latency and memory of Everyport beside haproxy and nginx, bound to the
# ports that the clients dial or behind TPROXY, in the same topology and the same run. Needs root.
#
# STREAMS_RUNS says how many rounds there are (default: 5), STREAMS_SECONDS how long each measure takes (default: 3), and
# STREAMS_ONLY which contestants take part, instead of all of loadtest/streams/contestants.sh. A round takes six minutes.
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

rounds=${STREAMS_RUNS:-5} seconds=${STREAMS_SECONDS:-3}
# Requests a second that everything sustains; and as many idle connections as the descriptors of a process allow, as a
# proxy needs two for each.
pace=5000 idle_connections=9000
[ "$(id -u)" = 0 ] || { echo "streams needs root, for network namespaces and BPF." >&2; exit 1; }
everyport=$PWD/out/everyport/everyport
[ -x "$everyport" ] || { echo "$everyport is not there; run 'make build'." >&2; exit 1; }
ulimit -n 20000 || { echo "streams needs 20,000 descriptors for a process; 'ulimit -Hn' says $(ulimit -Hn)." >&2; exit 1; }

# shellcheck disable=SC1091 # they are checked by themselves
{
	. loadtest/statistics.sh
	. loadtest/streams/topology.sh
	. loadtest/streams/contestants.sh
	. loadtest/streams/measures.sh
	. loadtest/streams/report.sh
}
read -ra chosen <<<"${STREAMS_ONLY:-${contestants[*]}}"
for contestant in "${chosen[@]}"; do
	[ -n "${titles[$contestant]-}" ] || { echo "There is no contestant '$contestant'; they are: ${contestants[*]}." >&2; exit 2; }
done

work=$(mktemp -d)
namespaces=everyport-streams-$$
clean_up() {
	clear_topology
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

streamload=$BENCH_OUT/bin/streamload
mkdir -p "${streamload%/*}"
gcc -O2 -Wall -Wextra -o "$streamload" loadtest/streamload/*.c

# What a contestant could not do is said in the report, and its turn ends; the others go on.
failures=()
fail() {
	failures+=("${titles[$1]} at $2")
	echo "$1 failed at $2." >&2
}

# take_turn CONTESTANT ROUND: all measures once.
take_turn() {
	local name
	lay_topology
	if ! start "$1" || ! warm_up "$1"; then
		fail "$1" start
		clear_topology
		return
	fi
	for name in "${measures[@]}"; do
		measure "$1" "$name" || { fail "$1" "$name"; break; }
	done
	clear_topology
	[ "$1" != direct ] || return 0

	lay_topology
	if ! start "$1" || ! measure_idle "$1"; then
		fail "$1" idle
	fi
	clear_topology
}

for ((round = 1; round <= rounds; round++)); do
	while read -r contestant; do
		take_turn "$contestant"
		echo "round $round of $rounds: $contestant"
	done < <(shuf -e "${chosen[@]}")
done

markdown >"$BENCH_OUT/streams.md"
json >"$BENCH_OUT/streams.json"

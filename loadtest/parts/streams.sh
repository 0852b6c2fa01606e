#!/usr/bin/env bash
# TCP at layer 4: throughput, connection rate, latency and memory of Everyport beside haproxy and nginx, bound to the
# ports that the clients dial or behind TPROXY, in the same topology and the same run. Needs root.
#
# STREAMS_RUNS says how many rounds there are (default: 5), STREAMS_SECONDS how long each measure takes (default: 3), and
# STREAMS_ONLY which contestants take part, instead of all of loadtest/streams/contestants.sh. A round takes six minutes.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

rounds=${STREAMS_RUNS:-5} seconds=${STREAMS_SECONDS:-3}
# Requests a second that everything sustains; and as many idle connections as the descriptors of a process allow, as a
# proxy needs two for each.
pace=5000 idle_connections=9000

# shellcheck disable=SC1091 # they are checked by themselves
{
	. loadtest/bed/contest.sh
	. loadtest/streams/contestants.sh
	. loadtest/streams/measures.sh
	. loadtest/streams/report.sh
}
prepare streams "${STREAMS_ONLY-}"
compile streamload

# take_turn CONTESTANT: all measures once.
take_turn() {
	take_measures "$1" "${measures[@]}"
	[ "$1" != direct ] || return 0

	lay_topology
	if ! start "$1" || ! measure_idle "$1"; then
		fail "$1" idle
	fi
	clear_topology
}

compete
markdown >"$BENCH_OUT/streams.md"
json streams >"$BENCH_OUT/streams.json"

#!/usr/bin/env bash
# UDP: datagrams for each second of CPU, latency, and new flows of Everyport beside nginx, bound to the ports that the
# clients dial or behind TPROXY, in the same topology and the same run. Needs root.
#
# FLOWS_RUNS says how many rounds there are (default: 5), FLOWS_SECONDS how long each measure takes (default: 2), and
# FLOWS_ONLY which contestants take part, instead of all of loadtest/flows/contestants.sh. A round takes five minutes.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

rounds=${FLOWS_RUNS:-5} seconds=${FLOWS_SECONDS:-2}

# shellcheck disable=SC1091 # they are checked by themselves
{
	. loadtest/bed/contest.sh
	. loadtest/flows/contestants.sh
	. loadtest/flows/measures.sh
	. loadtest/flows/report.sh
}
prepare flows "${FLOWS_ONLY-}"
compile flowload

take_turn() {
	take_measures "$1" "${measures[@]}"
}

compete
markdown >"$BENCH_OUT/flows.md"
json flows >"$BENCH_OUT/flows.json"

#!/usr/bin/env bash
# Sourced: a part in which contestants take turns in the topology, in another order in each round. The part has `titles`
# by the names of `contestants`, and the functions start CONTESTANT and take_turn CONTESTANT.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# shellcheck disable=SC1091 # they are checked by themselves
{
	. loadtest/statistics.sh
	. loadtest/bed/topology.sh
	. loadtest/bed/nginx.sh
	. loadtest/bed/cost.sh
	. loadtest/bed/report.sh
}

# prepare PART CHOSEN: the work folder and the namespaces, and `chosen`, the contestants, all of them unless named.
prepare() {
	[ "$(id -u)" = 0 ] || { echo "$1 needs root, for network namespaces and BPF." >&2; exit 1; }
	everyport=$PWD/out/everyport/everyport
	[ -x "$everyport" ] || { echo "$everyport is not there; run 'make build'." >&2; exit 1; }
	ulimit -n 20000 || { echo "$1 needs 20,000 descriptors for a process; 'ulimit -Hn' says $(ulimit -Hn)." >&2; exit 1; }

	read -ra chosen <<<"${2:-${contestants[*]}}"
	require_among "${contestants[*]}" "${chosen[@]}"

	# Contestants write no log of what they serve.
	export AccessLog__Enabled=false

	work=$(mktemp -d)
	namespaces=everyport-$1-$$
	trap clean_up EXIT
	trap 'exit 130' INT TERM
}

# require_among CONTESTANTS NAME...: ends the program where a name is none of them.
require_among() {
	local name
	for name in "${@:2}"; do
		[[ " $1 " == *" $name "* ]] || { echo "There is no contestant '$name'; they are: $1." >&2; exit 2; }
	done
}

clean_up() {
	clear_topology
	rm -rf "$work"
}

# compile PROGRAM [LIBRARY...]: a load generator, to `generator`.
compile() {
	generator=$BENCH_OUT/bin/$1
	mkdir -p "${generator%/*}"
	gcc -O2 -Wall -Wextra -o "$generator" loadtest/load/*.c "loadtest/$1/"*.c "${@:2}"
}

compete() {
	local round contestant
	local -a order
	for ((round = 1; round <= rounds; round++)); do
		mapfile -t order < <(shuf -e "${chosen[@]}")
		for contestant in "${order[@]}"; do
			take_turn "$contestant"
			echo "round $round of $rounds: $contestant"
		done
	done
}

# take_measures CONTESTANT MEASURE...: each once, with `measure`, after a start and a `warm_up`.
take_measures() {
	local name
	lay_topology
	if ! start "$1" || ! warm_up "$1"; then
		fail "$1" start
		clear_topology
		return
	fi
	for name in "${@:2}"; do
		measure "$1" "$name" || fail "$1" "$name"
	done
	clear_topology
}

# What a contestant could not do is said in the report; it goes on with the next measure, as the others do.
failures=()
fail() {
	failures+=("${titles[$1]} at $2")
	echo "$1 failed at $2." >&2
}

# in_background NAMESPACE PROGRAM...: its messages are shown where it fails.
in_background() {
	(in_namespace "$@") >"$work/$1.log" 2>&1 </dev/null &
	disown
}

# await_answer CONTESTANT: until `probe` finds that it answers.
await_answer() {
	local end=$((SECONDS + 20))
	while [ $SECONDS -lt $end ]; do
		! probe "$1" </dev/null >"$work/answer.log" 2>&1 || return 0
		sleep 0.05
	done
	echo "$1 does not answer:" >&2
	cat "$work/answer.log" "$work/proxy.log" >&2
	return 1
}

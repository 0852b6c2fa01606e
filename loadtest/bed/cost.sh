#!/usr/bin/env bash
# Sourced: runs the load generator, and records what that cost as figures[CONTESTANT.MEASURE.FIGURE], a list with one for
# each round.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

declare -A figures

record() {
	figures[$1]+=" $2"
}

# calculate FORMAT EXPRESSION: with awk, as bash has no fractions.
calculate() {
	awk "BEGIN { printf \"$1\", $2 }"
}

# field NAME: of the line of JSON in `result`.
field() {
	sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p" <<<"$result"
}

# The processes in a namespace.
processes() {
	ip netns pids "$namespaces-$1" | tr '\n' ' '
}

# compute_time PID...: the seconds that they computed until now, the kernel's work for them included.
compute_time() {
	local -a files=("${@/#//proc/}")
	[ $# -gt 0 ] || { echo 0; return; }
	cat "${files[@]/%//stat}" | awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum / hz }'
}

# The seconds that all cores were busy until now, with whatever it was.
busy_time() {
	awk -v hz="$(getconf CLK_TCK)" '$1 == "cpu" { print ($2 + $3 + $4 + $7 + $8 + $9) / hz }' /proc/stat
}

# memory PID...: their share of resident memory, in KiB; fails where there is none.
memory() {
	local -a files=("${@/#//proc/}")
	[ $# -gt 0 ] || return 1
	cat "${files[@]/%//smaps_rollup}" | awk '$1 == "Pss:" { sum += $2 } END { print sum; exit !sum }'
}

# run_load CONTESTANT MODE [OPTION...]: sets `result`, `cpu_proxy`, and `cpu_all`, which has the load generator and the
# origin as well: the kernel charges much of what it does for a proxy to whoever sent the packet.
run_load() {
	local -a proxy origin
	local start busy origin_before
	read -ra proxy <<<"$(processes proxy)"
	read -ra origin <<<"$(processes origin)"
	start=$EPOCHREALTIME busy=$(busy_time) origin_before=$(compute_time "${origin[@]}") cpu_proxy=$(compute_time "${proxy[@]}")
	result=$(load "$@" 2>"$work/load.log") || { cat "$work/load.log" >&2; return 1; }
	cpu_proxy=$(calculate %.3f "$(compute_time "${proxy[@]}") - $cpu_proxy")
	cpu_all=$(calculate %.3f "$cpu_proxy + $(field cpu) + $(compute_time "${origin[@]}") - $origin_before")
	record other "$(calculate %.3f "($(busy_time) - $busy - $cpu_all) / ($EPOCHREALTIME - $start) / $(nproc)")"
}

# record_cpu CONTESTANT.MEASURE FORMAT AMOUNT: what a unit of the amount cost the proxy, and all three.
record_cpu() {
	[[ $1 == direct.* ]] || record "$1.cpu" "$(calculate "$2" "$cpu_proxy / $3")"
	record "$1.all" "$(calculate "$2" "$cpu_all / $3")"
}

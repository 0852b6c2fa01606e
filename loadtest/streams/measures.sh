#!/usr/bin/env bash
# Sourced: what is measured. Each measure runs the load generator once and records figures as
# figures[CONTESTANT.MEASURE.FIGURE], a list with one for each round.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

bulk_measures=(down1 down16 up1 up16)
measures=("${bulk_measures[@]}" connect paced full)
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

# memory PID...: their share of resident memory, in KiB.
memory() {
	local -a files=("${@/#//proc/}")
	cat "${files[@]/%//smaps_rollup}" | awk '$1 == "Pss:" { sum += $2 } END { print sum }'
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

# measure CONTESTANT MEASURE: fails where the contestant did.
measure() {
	case $2 in
	down*) measure_bulk "$1" "$2" "${2#down}" ;;
	up*) measure_bulk "$1" "$2" "${2#up}" -u ;;
	connect) measure_connect "$1" ;;
	paced) measure_requests "$1" paced -r "$pace" ;;
	full) measure_requests "$1" full ;;
	esac
}

measure_bulk() {
	run_load "$1" bulk -t "$seconds" -c "$3" "${@:4}" || return 1
	record "$1.$2.rate" "$(calculate %.2f "$(field bytes) * 8 / 1e9 / $(field seconds)")"
	record_cpu "$1.$2" %.3f "$(calculate %.6f "$(field bytes) / 1024 ^ 3")"
}

measure_connect() {
	run_load "$1" connect -t "$seconds" -c 64 || return 1
	[ "$(field failed)" = 0 ] || { echo "$(field failed) connections failed. $(<"$work/load.log")" >&2; return 1; }
	record "$1.connect.rate" "$(calculate %.0f "$(field connections) / $(field seconds)")"
	record_cpu "$1.connect" %.2f "$(calculate %.6f "$(field connections) / 1e5")"
	record "$1.connect.p50" "$(calculate %.0f "$(field p50)")"
	record "$1.connect.p99" "$(calculate %.0f "$(field p99)")"
}

measure_requests() {
	run_load "$1" pingpong -t "$seconds" -c 64 "${@:3}" || return 1
	record "$1.$2.rate" "$(calculate %.0f "$(field requests) / $(field seconds)")"
	record_cpu "$1.$2" %.2f "$(calculate %.6f "$(field requests) / 1e5")"
	record "$1.$2.p50" "$(calculate %.0f "$(field p50)")"
	record "$1.$2.p99" "$(calculate %.0f "$(field p99)")"
}

# What a proxy only does at first, compiling and growing, is not what is compared.
warm_up() {
	local part
	part=$(calculate %.2f "$seconds / 3")
	load "$1" connect -t "$part" -c 64 >/dev/null &&
		load "$1" bulk -t "$part" -c 16 >/dev/null &&
		load "$1" bulk -t "$part" -c 16 -u >/dev/null &&
		load "$1" pingpong -t "$part" -c 64 >/dev/null
}

# What the process grows by for each connection that rests after one exchange. It has to be a fresh process: one that
# has had many connections before may have kept what they took.
measure_idle() {
	local -a proxy
	local hold before after generator
	load "$1" connect -t 1 -c 64 >/dev/null || return 1
	sleep 1
	read -ra proxy <<<"$(processes proxy)"
	before=$(memory "${proxy[@]}")

	rm -f "$work/hold" "$work/idle.log"
	mkfifo "$work/hold"
	load "$1" idle -c "$idle_connections" <"$work/hold" >"$work/idle.log" 2>&1 &
	generator=$!
	exec {hold}>"$work/hold"
	until [ -s "$work/idle.log" ]; do
		sleep 0.1
	done
	sleep 1
	after=$(memory "${proxy[@]}")
	exec {hold}>&-
	wait "$generator" || { cat "$work/idle.log" >&2; return 1; }
	grep -q '"lost": 0 ' "$work/idle.log" || { echo "Idle connections were lost: $(<"$work/idle.log")" >&2; return 1; }

	record "$1.idle.rest" "$(calculate %.1f "$before / 1024")"
	record "$1.idle.each" "$(calculate %.2f "($after - $before) / $idle_connections")"
}

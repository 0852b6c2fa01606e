#!/usr/bin/env bash
# Sourced: what is measured. Each measure runs the load generator once.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

bulk_measures=(down1 down16 up1 up16)
measures=("${bulk_measures[@]}" connect paced full)

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
	local hold before after holder
	load "$1" connect -t 1 -c 64 >/dev/null || return 1
	sleep 1
	read -ra proxy <<<"$(processes proxy)"
	before=$(memory "${proxy[@]}")

	rm -f "$work/hold" "$work/idle.log"
	mkfifo "$work/hold"
	load "$1" idle -c "$idle_connections" <"$work/hold" >"$work/idle.log" 2>&1 &
	holder=$!
	exec {hold}>"$work/hold"
	until [ -s "$work/idle.log" ]; do
		sleep 0.1
	done
	sleep 1
	after=$(memory "${proxy[@]}")
	exec {hold}>&-
	wait "$holder" || { cat "$work/idle.log" >&2; return 1; }
	grep -q '"lost": 0 ' "$work/idle.log" || { echo "Idle connections were lost: $(<"$work/idle.log")" >&2; return 1; }

	record "$1.idle.rest" "$(calculate %.1f "$before / 1024")"
	record "$1.idle.each" "$(calculate %.2f "($after - $before) / $idle_connections")"
}

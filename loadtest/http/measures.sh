#!/usr/bin/env bash
# Sourced: what is measured. Each measure runs a load generator once.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

bodies=(0 1024 102400)
h1_measures=("${bodies[@]/#/h1-}")
h2c_measures=("${bodies[@]/#/h2c-}")
handshake_measures=(handshake-ecdsa handshake-rsa handshake-resumed)
tls_measures=(tls-h1 tls-h2)
load_measures=("${h1_measures[@]}" new "${h2c_measures[@]}" "${handshake_measures[@]}" "${tls_measures[@]}" paced)
measures=("${load_measures[@]}" memory idle)

# takes CONTESTANT MEASURE: whether it has anything to show there.
takes() {
	case $1.$2 in
	direct.h1-* | direct.new | direct.paced) ;;
	direct.*) return 1 ;;
	esac
}

# measure CONTESTANT MEASURE: fails where the contestant did.
measure() {
	case $2 in
	h1-*) measure_load "$1" "$2" requests wrk 64 "/${2#h1-}" ;;
	h2c-*) measure_load "$1" "$2" requests h2load 16 "/${2#h2c-}" -m 4 ;;
	new) measure_load "$1" new connections httpload connect -c 64 -t "$seconds" -u /1024 ;;
	handshake-resumed) measure_load "$1" "$2" handshakes httpload handshake -R -T ecdsa.bench -c 64 -t "$seconds" -u /0 ;;
	handshake-*) measure_load "$1" "$2" handshakes httpload handshake -T "${2#handshake-}.bench" -c 64 -t "$seconds" ;;
	tls-h1) secure=yes measure_load "$1" "$2" requests wrk 64 /1024 ;;
	tls-h2) secure=yes measure_load "$1" "$2" requests h2load 16 /1024 -m 4 ;;
	memory) measure_memory "$1" ;;
	paced) measure_load "$1" paced requests httpload requests -c 64 -t "$seconds" -u /1024 -r "$pace" ;;
	esac
}

# measure_load CONTESTANT MEASURE WHAT GENERATOR...: WHAT is what the generator counts.
measure_load() {
	local count before figure
	before=$(allocated "$1")
	run_load "$1" "${@:4}" || return 1
	count=$(field "$3")
	[ "$(field failed)" = 0 ] || { echo "$(field failed) of $count $3 failed. $(<"$work/load.log")" >&2; return 1; }
	record "$1.$2.rate" "$(calculate %.0f "$count / $(field seconds)")"
	record_cpu "$1.$2" %.2f "$(calculate %.6f "$count / 1e6")"
	for figure in p50 p99 p999; do
		[ -z "$(field $figure)" ] || record "$1.$2.$figure" "$(calculate %.0f "$(field $figure)")"
	done
	[ -z "$before" ] || record "$1.$2.allocated" "$(calculate %.0f "($(allocated "$1") - $before) / $count")"
}

# allocated CONTESTANT: what the proxy has allocated until now, in bytes; nothing where it is none of .NET.
allocated() {
	local end=$((SECONDS + 10))
	[[ $1 == everyport || $1 == yarp ]] || return 0
	rm -f "$work/allocations"
	# shellcheck disable=SC2046 # numbers of processes
	kill -USR2 $(processes proxy)
	until [ -e "$work/allocations" ]; do
		[ $SECONDS -lt $end ] || { echo 'The program does not say what it has allocated.' >&2; return 1; }
		sleep 0.01
	done
	cut -d ' ' -f 1 "$work/allocations"
}

# What a proxy only does at first, compiling and growing, is not what is compared. Programs of .NET compile what they do often
# once more, in the background, for as long as a minute of load: they are warm when a request costs what it did before.
warm_up() {
	level "$1" requests wrk 64 /1024 && level "$1" requests wrk 64 /102400 && level "$1" connections httpload connect -c 64 -t 2 -u /1024 || return 1
	! takes "$1" h2c-1024 || {
		level "$1" requests h2load 16 /1024 -m 4 && level "$1" requests h2load 16 /102400 -m 4 || return 1
	}
	! takes "$1" tls-h2 || {
		level "$1" handshakes httpload handshake -T ecdsa.bench -c 64 -t 2 &&
			secure=yes level "$1" requests wrk 64 /1024 && secure=yes level "$1" requests h2load 16 /1024 -m 4
	}
}

# How much less a run may cost than the one before to count as level, how many have to in a row, and how many runs there are at most.
level_tolerance=0.04 level_runs=2 level_most=15

# level CONTESTANT WHAT GENERATOR...: the same load again and again, until it does not get cheaper for the proxy.
level() {
	local seconds=2 turn cost before='' steady=0
	local -a proxy
	[[ $1 == everyport || $1 == yarp ]] || seconds=1
	for ((turn = 0; turn < level_most && steady < level_runs; turn++)); do
		[[ $1 == everyport || $1 == yarp || $turn = 0 ]] || break
		read -ra proxy <<<"$(processes proxy)"
		cost=$(compute_time "${proxy[@]}")
		result=$(load "$1" "${@:3}" 2>"$work/load.log") || { cat "$work/load.log" >&2; return 1; }
		cost=$(calculate %.9f "($(compute_time "${proxy[@]}") - $cost) / ($(field "$2") + 1)")
		[ -n "$before" ] && [ "$(calculate %d "($cost >= $before * (1 - $level_tolerance))")" = 1 ] && steady=$((steady + 1)) || steady=0
		before=$cost
	done
}

# What the process has after a single request, and what it grows by for each connection that rests after one. It has to be
# a fresh process: one that has had many connections before may have kept what they took.
measure_idle() {
	local -a proxy
	local hold before after holder
	sleep 1
	read -ra proxy <<<"$(processes proxy)"
	before=$(memory "${proxy[@]}") || return 1
	record "$1.memory.rest" "$(calculate %.1f "$before / 1024")"
	load "$1" httpload connect -t 1 -c 64 -u /1024 >/dev/null || return 1
	sleep 1
	before=$(memory "${proxy[@]}") || return 1

	rm -f "$work/hold" "$work/idle.log"
	mkfifo "$work/hold"
	load "$1" httpload idle -c "$idle_connections" -u /1024 <"$work/hold" >"$work/idle.log" 2>&1 &
	holder=$!
	exec {hold}>"$work/hold"
	until [ -s "$work/idle.log" ]; do
		sleep 0.1
	done
	sleep 1
	after=$(memory "${proxy[@]}") || after=
	exec {hold}>&-
	wait "$holder" || { cat "$work/idle.log" >&2; return 1; }
	grep -q '"lost": 0 ' "$work/idle.log" || { echo "Idle connections were lost: $(<"$work/idle.log")" >&2; return 1; }

	[ -n "$after" ] || return 1
	record "$1.memory.idle" "$(calculate %.1f "$after / 1024")"
	record "$1.memory.each" "$(calculate %.2f "($after - $before) / $idle_connections")"
}

# What it holds when all the measures are over.
measure_memory() {
	local loaded
	sleep 1
	# shellcheck disable=SC2046 # numbers of processes
	loaded=$(memory $(processes proxy)) || return 1
	record "$1.memory.loaded" "$(calculate %.1f "$loaded / 1024")"
}

# soak CONTESTANT: kept connections that ask at soak_rate, or as fast as they are answered, and the memory of the proxy at intervals. It
# fails where a request or a connection was lost.
soak() {
	local -a proxy
	local loader start taken i
	read -ra proxy <<<"$(processes proxy)"
	start=$EPOCHREALTIME
	# A little longer, so that the last look is still one under load.
	load "$1" httpload requests -c "$idle_connections" -t "$((soak_seconds + 2))" -u /1024 ${soak_rate:+-r "$soak_rate"} >"$work/soak.log" 2>&1 &
	loader=$!
	for ((i = 1; i <= soak_samples; i++)); do
		sleep "$(calculate %.3f "$start + $soak_seconds / $soak_samples * $i - $EPOCHREALTIME" | sed 's/^-.*/0/')"
		kill -0 "$loader" 2>/dev/null || break
		taken=$(memory "${proxy[@]}") || break
		record "$1.soak.memory" "$(calculate %.1f "$taken / 1024")"
	done
	wait "$loader" || { cat "$work/soak.log" >&2; return 1; }
	result=$(<"$work/soak.log")
	record "$1.soak.rate" "$(calculate %.0f "$(field requests) / $(field seconds)")"
	record "$1.soak.p99" "$(calculate %.0f "$(field p99)")"
}

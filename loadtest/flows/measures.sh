#!/usr/bin/env bash
# Sourced: what is measured. Each measure runs the load generator once.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# KIND.BYTES.FAMILY
rows=()
for kind in busy many single; do
	rows+=("$kind-64-4" "$kind-64-6" "$kind-1200-4" "$kind-1200-6")
done
measures=("${rows[@]/%/-paced}" "${rows[@]/%/-full}")

# Datagrams a second that everything sustains, and how many are on their way at full speed.
declare -A paces=([busy]=10000 [many]=10000 [single]=4000)
window=64

# The sockets of the client make the flows: one, 1,000, or, as each of them goes on to another port each time, more
# than a measure has datagrams.
declare -A flows=([busy]='-c 1' [many]='-c 1000' [single]='-c 4096 -f')

# measure CONTESTANT MEASURE: fails where the contestant did. A packet is a datagram and its answer.
measure() {
	local row=${2%-*} speed=${2##*-}
	local -a options
	read_options "$row"
	if [ "$speed" = paced ]; then
		run_load "$1" "${options[@]}" -t "$seconds" -r "${paces[${row%%-*}]}" || return 1
		record "$1.$2.loss" "$(calculate %.3g "100 * $(field lost) / $(field sent)")"
		record "$1.$2.p50" "$(calculate %.0f "$(field p50)")"
		record "$1.$2.p99" "$(calculate %.0f "$(field p99)")"
	else
		run_load "$1" "${options[@]}" -t "$seconds" -w "$window" || return 1
		record "$1.$2.rate" "$(calculate %.0f "$(field answered) / $(field seconds)")"
		record "$1.$2.loss" "$(calculate %.3g "100 * $(field lost) / $(field sent)")"
		[ "$1" = direct ] || record "$1.$2.each" "$(calculate %.0f "$(field answered) / $cpu_proxy")"
	fi
	record_cpu "$1.$2" %.2f "$(calculate %.6f "$(field answered) / 1e6")"
}

# read_options KIND-BYTES-FAMILY: sets `options`, those of `load` after the contestant.
read_options() {
	local kind bytes family port=$first_port
	IFS=- read -r kind bytes family <<<"$1"
	[ "$kind" != single ] || port=$single_port
	# shellcheck disable=SC2206 # several words
	options=("$family" "$port" -b "$bytes" ${flows[$kind]})
}

# What a proxy only does at first, compiling and growing, is not what is compared.
warm_up() {
	local row
	local -a options
	for row in "${rows[@]}"; do
		read_options "$row"
		load "$1" "${options[@]}" -t "$(calculate %.2f "$seconds / 4")" -w "$window" >/dev/null || return 1
	done
}

#!/usr/bin/env bash
# steerctl: how long a whole command takes, from fork to its end, and what a thousand at once leave behind. Needs root.
#
# STEERCTL_RUNS says how often each command runs (default: 41), STEERCTL_RULES how many rules a file has (default: 100000), and
# STEERCTL_WRITERS how many write at once (default: 1000).
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
runs=${STEERCTL_RUNS:-41} rules=${STEERCTL_RULES:-100000} writers=${STEERCTL_WRITERS:-1000}
[ "$(id -u)" = 0 ] || { echo "steerctl needs root, for network namespaces and BPF." >&2; exit 1; }
steerctl=$PWD/out/steerctl/steerctl
[ -x "$steerctl" ] || { echo "$steerctl is not there; run 'make build'." >&2; exit 1; }

work=$(mktemp -d)
namespace=everyport-bench-$$
export STEERCTL_PIN_PATH=/sys/fs/bpf/$namespace
clean_up() {
	"$steerctl" unload --force --netns "$namespace" >/dev/null 2>&1 || true
	[ ! -d "$STEERCTL_PIN_PATH" ] || rmdir "$STEERCTL_PIN_PATH" || true
	ip netns del "$namespace" 2>/dev/null || true
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
ip netns add "$namespace"
ip -n "$namespace" link set lo up

# time_of CASE COMMAND...: runs it, and adds the milliseconds that it took to those of the case.
time_of() {
	local started=${EPOCHREALTIME/./}
	"$steerctl" "${@:2}" --netns "$namespace" >/dev/null
	awk -v us=$((${EPOCHREALTIME/./} - started)) 'BEGIN { printf "%.2f\n", us / 1000 }' >>"$work/$1.times"
}

# rules_file LAST_BYTE: each rule of an address and a port of its own.
rules_file() {
	awk -v rules="$rules" -v last="$1" 'BEGIN {
		printf "{ \"Rules\": {"
		for (i = 0; i < rules; i++)
			printf "%s\n\"r%d\": { \"Prefixes\": [\"127.%d.%d.%d\"], \"Ports\": \"%d\", \"Action\": \"Service\", \"Service\": \"web\" }", i ? "," : "", i, 1 + int(i / 62500), int(i / 250) % 250, i % 250, last + i % 100
		print " } }"
	}' >"$work/rules-$1.json"
}

echo '{ "Rules": {} }' >"$work/none.json"
rules_file 8000
rules_file 9000

# The kernel and the caches have seen each command once before it counts.
for ((run = 0; run <= runs; run++)); do
	[ $run != 1 ] || rm -f "$work"/*.times
	time_of version version
	time_of load load
	time_of bind bind web tcp "127.7.0.0/16" 80
	time_of status status
	time_of status-json status --json
	time_of explain explain tcp 127.7.1.2 80
	time_of unbind unbind web tcp "127.7.0.0/16" 80
	time_of unload unload
done

"$steerctl" load --no-local-routes --netns "$namespace" >/dev/null
for ((run = 0; run < 5; run++)); do
	time_of apply-new apply "$work/rules-8000.json"
	time_of apply-same apply "$work/rules-8000.json" 2>/dev/null
	time_of apply-other apply "$work/rules-9000.json"
	time_of explain-many explain tcp 127.1.0.1 9001
	time_of bind-many bind web tcp 127.7.0.0/16 80
	"$steerctl" apply "$work/none.json" --netns "$namespace" >/dev/null
done
"$steerctl" unload --netns "$namespace" >/dev/null

# All at once, each a rule of its own for a service of its own.
"$steerctl" load --netns "$namespace" >/dev/null
: >"$work/failed"
started=${EPOCHREALTIME/./}
for ((i = 0; i < writers; i++)); do
	{ "$steerctl" bind "service-$i" tcp "127.7.$((i / 250)).$((i % 250))" 80 --netns "$namespace" --lock-timeout 600 >/dev/null || echo "$i" >>"$work/failed"; } &
done
wait
together=$(((${EPOCHREALTIME/./} - started) / 1000))
failed=$(wc -l <"$work/failed")
bound=$("$steerctl" status --json --netns "$namespace" | grep -c '"service": "service-' || true)
routes=$(ip -n "$namespace" route show table local proto 198 | grep -c '127\.7\.' || true)
# Each rule leads where it should: the state, and the program that was made from it.
explained=$("$steerctl" explain tcp "127.7.$(((writers - 1) / 250)).$(((writers - 1) % 250))" 80 --json --netns "$namespace" | grep -c "\"service\": \"service-$((writers - 1))\"" || true)
[ "$bound" = "$writers" ] && [ "$failed" = 0 ] && consistent=true || consistent=false

# of FUNCTION CASE
of() {
	local -a times
	mapfile -t times <"$work/$2.times"
	"$1" "${times[@]}"
}

cases=(
	'version|version|'
	'status|status|20'
	'status-json|status --json|20'
	'explain|explain|20'
	'bind|bind|25'
	'unbind|unbind|25'
	'load|load|'
	'unload|unload|'
	"apply-new|apply of $rules rules, where there were none|1000"
	"apply-other|apply of $rules rules, all of which differ from those there|1000"
	"apply-same|apply of $rules rules that are there already|1000"
	"explain-many|explain among $rules rules|"
	"bind-many|bind to $rules rules|"
)

{
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## steerctl

		A whole command, from fork to its end: medians of $runs runs (of the last five rows: 5), least and greatest in brackets.

		| command | ms | target, ms |
		| --- | --- | --- |
	MARKDOWN
	for entry in "${cases[@]}"; do
		IFS='|' read -r name what target <<<"$entry"
		printf '| %s | %s (%s) | %s |\n' "$what" "$(of median "$name")" "$(of range "$name")" "${target:+< $target}"
	done
	printf '\n%s times bind, all started at once, took %s ms together; %s failed, and %s of the rules are there afterwards.\n' "$writers" "$together" "$failed" "$bound"
} >"$BENCH_OUT/steerctl.md"

{
	printf '{\n  "machine": "%s",\n  "part": "steerctl",\n  "runs": %d,\n  "rules": %d,\n  "cases": [' "$BENCH_MACHINE" "$runs" "$rules"
	separator=$'\n'
	for entry in "${cases[@]}"; do
		IFS='|' read -r name what _ <<<"$entry"
		printf '%s    { "name": "%s", "what": "%s", "milliseconds": { "median": %s, "runs": [%s] } }' "$separator" "$name" "$what" "$(of median "$name")" "$(of list "$name")"
		separator=$',\n'
	done
	printf '\n  ],\n  "together": { "writers": %d, "milliseconds": %d, "failed": %d, "bound": %d, "routes": %d, "explained": %d, "consistent": %s }\n}\n' \
		"$writers" "$together" "$failed" "$bound" "$routes" "$explained" "$consistent"
} >"$BENCH_OUT/steerctl.json"

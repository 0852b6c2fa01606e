#!/usr/bin/env bash
# Reloads: how long another configuration of 10,000 rules and 10,000 HTTP routes takes from the rename of its file until it is in force,
# while wrk keeps connections busy and opens new ones, and how many requests fail meanwhile: none should. Needs root and wrk.
#
# RELOAD_RUNS says how many reloads there are of each kind (default: 10), RELOAD_ENTRIES how many rules and routes (default: 10000).
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
runs=${RELOAD_RUNS:-10} entries=${RELOAD_ENTRIES:-10000}
# shellcheck disable=SC1091 # it is checked by itself
. loadtest/bed/alone.sh

# configure NAME FIRST LAST: every rule and route of its own address, whose last byte is 1, or 2 for those from FIRST to LAST.
configure() {
	awk -v entries="$entries" -v first="$2" -v last="$3" '
		function address(i) { return sprintf("127.%d.%d.%d/32", 1 + int(i / 250), i % 250, i >= first && i <= last ? 2 : 1) }
		BEGIN {
			print "{ \"Steering\": { \"Rules\": { \"load\": { \"Prefixes\": [\"127.200.0.0/16\"] }"
			for (i = 0; i < entries; i++)
				printf ",\n\"r%d\": { \"Prefixes\": [\"%s\"], \"Ports\": \"%d\" }", i, address(i), 8000 + i % 100
			print " } },\n\"ReverseProxy\": { \"Routes\": { \"load\": { \"ClusterId\": \"c0\", \"Match\": { \"Path\": \"{**rest}\", \"Addresses\": [\"127.200.0.0/16\"] } }"
			for (i = 0; i < entries; i++)
				printf ",\n\"h%d\": { \"ClusterId\": \"c%d\", \"Match\": { \"Path\": \"{**rest}\", \"Addresses\": [\"%s\"], \"Ports\": \"%d\" } }", i, i % 10, address(i), 8000 + i % 100
			print " },\n\"Clusters\": {"
			for (i = 0; i < 10; i++)
				printf "%s\"c%d\": { \"Destinations\": { \"built-in\": { \"Address\": \"http://127.0.0.1:9465/\" } } }", i ? ",\n" : "", i
			print " } },\n\"Demo\": { \"Http\": \"127.0.0.1:9465\", \"Echo\": \"127.0.0.1:9466\" } }"
		}' >"$work/$1.json"
}

inside() {
	ip netns exec "$namespace" "$@"
}

hash_in_force() {
	inside curl -sf http://127.0.0.1:9464/api/status | awk -F'"' '$2 == "hash" && !seen++ { print $4 }'
}

# reload KIND CONFIGURATION: appends the milliseconds from the rename until it is in force, and those of the reload itself.
reload() {
	local before started
	before=$(hash_in_force)
	cp "$work/$2.json" "$work/next.json"
	started=${EPOCHREALTIME/./}
	mv "$work/next.json" "$work/appsettings.json"
	while [ "$(hash_in_force)" = "$before" ]; do
		sleep 0.01
	done
	echo $(((${EPOCHREALTIME/./} - started) / 1000)) >>"$work/$1.seen"
	inside curl -sf http://127.0.0.1:9464/api/status | awk '/"milliseconds"/ { gsub(/[^0-9]/, ""); print }' >>"$work/$1.took"
}

configure one -1 -1
configure few 0 9
configure all 0 "$entries"
cp "$work/one.json" "$work/appsettings.json"
ip netns add "$namespace"
ip -n "$namespace" link set lo up
inside "$everyport" run --config "$work/appsettings.json" >"$work/log" 2>&1 &
until inside curl -sf http://127.0.0.1:9464/readyz >/dev/null 2>&1; do
	kill -0 $! 2>/dev/null || { cat "$work/log" >&2; exit 1; }
	sleep 0.1
done

# It ends when the reloads do; SIGINT has wrk print what it has.
ip netns exec "$namespace" wrk -t1 -c16 -d1h --timeout 60s http://127.200.1.1:8080/ >"$work/kept" &
kept=$!
ip netns exec "$namespace" wrk -t1 -c4 -d1h --timeout 60s -H 'Connection: close' http://127.200.1.2:8080/ >"$work/new" &
new=$!
for ((run = 0; run < runs; run++)); do
	reload few few
	reload few one
	reload all all
	reload all one
done
kill -INT "$kept" "$new"
wait "$kept" "$new" || true

# of FUNCTION FIGURES
of() {
	local -a figures
	mapfile -t figures <"$work/$2"
	"$1" "${figures[@]}"
}

# Without an error, wrk says nothing of errors.
failed=$(awk '/Socket errors/ { gsub(/[^0-9 ]/, ""); for (i = 1; i <= NF; i++) sum += $i } /Non-2xx/ { sum += $NF } END { print sum + 0 }' "$work/kept" "$work/new")
slowest=$(awk '/^ +Latency/ { print $4 }' "$work/kept")
requests=$(awk '/requests in/ { sum += $1 } END { print sum + 0 }' "$work/kept" "$work/new")
[ "$requests" -gt 0 ] || { echo "wrk has not been answered." >&2; cat "$work/kept" "$work/new" >&2; exit 1; }

{
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## Reloads

		$entries rules and $entries HTTP routes, $((runs * 2)) reloads of each kind, while wrk asks on 16 kept connections and opens new ones on 4.
		Of $requests requests, $failed failed; the slowest one on a kept connection took $slowest.

		| what changes | from the rename until it is in force, ms | the reload itself, ms |
		| --- | --- | --- |
	MARKDOWN
	for kind in few all; do
		what='ten rules and routes'
		[ $kind = few ] || what='all of them'
		printf '| %s | %s (%s) | %s (%s) |\n' "$what" \
			"$(of median $kind.seen)" "$(of range $kind.seen)" "$(of median $kind.took)" "$(of range $kind.took)"
	done
} >"$BENCH_OUT/reload.md"

{
	printf '{\n  "machine": "%s",\n  "part": "reload",\n  "entries": %d,\n  "requests": %d,\n  "failed": %d,\n  "slowestRequest": "%s"' "$BENCH_MACHINE" "$entries" "$requests" "$failed" "$slowest"
	for kind in few all; do
		printf ',\n  "%s": { "seenMilliseconds": [%s], "reloadMilliseconds": [%s] }' "$kind" "$(of list $kind.seen)" "$(of list $kind.took)"
	done
	printf '\n}\n'
} >"$BENCH_OUT/reload.json"

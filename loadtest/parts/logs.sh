#!/usr/bin/env bash
# What logs and traces cost: the processor time of a request with each of them, divided by that without. Two proxies run at the
# same time under equal load, so that whatever else happens on the machine happens to both. Needs root.
#
# LOGS_RUNS says how many rounds there are (default: 5), LOGS_SECONDS how long each lasts (default: 8), LOGS_WARM how long both
# are under load before (default: 40), LOGS_ONLY which cases.
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
rounds=${LOGS_RUNS:-5} seconds=${LOGS_SECONDS:-8} warm=${LOGS_WARM:-40} connections=32
[ "$(id -u)" = 0 ] || { echo "logs needs root, for network namespaces and BPF." >&2; exit 1; }
everyport=${EVERYPORT:-$PWD/out/everyport/everyport}
[ -x "$everyport" ] || { echo "$everyport is not there; run 'make build'." >&2; exit 1; }

# The case's name | what it is | its configuration. The first is what all are compared with, itself too: what differs there is noise.
without='"AccessLog": { "Enabled": false }'
cases=(
	"none|neither log nor traces, beside itself|$without"
	'json|the access log as JSON, to standard output|"AccessLog": { "Format": "Json" }'
	'combined|the same in the combined format|"AccessLog": { "Format": "Combined" }'
	'sample|the same for one request in a hundred|"AccessLog": { "Format": "Json", "Sample": { "Requests": "1%" } }'
)
read -ra chosen <<<"${LOGS_ONLY:-$(printf '%s\n' "${cases[@]}" | cut -d'|' -f1 | tr '\n' ' ')}"

work=$(mktemp -d)
namespace=everyport-logs-$$
clean_up() {
	local side
	for side in a b; do
		ip netns pids "$namespace-$side" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
		ip netns del "$namespace-$side" 2>/dev/null || true
	done
}
trap 'clean_up; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# lay SIDE CONFIGURATION: a namespace with an origin and a proxy before it, whose id is then in SIDE.pid.
lay() {
	ip netns add "$namespace-$1"
	ip -n "$namespace-$1" link set lo up
	mkdir -p "$work/$1"
	cat >"$work/$1/nginx.conf" <<-CONFIGURATION
		daemon off; pid $work/$1/nginx.pid; error_log stderr error; worker_processes 1;
		events { worker_connections 1024; }
		http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:8080; location / { return 200 "$(printf 'x%.0s' {1..1024})"; } } }
	CONFIGURATION
	cat >"$work/$1/everyport.json" <<-JSON
		{
		  "Steering": { "Rules": { "bench": { "Prefixes": ["198.51.100.0/24"] } } },
		  "ReverseProxy": {
		    "Routes": { "bench": { "ClusterId": "bench", "Match": { "Path": "{**rest}" } } },
		    "Clusters": { "bench": { "Destinations": { "origin": { "Address": "http://127.0.0.1:8080/" } } } }
		  },
		  $2
		}
	JSON
	ip netns exec "$namespace-$1" nginx -p "$work/$1" -c "$work/$1/nginx.conf" >"$work/$1/nginx.log" 2>&1 &
	ip netns exec "$namespace-$1" "$everyport" run --config "$work/$1/everyport.json" >"$work/$1/log" 2>&1 &
	echo $! >"$work/$1.pid"
	disown -a
	for _ in {1..200}; do
		! ip netns exec "$namespace-$1" bash -c 'exec 3<>/dev/tcp/198.51.100.7/8000' 2>/dev/null || return 0
		sleep 0.1
	done
	echo "The proxy does not answer:" >&2
	cat "$work/$1/log" >&2
	return 1
}

# compute_time SIDE: of the proxy, in ticks.
compute_time() {
	awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$(cat "$work/$1.pid")/stat"
}

load() {
	ip netns exec "$namespace-$1" wrk -t 1 -c $connections -d "$2" -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' \
		"http://198.51.100.7:8000/some/path?with=a&query=too" >"$work/$1.wrk"
}

# cost SIDE TICKS: microseconds for each request of the last load.
cost() {
	awk -v ticks="$2" -v hz="$(getconf CLK_TCK)" '/requests in/ { printf "%.3f", ticks / hz * 1000000 / $1 }' "$work/$1.wrk"
}

# compare CONFIGURATION: sets `ratio`, and the cost of each side.
compare() {
	local a b load_a load_b
	lay a "$without"
	lay b "$1"
	# .NET compiles what is called often once more, in the background, for as long as half a minute of load.
	load a "${warm}s" & load_a=$!
	load b "${warm}s" & load_b=$!
	wait $load_a && wait $load_b
	a=$(compute_time a) b=$(compute_time b)
	load a "${seconds}s" & load_a=$!
	load b "${seconds}s" & load_b=$!
	wait $load_a && wait $load_b
	cost_a=$(cost a $(($(compute_time a) - a))) cost_b=$(cost b $(($(compute_time b) - b)))
	ratio=$(awk "BEGIN { printf \"%.4f\", $cost_b / $cost_a }")
	clean_up
}

declare -A ratios costs
for ((round = 1; round <= rounds; round++)); do
	for entry in "${cases[@]}"; do
		IFS='|' read -r name _ configuration <<<"$entry"
		[[ " ${chosen[*]} " == *" $name "* ]] || continue
		compare "$configuration"
		ratios[$name]+=" $ratio" costs[$name]+=" $cost_b"
		echo "round $round of $rounds, $name: $cost_a microseconds without, $cost_b with, $ratio times"
	done
done

{
	printf '%s\n\n## Logs and traces\n\n' "$BENCH_MACHINE"
	echo "Processor time of the proxy for a request on $connections kept connections, 1 KiB, beside one without either at the same time; medians, with the least and the greatest of $rounds rounds."
	printf '\n| | times | microseconds |\n| --- | --- | --- |\n'
	for entry in "${cases[@]}"; do
		IFS='|' read -r name title _ <<<"$entry"
		[ -n "${ratios[$name]-}" ] || continue
		# shellcheck disable=SC2086 # lists of numbers
		echo "| $title | $(median ${ratios[$name]}) ($(range ${ratios[$name]})) | $(median ${costs[$name]}) |"
	done
} >"$BENCH_OUT/logs.md"
{
	printf '{\n  "machine": "%s",\n  "part": "logs",\n  "rounds": %d,\n  "cases": [' "$BENCH_MACHINE" "$rounds"
	separator=
	for name in "${!ratios[@]}"; do
		# shellcheck disable=SC2086 # lists of numbers
		printf '%s\n    { "name": "%s", "ratio": [%s], "microseconds": [%s] }' "$separator" "$name" "$(list ${ratios[$name]})" "$(list ${costs[$name]})"
		separator=,
	done
	printf '\n  ]\n}\n'
} >"$BENCH_OUT/logs.json"

#!/usr/bin/env bash
# What /metrics costs with METRICS_ROUTES routes and as many clusters and destinations (default: 1000), each of which has
# had a request: how long a scrape takes and how large it is, and the CPU of a request with and without somebody who
# scrapes every second. METRICS_RUNS says how often that is measured (default: 5), METRICS_SECONDS for how long (default: 3).
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
routes=${METRICS_ROUTES:-1000} runs=${METRICS_RUNS:-5} seconds=${METRICS_SECONDS:-3} scrapes=20
# shellcheck disable=SC1091 # it is checked by itself
. loadtest/bed/alone.sh

first=10000 last=$((10000 + routes - 1))
{
	printf '{ "Steering": { "Rules": { "bench": { "Prefixes": ["10.1.0.0/16"] } } }, "ReverseProxy": { "Routes": {'
	for ((port = first; port <= last; port++)); do
		[ $port = $first ] || printf ','
		printf '"route-%d": { "ClusterId": "cluster-%d", "Match": { "Path": "{**rest}", "Ports": "%d" } }\n' $port $port $port
	done
	printf '}, "Clusters": {'
	for ((port = first; port <= last; port++)); do
		[ $port = $first ] || printf ','
		printf '"cluster-%d": { "Destinations": { "a": { "Address": "http://127.0.0.1:8080/" } } }\n' $port
	done
	printf '} } }'
} >"$work/config.json"
cat >"$work/nginx.conf" <<-NGINX
	daemon off; pid $work/nginx.pid; error_log stderr crit;
	events { }
	http {
	  access_log off; keepalive_requests 1000000;
	  server { listen 127.0.0.1:8080; location / { return 200 "ok\n"; } }
	}
NGINX

within() {
	ip netns exec "$namespace" "$@"
}

ip netns add "$namespace"
ip -n "$namespace" link set lo up
(within nginx -c "$work/nginx.conf") >"$work/nginx.log" 2>&1 &
(within "$everyport" run --config "$work/config.json") >"$work/proxy.log" 2>&1 &
proxy=$!
admin=http://127.0.0.1:9464
end=$((SECONDS + 60))
until within curl -sf -o /dev/null "$admin/readyz"; do
	[ $SECONDS -lt $end ] || { cat "$work/proxy.log" >&2; exit 1; }
	sleep 0.1
done
# ip becomes the program that it runs, below the shell that has started it.
pid=$(pgrep -P "$proxy" || echo "$proxy")

# cpu: milliseconds of the proxy so far.
cpu() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$pid/stat"
}

# request_cost: microseconds of CPU for a request, while wrk asks one route.
request_cost() {
	local before requests
	before=$(cpu)
	requests=$(within wrk -t1 -c16 -d"${seconds}s" "http://10.1.0.1:$first/" | awk '$2 == "requests" { print $1 }')
	awk -v cpu="$(($(cpu) - before))" -v requests="$requests" 'BEGIN { printf "%.1f", cpu * 1000 / requests }'
}

# Each route has had a request; then the code has been compiled for speed.
within curl -sf -o /dev/null "http://10.1.0.1:[$first-$last]/"
request_cost >/dev/null
for ((i = 0; i < scrapes * 3; i++)); do
	within curl -sf -o /dev/null "$admin/metrics"
done

declare -A figures
formats=(text openmetrics 'openmetrics, gzip')
for format in "${formats[@]}"; do
	headers=(-H 'Accept: text/plain')
	[ "$format" = text ] || headers=(-H 'Accept: application/openmetrics-text')
	[[ "$format" != *gzip ]] || headers+=(-H 'Accept-Encoding: gzip')
	before=$(cpu)
	for ((i = 0; i < scrapes; i++)); do
		read -r time size < <(within curl -sf -o /dev/null -w '%{time_total} %{size_download}\n' "${headers[@]}" "$admin/metrics")
		figures[$format.ms]+=" $(awk -v s="$time" 'BEGIN { printf "%.1f", s * 1000 }')"
		figures[$format.size]=$((size / 1024))
	done
	figures[$format.cpu]=$((($(cpu) - before) / scrapes))
done
series=$(within curl -sf "$admin/metrics" | grep -vc '^#')

scrape_every_second() {
	while within curl -sf -o /dev/null -H 'Accept: application/openmetrics-text' "$admin/metrics"; do
		sleep 1
	done
}
for ((i = 1; i <= runs; i++)); do
	figures[unread]+=" $(request_cost)"
	scrape_every_second &
	scraper=$!
	figures[read]+=" $(request_cost)"
	kill "$scraper"
	wait "$scraper" 2>/dev/null || true
	echo "run $i of $runs"
done

# of KEY FUNCTION
of() {
	# shellcheck disable=SC2086 # a list of numbers
	"$2" ${figures[$1]}
}

{
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## Metrics

		/metrics with $routes routes, clusters and destinations that have had requests, $series series; medians of $scrapes scrapes.

		| format | milliseconds | CPU, ms | KiB |
		| --- | --- | --- | --- |
	MARKDOWN
	for format in "${formats[@]}"; do
		echo "| $format | $(of "$format.ms" median) ($(of "$format.ms" range)) | ${figures[$format.cpu]} | ${figures[$format.size]} |"
	done
	cat <<-MARKDOWN

		CPU of a request, HTTP/1.1 on 16 kept connections, median of $runs runs: $(of unread median) microseconds while nobody reads the
		metrics, $(of read median) while somebody does every second.
	MARKDOWN
} >"$BENCH_OUT/metrics.md"

{
	printf '{\n  "machine": "%s",\n  "part": "metrics",\n  "routes": %d,\n  "series": %d,\n  "scrapes": [\n' "$BENCH_MACHINE" "$routes" "$series"
	separator=
	for format in "${formats[@]}"; do
		printf '%s    { "format": "%s", "milliseconds": %s, "cpuMilliseconds": %s, "kibibytes": %s }' "$separator" "$format" "$(of "$format.ms" median)" "${figures[$format.cpu]}" "${figures[$format.size]}"
		separator=$',\n'
	done
	printf '\n  ],\n  "requestCpuMicroseconds": { "unread": [%s], "read": [%s] }\n}\n' "$(of unread list)" "$(of read list)"
} >"$BENCH_OUT/metrics.json"

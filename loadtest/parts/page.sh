#!/usr/bin/env bash
# What the status page costs with PAGE_CONNECTIONS streams open (default: 5000), each of which moves something every five
# seconds: the share of a core that the proxy takes while nobody looks, and while one viewer does. PAGE_RUNS says how often
# that is measured (default: 5), PAGE_SECONDS for how long (default: 5).
set -euo pipefail
export LC_ALL=C # numbers have a point
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
connections=${PAGE_CONNECTIONS:-5000} runs=${PAGE_RUNS:-5} seconds=${PAGE_SECONDS:-5}
# shellcheck disable=SC1091 # it is checked by itself
. loadtest/bed/alone.sh

cat >"$work/config.json" <<-JSON
	{ "Steering": { "Rules": { "bench": { "Prefixes": ["10.1.0.0/16"] } } },
	  "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:8080" } } } } },
	  "Streams": { "echo": { "ClusterId": "echo", "Match": { "Ports": "1-65535" } } },
	  "Limits": { "MaxConnectionsPerSource": 100000 }, "AccessLog": { "Enabled": false } }
JSON
cat >"$work/echo.py" <<-'PYTHON'
	import asyncio, resource, sys
	resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
	async def echo(reader, writer):
	    while data := await reader.read(4096):
	        writer.write(data)
	async def serve():
	    server = await asyncio.start_server(echo, "127.0.0.1", 8080, backlog=4096)
	    await server.serve_forever()
	asyncio.run(serve())
PYTHON
cat >"$work/clients.py" <<-'PYTHON'
	import asyncio, resource, sys
	resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
	count, opened = int(sys.argv[1]), 0
	async def client(number):
	    global opened
	    reader, writer = await asyncio.open_connection(f"10.1.{number % 200}.1", 1024 + number)
	    opened += 1
	    if opened == count:
	        print("open", flush=True)
	    while True:
	        await asyncio.sleep(5)
	        writer.write(b"x" * 100)
	        await reader.readexactly(100)
	async def run():
	    clients = []
	    for number in range(count):
	        clients.append(asyncio.create_task(client(number)))
	        if number % 50 == 49:
	            await asyncio.sleep(0.05)
	    await asyncio.gather(*clients)
	asyncio.run(run())
PYTHON

within() {
	ip netns exec "$namespace" "$@"
}

# wait_for SECONDS COMMAND...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || { echo "This has not come about: $*" >&2; cat "$work"/*.log >&2; exit 1; }
		sleep 0.2
	done
}

ip netns add "$namespace"
ip -n "$namespace" link set lo up
(within python3 "$work/echo.py") >"$work/echo.log" 2>&1 &
(within "$everyport" run --config "$work/config.json") >"$work/proxy.log" 2>&1 &
proxy=$!
admin=http://127.0.0.1:9464
wait_for 60 within curl -sf -o /dev/null "$admin/readyz"
# ip becomes the program that it runs, below the shell that has started it.
pid=$(pgrep -P "$proxy" || echo "$proxy")
(within python3 "$work/clients.py" "$connections") >"$work/clients.log" 2>&1 &
wait_for 120 grep -q open "$work/clients.log"

# cpu: milliseconds of the proxy so far.
cpu() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$pid/stat"
}

# share: per cent of a core that the proxy takes for some seconds.
share() {
	local before
	before=$(cpu)
	sleep "$seconds"
	awk -v cpu="$(($(cpu) - before))" -v seconds="$seconds" 'BEGIN { printf "%.2f", cpu / seconds / 10 }'
}

# view SECONDS: looks, as a browser does.
view() {
	within timeout "$1" curl -sN -o /dev/null "$admin/api/events" || true
}

view 20 # until the code has been compiled for speed
unwatched='' watched='' size=''
for ((i = 1; i <= runs; i++)); do
	unwatched+=" $(share)"
	view $((seconds + 2)) &
	viewer=$!
	sleep 1
	watched+=" $(share)"
	wait "$viewer"
	echo "run $i of $runs"
done
size=$(within timeout 5.5 curl -sN "$admin/api/events" | wc -c || true)

# shellcheck disable=SC2086 # the list is meant to be split
before=$(median $unwatched) after=$(median $watched)
{
	echo "$BENCH_MACHINE"
	echo
	echo "## The status page, $connections streams open"
	echo
	echo "| | nobody looks | one viewer |"
	echo "| --- | --- | --- |"
	echo "| per cent of a core, median of $runs | $before | $after |"
	echo
	echo "A viewer gets $((size / 5 / 1024)) KiB a second."
} >"$BENCH_OUT/page.md"
printf '{ "machine": "%s", "connections": %d, "unwatched": [%s], "watched": [%s], "bytesPerSecond": %d }\n' \
	"$BENCH_MACHINE" "$connections" "$(tr -s ' ' ',' <<<"${unwatched# }")" "$(tr -s ' ' ',' <<<"${watched# }")" $((size / 5)) >"$BENCH_OUT/page.json"

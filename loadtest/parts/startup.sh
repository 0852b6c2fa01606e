#!/usr/bin/env bash
# How long the proxy takes from exec to its first answer through a steered port, and what it then holds, for few and
# for many steered ports: all of it should be flat. STARTUP_RUNS says how often each case runs (default: 9).
#
# Each run has a network namespace of its own. The cases take turns, so that whatever else slows the machine down
# meets all of them; one run of each comes first and does not count, for the page cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/statistics.sh
runs=${STARTUP_RUNS:-9}
[ "$(id -u)" = 0 ] || { echo "startup needs root, for network namespaces and BPF." >&2; exit 1; }
everyport=$PWD/out/everyport/everyport
[ -x "$everyport" ] || { echo "$everyport is not there; run 'make build'." >&2; exit 1; }

# The case's name | what it steers | the rule. The destination that is dialled belongs to all of them.
destination=10.1.2.3 port=8080
cases=(
	'one|one port of one /32|"Prefixes": ["10.1.2.3/32"], "Ports": "8080"'
	'wide|all ports of a /16|"Prefixes": ["10.1.0.0/16"]'
	'widest|all ports of a /8 and of an IPv6 /32|"Prefixes": ["10.0.0.0/8", "2001:db8::/32"]'
)

work=$(mktemp -d)
namespace=everyport-bench-$$
# Whatever runs in the namespace was started here, and would keep it alive.
clean_up() {
	ip netns pids "$namespace" 2>/dev/null | xargs -r kill -KILL || true
	ip netns del "$namespace" 2>/dev/null || true
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# A proxy to the built-in origin: what it costs to answer once, and nothing else.
configure() {
	cat >"$work/$1.json" <<-JSON
		{
		  "Steering": { "Rules": { "bench": { $2 } } },
		  "ReverseProxy": {
		    "Routes": { "bench": { "ClusterId": "bench", "Match": { "Path": "{**rest}" } } },
		    "Clusters": { "bench": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } } }
		  },
		  "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
		}
	JSON
}

# Runs in the namespace: starts the proxy, dials until it answers, and says "PID STEERED ANSWERED": the microseconds
# from exec to the first accepted connection and to the first answer. A process for each attempt would be slower than
# what it measures, so bash dials by itself.
# shellcheck disable=SC2016 # expanded by the inner shell
probe='
	everyport=$1 config=$2 log=$3 destination=$4 port=$5
	start=${EPOCHREALTIME/./}
	"$everyport" run --config "$config" >"$log" 2>&1 &
	until { exec 3<>"/dev/tcp/$destination/$port"; } 2>/dev/null; do
		kill -0 $! 2>/dev/null || exit 1
		sleep 0.002
	done
	steered=${EPOCHREALTIME/./}
	printf "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" >&3
	read -r -t 30 _ status _ <&3 || status=none
	answered=${EPOCHREALTIME/./}
	[ "$status" = 200 ] || { echo "The answer was $status." >>"$log"; kill $!; exit 1; }
	echo "$! $((steered - start)) $((answered - start))"
'

# run CASE: one run; sets the figures steered, answered and cpu (ms), rss and maps (KiB), and sockets.
# shellcheck disable=SC2034 # they are read by name
run() {
	local log=$work/log pid steered_us answered_us
	ip netns add "$namespace"
	ip -n "$namespace" link set lo up
	ip netns exec "$namespace" bash -c "$probe" probe "$everyport" "$work/$1.json" "$log" "$destination" "$port" >"$work/figures" || {
		echo "The proxy did not answer with the case '$1':" >&2
		cat "$log" >&2
		exit 1
	}
	read -r pid steered_us answered_us <"$work/figures"
	steered=$((steered_us / 1000)) answered=$((answered_us / 1000))
	# What the process and the kernel on its behalf computed until now; other work on the machine does not blur it.
	cpu=$(awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$pid/stat")
	rss=$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$pid/status")
	# The resident memory does not have what the BPF maps take of the kernel's; each map is counted once.
	# Descriptors come and go while they are listed.
	maps=$({ cat "/proc/$pid/fdinfo/"* 2>/dev/null || true; } |
		awk '$1 == "memlock:" { size = $2 } $1 == "map_id:" && !seen[$2]++ { sum += size } END { print int(sum / 1024) }')
	# Everything in the namespace is the proxy's. 0A is LISTEN; an unconnected UDP socket is in state 07.
	sockets=$(cat "/proc/$pid/net/"{tcp,tcp6,udp,udp6} | awk '$4 == "0A" || $4 == "07"' | wc -l)

	kill "$pid"
	# Not our child: the shell that started it is gone.
	tail --pid="$pid" -s 0.02 -f /dev/null
	ip netns del "$namespace"
}

declare -A figures
for entry in "${cases[@]}"; do
	IFS='|' read -r name _ rule <<<"$entry"
	configure "$name" "$rule"
	run "$name"
done
for ((i = 1; i <= runs; i++)); do
	for entry in "${cases[@]}"; do
		name=${entry%%|*}
		run "$name"
		for figure in steered answered cpu rss maps sockets; do
			figures[$name.$figure]+=" ${!figure}"
		done
		echo "run $i of $runs, $name: answer after $answered ms, $((rss / 1024)) MiB resident, $sockets sockets"
	done
done

# of CASE FIGURE FUNCTION: the function applied to the figures of all runs.
of() {
	# shellcheck disable=SC2086 # a list of numbers
	"$3" ${figures[$1.$2]}
}

{
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## Start-up

		From exec to the first connection that steering gives to the proxy, and to the first answer through it; then the
		CPU time, the memory and the sockets of the ready process. Medians of $runs runs, least and greatest in brackets.

		| steered | steering, ms | first answer, ms | CPU until then, ms | resident, MiB | BPF maps, KiB | sockets |
		| --- | --- | --- | --- | --- | --- | --- |
	MARKDOWN
	for entry in "${cases[@]}"; do
		IFS='|' read -r name what _ <<<"$entry"
		printf '| %s | %s (%s) | %s (%s) | %s (%s) | %s | %s | %s |\n' "$what" \
			"$(of "$name" steered median)" "$(of "$name" steered range)" \
			"$(of "$name" answered median)" "$(of "$name" answered range)" \
			"$(of "$name" cpu median)" "$(of "$name" cpu range)" \
			"$(of "$name" rss median | awk '{ printf "%.1f", $1 / 1024 }')" \
			"$(of "$name" maps median)" "$(of "$name" sockets median)"
	done
	cat <<-MARKDOWN

		Sockets are those that listen, and the unconnected UDP ones: the two that traffic is steered to, the admin
		endpoint, and the built-in origin's three.
	MARKDOWN
} >"$BENCH_OUT/startup.md"

{
	printf '{\n  "machine": "%s",\n  "part": "startup",\n  "runs": %d,\n  "cases": [\n' "$BENCH_MACHINE" "$runs"
	separator=
	for entry in "${cases[@]}"; do
		IFS='|' read -r name what _ <<<"$entry"
		printf '%s    { "name": "%s", "steered": "%s"' "$separator" "$name" "$what"
		separator=$',\n'
		for figure in steered:steeringMilliseconds answered:answerMilliseconds cpu:cpuMilliseconds rss:residentKibibytes maps:mapsKibibytes sockets:sockets; do
			key=${figure%%:*} property=${figure#*:}
			printf ',\n      "%s": { "median": %s, "runs": [%s] }' "$property" "$(of "$name" "$key" median)" "$(of "$name" "$key" list)"
		done
		printf ' }'
	done
	printf '\n  ]\n}\n'
} >"$BENCH_OUT/startup.json"

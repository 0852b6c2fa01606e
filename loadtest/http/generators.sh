#!/usr/bin/env bash
# Sourced: the programs that load a proxy. Whatever they say, `load` prints a line of JSON with what they counted.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# Seconds that a generator may take longer than a measure is; ours has its own.
patience=20

# load CONTESTANT httpload MODE [OPTION...]: our own generator; connections take turns on many addresses of clients.
# load CONTESTANT wrk|h2load CONNECTIONS URL-PATH [OPTION...]: over HTTP, h2c, or with TLS where `secure` is set.
load() {
	"load_with_$2" "$1" "${@:3}"
}

# where CONTESTANT PORT: sets `address`, `port` and `source`, of what is dialled and who dials.
where() {
	address=$dialled port=$2 source=10.66.1.$first_source
	[ "$1" != direct ] || address=$origin_address port=$origin_port source=10.66.3.$first_source
}

load_with_httpload() {
	local address port source
	where "$1" "$([[ " $* " == *' -T '* ]] && echo "$tls_port" || echo "$http_port")"
	(in_namespace client "$generator" "$2" -a "$address" -p "$port" -s "$source" -m "$sources" "${@:3}")
}

load_with_wrk() {
	local address port source scheme=http
	where "$1" "$http_port"
	[ -z "${secure-}" ] || scheme=https port=$tls_port
	(in_namespace client timeout $((seconds + patience)) wrk -t 1 -c "$2" -d "${seconds}s" --timeout 15s -s loadtest/http/wrk.lua "$scheme://$address:$port$3")
}

# It has no figures for a program to read, and no quantiles.
load_with_h2load() {
	local address port source scheme=http TIMEFORMAT='%U %S'
	where "$1" "$h2c_port"
	[ -z "${secure-}" ] || scheme=https port=$tls_port
	{
		time (in_namespace client timeout $((seconds + patience)) h2load -t 1 -c "$2" -D "$seconds" "${@:4}" "$scheme://$address:$port$3") >"$work/h2load.log" 2>&1 ||
			{ cat "$work/h2load.log" >&2; return 1; }
	} 2>"$work/h2load.time"
	awk -v seconds="$seconds" '
		FILENAME ~ /time$/ { cpu = $1 + $2 }
		$1 == "requests:" { total = $2; done = $8; failed = $10 + $12 + $14 }
		$1 == "status" { failed += $5 + $7 + $9 }
		END {
			if (!done) exit 1
			printf "{ \"requests\": %d, \"failed\": %d, \"seconds\": %s, \"cpu\": %s }\n", done, failed, seconds, cpu
		}' "$work/h2load.time" "$work/h2load.log" || { cat "$work/h2load.log" "$work/h2load.time" >&2; return 1; }
}

#!/usr/bin/env bash
# Sourced: makes Markdown of the figures.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

baseline= # the ratios are in columns of their own

declare -A rows=(
	[h1-0]='HTTP/1.1, 0 bytes'
	[h1-1024]='HTTP/1.1, 1 KiB'
	[h1-102400]='HTTP/1.1, 100 KiB'
	[new]='new connection, 1 KiB'
	[h2c-0]='h2c, 0 bytes'
	[h2c-1024]='h2c, 1 KiB'
	[h2c-102400]='h2c, 100 KiB'
	[handshake-ecdsa]='TLS handshake, full, ECDSA P-256'
	[handshake-rsa]='TLS handshake, full, RSA 2048'
	[handshake-resumed]='TLS handshake, resumed'
	[tls-h1]='HTTP/1.1 over TLS, 1 KiB'
	[tls-h2]='h2 over TLS, 1 KiB'
	[paced]='HTTP/1.1, 1 KiB, at a fixed rate'
)

# figures_table FIGURE MEASURE...: a row for each measure, a column for each contestant, and how many times each rival's
# Everyport's figure is.
figures_table() {
	local name contestant rival row found
	local -a columns=()
	for contestant in "${chosen[@]}"; do
		columns+=("${titles[$contestant]}")
	done
	for rival in "${rivals[@]}"; do
		columns+=("Everyport / ${titles[$rival]}")
	done
	printf '\n| |%s\n| --- |%s\n' "$(printf ' %s |' "${columns[@]}")" "$(printf ' --- |%.0s' "${columns[@]}")"
	for name in "${@:2}"; do
		row='' found=''
		for contestant in "${chosen[@]}"; do
			row+=" $(cell "$contestant" "$name" "$1") |"
			[ -z "${figures[$contestant.$name.$1]-}" ] || found=yes
		done
		for rival in "${rivals[@]}"; do
			row+=" $(ratio everyport "$rival" "$name.$1") |"
		done
		[ -z "$found" ] || echo "| ${rows[$name]} |$row"
	done
}

# ratio CONTESTANT RIVAL KEY: of their medians.
ratio() {
	local ours theirs
	ours=$(of "$1.$3" median) theirs=$(of "$2.$3" median)
	if [ -n "$ours" ] && [ -n "$theirs" ] && [ "$theirs" != 0 ]; then
		calculate %.2f "$ours / $theirs"
	else
		echo -
	fi
}

markdown() {
	local haproxy nginx
	haproxy=$(haproxy -v | sed -n 's/^HAProxy version \([^ ]*\).*/haproxy \1/p')
	nginx=$(nginx_version)
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## HTTP

		Client, proxy and origin in network namespaces joined by veth pairs, all on the same $(nproc) cores; the client and the
		origin have one thread each, and the proxies as many as there are cores.

		$haproxy in http mode, $nginx, and YARP in a program that is nothing else, with the settings of the runtime
		that Everyport has. All of them keep their connections to the origin, which speaks HTTP/1.1.
	MARKDOWN
	[ "$rounds" = 0 ] || markdown_rounds
	[ "$soak_seconds" = 0 ] || markdown_soak
	failed
}

markdown_rounds() {
	cat <<-MARKDOWN

		Medians of $rounds rounds of $seconds seconds for each measure, least and greatest in brackets; the last columns divide
		the medians. Each round had the proxies in another order. Other work took $(other_share) of the cores meanwhile
		(the median).

		64 connections of HTTP/1.1 (wrk), or 16 of HTTP/2 with 4 requests at a time each (h2load); new connections are 64 at
		a time, each for one request, or for a handshake of TLS 1.3 only. CPU-seconds of the proxy per million requests or
		handshakes:
	MARKDOWN
	figures_table cpu "${load_measures[@]}"
	cat <<-MARKDOWN

		CPU-seconds per million of client, proxy and origin together: the kernel charges what it does on the way of a packet to
		whoever sent it, so that the price of TPROXY is partly here.
	MARKDOWN
	figures_table all "${load_measures[@]}"
	printf '\nRequests or handshakes a second, as many as go:\n'
	figures_table rate "${load_measures[@]}"
	printf '\nBytes allocated for each request or handshake, by the ones of .NET:\n'
	figures_table allocated "${load_measures[@]}"
	markdown_latencies
	markdown_memory
}

markdown_latencies() {
	local name
	cat <<-MARKDOWN

		$pace requests a second on 64 kept connections, microseconds; the time counts from when a request was due, whether or not
		there was a connection free for it:
	MARKDOWN
	table 'p50 | p99 | p99.9' paced.p50 paced.p99 paced.p999
	printf '\nMicroseconds at full speed:\n'
	table 'HTTP/1.1, 1 KiB: p50 | p99 | new connection: p50 | p99' h1-1024.p50 h1-1024.p99 new.p50 new.p99
}

markdown_memory() {
	cat <<-MARKDOWN

		Process memory (PSS), MiB: after the first request, with $idle_connections idle connections that have had one answer
		each, and after all of the above:
	MARKDOWN
	table "after the first request | with idle connections | KiB for each of them | after load" memory.rest memory.idle memory.each memory.loaded
}

# A row for each contestant, with what it had at each of the intervals.
markdown_soak() {
	local contestant i soak_pace='as fast as they are answered,'
	local -a memories
	[ -z "$soak_rate" ] || soak_pace="$soak_rate times a second in all"
	cat <<-MARKDOWN

		Process memory (PSS), MiB, while $idle_connections kept connections ask for 1 KiB $soak_pace for
		$soak_seconds seconds, after so many of them; each request was answered:

		| proxy |$(for ((i = 1; i <= soak_samples; i++)); do calculate ' %.0f |' "$soak_seconds / $soak_samples * $i"; done) last / first | requests/s | p99, microseconds |
		| --- |$(printf ' --- |%.0s' $(seq $((soak_samples + 3))))
	MARKDOWN
	for contestant in "${soaked[@]}"; do
		read -ra memories <<<"${figures[$contestant.soak.memory]-}"
		printf '| %s |' "${titles[$contestant]}"
		for ((i = 0; i < soak_samples; i++)); do
			printf ' %s |' "${memories[i]:--}"
		done
		if [ ${#memories[@]} = "$soak_samples" ]; then
			calculate ' %.2f |' "${memories[soak_samples - 1]} / ${memories[0]}"
		else
			printf ' - |'
		fi
		printf ' %s | %s |\n' "${figures[$contestant.soak.rate]:--}" "${figures[$contestant.soak.p99]:--}"
	done
}

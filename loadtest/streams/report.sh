#!/usr/bin/env bash
# Sourced: makes Markdown and JSON of the figures.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

markdown() {
	local directions='download, 1 connection | download, 16 | upload, 1 | upload, 16' haproxy nginx
	haproxy=$(haproxy -v | sed -n 's/^HAProxy version \([^ ]*\).*/haproxy \1/p')
	nginx=$(nginx_version)
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## TCP streams

		Client, proxy and origin in network namespaces joined by veth pairs, all on the same $(nproc) cores; the client and the
		origin have one thread each, and the proxies as many as there are cores. Medians of $rounds rounds of
		$seconds seconds for each measure, least and greatest in brackets, then how many times ${titles[$baseline]} that is.
		Each round had the proxies in another order. Other work took $(other_share) of the cores meanwhile (the median).

		$haproxy in tcp mode and $nginx with its stream module, their buffers as they come. nginx cannot make a
		transparent listener: behind TPROXY it inherits one.

		Bytes, Gbit/s:
	MARKDOWN
	table "$directions" "${bulk_measures[@]/%/.rate}"
	printf '\nCPU-seconds of the proxy per GiB:\n'
	table "$directions" "${bulk_measures[@]/%/.cpu}"
	cat <<-MARKDOWN

		CPU-seconds per GiB of client, proxy and origin together: the kernel charges what it does on the way of a packet to
		whoever sent it, so that the price of TPROXY is partly here.
	MARKDOWN
	table "$directions" "${bulk_measures[@]/%/.all}"
	printf '\nConnections of one request of 64 bytes and its answer, 64 at a time; CPU-seconds per 100,000, microseconds:\n'
	table 'connections/s | CPU, proxy | CPU, all three | p50 | p99' connect.rate connect.cpu connect.all connect.p50 connect.p99
	cat <<-MARKDOWN

		Requests of 64 bytes on 64 kept connections; microseconds, and CPU-seconds of the proxy per 100,000. At $pace a second the
		time counts from when a request was due; at full speed each connection sends its next one when it has the answer.
	MARKDOWN
	table "p50 at $pace/s | p99 | CPU | requests/s at full speed | p50 | p99 | CPU" \
		paced.p50 paced.p99 paced.cpu full.rate full.p50 full.p99 full.cpu
	printf '\nProcess memory (PSS) with %s idle connections that have had one answer each:\n' "$idle_connections"
	table 'KiB for each connection | MiB without any' idle.each idle.rest
	failed
}

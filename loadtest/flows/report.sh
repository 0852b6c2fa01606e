#!/usr/bin/env bash
# Sourced: makes Markdown of the figures.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

declare -A kinds=([busy]='one flow' [many]='1,000 flows' [single]='flows of one datagram')

# table TITLE paced|full FIGURE: a row for each workload, a column for each contestant.
table() {
	local row kind bytes family contestant
	printf '\n%s:\n\n| datagrams |' "$1"
	for contestant in "${chosen[@]}"; do
		printf ' %s |' "${titles[$contestant]}"
	done
	printf '\n| --- %s|\n' "$(printf '| --- %.0s' "${chosen[@]}")"
	for row in "${rows[@]}"; do
		IFS=- read -r kind bytes family <<<"$row"
		printf '| %s, %s bytes, IPv%s |' "${kinds[$kind]}" "$bytes" "$family"
		for contestant in "${chosen[@]}"; do
			printf ' %s |' "$(cell "$contestant" "$row-$2" "$3")"
		done
		echo
	done
}

markdown() {
	cat <<-MARKDOWN
		$BENCH_MACHINE

		## UDP flows

		Client, proxy and origin in network namespaces joined by veth pairs, all on the same $(nproc) cores; the client and the
		origin have one thread each, nginx a worker for each core, and Everyport what it comes with. Medians of $rounds rounds
		of $seconds seconds for each measure, least and greatest in brackets, then how many times ${titles[$baseline]} that is. Each
		round had the proxies in another order. Other work took $(other_share) of the cores meanwhile (the median).

		A packet is a datagram and the answer to it; one that has none after half a second is lost, and an answer from another
		address or port than was dialled ends the turn of a proxy. Flows of one datagram: nginx has \`proxy_responses 1\`,
		Everyport \`SingleExchange\`.

		$(nginx_version) with its stream module, \`reuseport\`, and sockets that hold 8 MiB. nginx cannot make transparent
		listeners and inherits them; it does not learn which port TPROXY diverted from, so that it has one for each of the
		$((2 * ports)) ports and each worker.

		### At a fixed rate

		${paces[busy]} packets a second, ${paces[single]} in flows of one datagram. The time counts from when a datagram was due.
	MARKDOWN
	table 'CPU-seconds of the proxy for 1,000,000 packets' paced cpu
	table 'CPU-seconds of client, proxy and origin together: the kernel charges its work to whoever sent' paced all
	table 'Microseconds, p50' paced p50
	table 'Microseconds, p99' paced p99
	table 'Packets lost, %' paced loss
	printf '\n### At full speed\n\n%d packets are on their way at any time.\n' "$window"
	table 'Packets a second; in flows of one datagram, new flows a second' full rate
	table 'Packets for each CPU-second of the proxy' full each
	table 'CPU-seconds of client, proxy and origin together for 1,000,000 packets' full all
	table 'Packets lost, %' full loss
	failed
}

#!/usr/bin/env bash
# Sourced: the network namespaces client, proxy and origin, joined by veth pairs: client - proxy - origin, and client -
# origin for what goes without a proxy. Nothing of it touches the machine's own network.
#
# The clients dial one address of each family that belongs to nobody yet: each contestant makes it its own, in the way it
# is about.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

dialled=198.51.100.10 dialled6=2001:db8:100::10 first_port=7000 last_port=7063 ports=64
origin_address=10.66.2.2 origin_address6=2001:db8:2::2 origin_port=9000
# Several, so that a limit for each source does not decide; the first one ends with these, IPv6 is written in hexadecimal.
sources=16 first_source=16 first_source6=10

# in_namespace client|proxy|origin PROGRAM...: runs it in the place of this shell.
in_namespace() {
	exec ip netns exec "$namespaces-$1" "${@:2}"
}

lay_topology() {
	local name
	for name in client proxy origin; do
		ip netns add "$namespaces-$name"
		ip -n "$namespaces-$name" link set lo up
		(in_namespace "$name" sysctl -qw net.ipv4.ip_local_port_range='10000 65535' net.ipv4.tcp_tw_reuse=1 net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0)
	done
	join client proxy 1
	join origin proxy 2
	join client origin 3
	ip -n "$namespaces-client" route add 198.51.100.0/24 via 10.66.1.1
	ip -n "$namespaces-client" route add "$origin_address" via 10.66.3.1
	ip -n "$namespaces-client" route add 2001:db8:100::/64 via 2001:db8:1::1
	ip -n "$namespaces-client" route add "$origin_address6" via 2001:db8:3::1
	add_sources proxy 1
	add_sources origin 3
}

# add_sources NEIGHBOUR NUMBER: the addresses of the client in the network of that number. They lie behind its first one, so
# that the neighbour has the link layer of one address to find, not of each.
add_sources() {
	local i
	for ((i = first_source; i < first_source + sources; i++)); do
		echo "address add 10.66.$2.$i/32 dev lo"
		printf 'address add 2001:db8:%d::%x/128 dev lo\n' "$2" "$i"
	done | ip -n "$namespaces-client" -batch -
	ip -n "$namespaces-$1" route add "10.66.$2.$first_source/28" via "10.66.$2.2"
	ip -n "$namespaces-$1" route add "2001:db8:$2::$first_source6/124" via "2001:db8:$2::2"
}

# join A B NUMBER: A gets the addresses 10.66.NUMBER.2 and 2001:db8:NUMBER::2, B those with 1 at the end; each interface is
# called after what is at its other end.
join() {
	ip link add "$2" netns "$namespaces-$1" type veth peer name "$1" netns "$namespaces-$2"
	ip -n "$namespaces-$1" address add "10.66.$3.2/24" dev "$2"
	ip -n "$namespaces-$2" address add "10.66.$3.1/24" dev "$1"
	ip -n "$namespaces-$1" address add "2001:db8:$3::2/64" dev "$2" nodad
	ip -n "$namespaces-$2" address add "2001:db8:$3::1/64" dev "$1" nodad
	ip -n "$namespaces-$1" link set "$2" up
	ip -n "$namespaces-$2" link set "$1" up
}

# Whatever runs in the namespaces was started here. Namespaces are made anew for each contestant, so that none meets the
# rules, the programs or the closed connections of another.
clear_topology() {
	local name
	for name in client proxy origin; do
		ip netns pids "$namespaces-$name" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
		ip netns del "$namespaces-$name" 2>/dev/null || true
	done
}

# divert_with_tproxy -4|-6: diverts what the mangle rules of standard input mark to the sockets of the proxy.
divert_with_tproxy() {
	local restore=iptables-restore
	[ "$1" = -4 ] || restore=ip6tables-restore
	(in_namespace proxy "$restore")
	ip -n "$namespaces-proxy" "$1" rule add fwmark 1 lookup 100
	ip -n "$namespaces-proxy" "$1" route add local default dev lo table 100
}

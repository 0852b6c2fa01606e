#!/usr/bin/env bash
# Sourced: the network namespaces client, proxy and origin, joined by veth pairs: client - proxy - origin, and client -
# origin for what goes without a proxy. Nothing of it touches the machine's own network.
#
# The clients dial one address that belongs to nobody yet: each contestant makes it its own, in the way it is about.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

dialled=198.51.100.10 first_port=7000 last_port=7063 ports=64
origin_address=10.66.2.2 origin_port=9000
# Several, so that a limit for each source does not decide; the last octet is that of the first one.
sources=16 first_source=16

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
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0)
	done
	join client proxy 10.66.1
	join origin proxy 10.66.2
	join client origin 10.66.3
	ip -n "$namespaces-client" route add 198.51.100.0/24 via 10.66.1.1
	ip -n "$namespaces-client" route add "$origin_address" via 10.66.3.1
	for ((i = first_source; i < first_source + sources; i++)); do
		ip -n "$namespaces-client" address add "10.66.1.$i/24" dev proxy
		ip -n "$namespaces-client" address add "10.66.3.$i/24" dev origin
	done
}

# join A B NETWORK: A gets the address NETWORK.2, B NETWORK.1; each interface is called after what is at its other end.
join() {
	ip link add "$2" netns "$namespaces-$1" type veth peer name "$1" netns "$namespaces-$2"
	ip -n "$namespaces-$1" address add "$3.2/24" dev "$2"
	ip -n "$namespaces-$2" address add "$3.1/24" dev "$1"
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

# Sends what the clients dial to a transparent listener on 127.0.0.1:8000. Packets of known connections are recognised
# first, which is cheaper; a SYN is not, or one that reuses the ports of a closed connection would not reach the listener.
divert_with_tproxy() {
	(in_namespace proxy iptables-restore) <<-RULES
		*mangle
		:DIVERT - [0:0]
		-A PREROUTING -i client -p tcp ! --syn -m socket --transparent -j DIVERT
		-A PREROUTING -i client -p tcp -d 198.51.100.0/24 -j TPROXY --on-ip 127.0.0.1 --on-port 8000 --tproxy-mark 1
		-A DIVERT -j MARK --set-mark 1
		-A DIVERT -j ACCEPT
		COMMIT
	RULES
	ip -n "$namespaces-proxy" rule add fwmark 1 lookup 100
	ip -n "$namespaces-proxy" route add local default dev lo table 100
}

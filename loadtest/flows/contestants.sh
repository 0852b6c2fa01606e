#!/usr/bin/env bash
# Sourced: what is compared, and how each of them is started in its namespace. Each has what it comes with, but sockets
# that hold 8 MiB where clients send to, as Everyport's do: otherwise the figures would be those of the machine's limit.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# The one that the others are compared with.
baseline=nginx
contestants=(direct everyport nginx nginx-tproxy)

declare -A titles=(
	[direct]='no proxy'
	[everyport]='Everyport'
	[nginx]='nginx, bound'
	[nginx-tproxy]='nginx behind TPROXY'
)

# Flows of one datagram go to ports of their own, as proxies are told that there will be one answer.
single_port=$((last_port + 1)) last_single_port=$((last_port + ports))

# start CONTESTANT: returns when datagrams go through it.
start() {
	case $1 in
	direct) ;;
	everyport) start_everyport ;;
	nginx*) start_nginx "$1" ;;
	esac
	in_background origin "$generator" serve -a "$origin_address" -p "$origin_port"
	in_background origin "$generator" serve -a "$origin_address6" -p "$origin_port"
	await_answer "$1"
}

# Limits:MaxFlowsPerSource counts all addresses of a /64 as one source, and there is but one here.
start_everyport() {
	everyport_configuration ', "SingleExchange": true' '"MaxFlowsPerSource": 65536'
	# A build of before these keys is measured without them.
	[[ $("$everyport" check --config "$work/everyport.json" 2>&1) != *'SingleExchange: is an unknown key'* ]] ||
		everyport_configuration '' ''
	in_background proxy "$everyport" run --config "$work/everyport.json"
}

# everyport_configuration SINGLE LIMITS: what is added to the streams of one datagram, and the limits.
everyport_configuration() {
	local short="$dialled/32" long="$dialled6/128" lasting="$first_port-$last_port" single="$single_port-$last_single_port"
	cat >"$work/everyport.json" <<-JSON
		{
		  "Steering": { "Rules": { "bench": { "Prefixes": ["$short", "$long"] } } },
		  "ReverseProxy": {
		    "Clusters": {
		      "origin4": { "Destinations": { "origin": { "Address": "udp://$origin_address:$origin_port" } } },
		      "origin6": { "Destinations": { "origin": { "Address": "udp://[$origin_address6]:$origin_port" } } }
		    }
		  },
		  "Streams": {
		    "lasting4": { "ClusterId": "origin4", "Match": { "Protocol": "udp", "Addresses": ["$short"], "Ports": "$lasting" } },
		    "lasting6": { "ClusterId": "origin6", "Match": { "Protocol": "udp", "Addresses": ["$long"], "Ports": "$lasting" } },
		    "single4": { "ClusterId": "origin4", "Match": { "Protocol": "udp", "Addresses": ["$short"], "Ports": "$single" }$1 },
		    "single6": { "ClusterId": "origin6", "Match": { "Protocol": "udp", "Addresses": ["$long"], "Ports": "$single" }$1 }
		  },
		  "Limits": { $2 }
		}
	JSON
}

start_nginx() {
	local here=$dialled here6=$dialled6
	local -a lender=("$generator" lend -p "$first_port" -n $((2 * ports)) -j "$(nproc)")
	if [[ $1 == *tproxy* ]]; then
		# nginx does not learn which port TPROXY diverted from: it needs a listener for each port, but not for each
		# address, and answers from the right ones as the listeners are transparent.
		here=0.0.0.0 here6=::
		lender+=(-T)
		divert -4 198.51.100.0/24
		divert -6 2001:db8:100::/64
	else
		ip -n "$namespaces-proxy" address add "$dialled/32" dev lo
		ip -n "$namespaces-proxy" address add "$dialled6/128" dev lo
	fi
	run_nginx stream "proxy_timeout 1m;
		$(nginx_server "$here" "$first_port-$last_port" "$origin_address" '')
		$(nginx_server "[$here6]" "$first_port-$last_port" "[$origin_address6]" '')
		$(nginx_server "$here" "$single_port-$last_single_port" "$origin_address" 'proxy_responses 1;')
		$(nginx_server "[$here6]" "$single_port-$last_single_port" "[$origin_address6]" 'proxy_responses 1;')" \
		"${lender[@]}" -a "$here" "${lender[@]}" -a "$here6"
}

# nginx_server ADDRESS PORTS ORIGIN MORE
nginx_server() {
	echo "server { listen $1:$2 udp reuseport; proxy_pass $3:$origin_port; $4 }"
}

# divert -4|-6 PREFIX: each datagram to the listener of its port.
divert() {
	divert_with_tproxy "$1" <<-RULES
		*mangle
		-A PREROUTING -i client -p udp -d $2 -j TPROXY --on-port 0 --tproxy-mark 1
		COMMIT
	RULES
}

probe() {
	load "$1" 4 "$first_port" -t 0.01 && load "$1" 6 "$first_port" -t 0.01
}

# load CONTESTANT 4|6 FIRST_PORT [OPTION...]: runs the load generator against it.
load() {
	local -a target
	case $1.$2 in
	direct.4) target=(-a "$origin_address" -p "$origin_port" -s "10.66.3.$first_source") ;;
	direct.6) target=(-a "$origin_address6" -p "$origin_port" -s "2001:db8:3::$first_source6") ;;
	*.4) target=(-a "$dialled" -p "$3" -n "$ports" -s "10.66.1.$first_source") ;;
	*.6) target=(-a "$dialled6" -p "$3" -n "$ports" -s "2001:db8:1::$first_source6") ;;
	esac
	(in_namespace client "$generator" exchange "${target[@]}" -m "$sources" "${@:4}")
}

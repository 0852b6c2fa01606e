#!/usr/bin/env bash
# Sourced: what is compared, and how each of them is started in its namespace. Each has as many threads or workers as
# there are cores, and otherwise what it comes with.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# The one that the others are compared with.
baseline=haproxy-tproxy
contestants=(direct everyport everyport-peek haproxy haproxy-splice haproxy-tproxy haproxy-splice-tproxy nginx nginx-tproxy)

declare -A titles=(
	[direct]='no proxy'
	[everyport]='Everyport'
	[everyport-peek]='Everyport, peeking first'
	[haproxy]='haproxy, bound'
	[haproxy-splice]='haproxy with splice, bound'
	[haproxy-tproxy]='haproxy behind TPROXY'
	[haproxy-splice-tproxy]='haproxy with splice behind TPROXY'
	[nginx]='nginx, bound'
	[nginx-tproxy]='nginx behind TPROXY'
)

# start CONTESTANT: returns when connections go through it.
start() {
	case $1 in
	direct) ;;
	everyport) start_everyport '{ "Protocol": "tcp", "Ports": "'"$first_port-$last_port"'" }' '' ;;
	everyport-peek) start_everyport '{ "Protocol": "tcp" }' '"web": { "ClusterId": "web", "Match": { "Path": "{**rest}" } }' ;;
	haproxy*) start_haproxy "$1" ;;
	nginx*) start_nginx "$1" ;;
	esac
	start_origin
	await_answer "$1"
}

# start_everyport MATCH ROUTES: the proxy with one stream, and HTTP routes that compete with it.
start_everyport() {
	cat >"$work/everyport.json" <<-JSON
		{
		  "Steering": { "Rules": { "bench": { "Prefixes": ["$dialled/32"] } } },
		  "ReverseProxy": {
		    "Routes": { $2 },
		    "Clusters": {
		      "web": { "Destinations": { "origin": { "Address": "http://$origin_address:$origin_port/" } } },
		      "stream": { "Destinations": { "origin": { "Address": "tcp://$origin_address:$origin_port" } } }
		    }
		  },
		  "Streams": { "bench": { "ClusterId": "stream", "Match": $1 } }
		}
	JSON
	in_background proxy "$everyport" run --config "$work/everyport.json"
}

start_haproxy() {
	local splice=''
	[[ $1 != *splice* ]] || splice=$'option splice-request\n  option splice-response'
	lead_to_listener "$1"
	[[ $1 != *tproxy* ]] || listener+=' transparent'
	# The limits let it hold the idle connections with the descriptors that it may have, of which it would set many aside
	# for the pipes of splice.
	cat >"$work/haproxy.cfg" <<-CONFIGURATION
		global
		  nbthread $(nproc)
		  maxconn 9500
		  maxpipes 200
		defaults
		  mode tcp
		  $splice
		  timeout connect 5s
		  timeout client 1h
		  timeout server 1h
		listen bench
		  bind $listener
		  server origin $origin_address:$origin_port
	CONFIGURATION
	in_background proxy haproxy -db -f "$work/haproxy.cfg"
}

start_nginx() {
	local -a lender=()
	lead_to_listener "$1"
	# nginx has no option for a transparent listener, but takes over one that is there already.
	[[ $1 != *tproxy* ]] || lender=("$generator" lend -a 127.0.0.1 -p 8000)
	run_nginx stream "server { listen $listener; proxy_pass $origin_address:$origin_port; proxy_half_close on; proxy_timeout 1h; }" "${lender[@]}"
}

# lead_to_listener CONTESTANT: makes what the clients dial arrive at the address and ports that it sets as `listener`.
lead_to_listener() {
	if [[ $1 == *tproxy* ]]; then
		listener=127.0.0.1:8000
		# Packets of known connections are recognised first, which is cheaper; a SYN is not, or one that reuses the ports
		# of a closed connection would not reach the listener.
		divert_with_tproxy -4 <<-RULES
			*mangle
			:DIVERT - [0:0]
			-A PREROUTING -i client -p tcp ! --syn -m socket --transparent -j DIVERT
			-A PREROUTING -i client -p tcp -d 198.51.100.0/24 -j TPROXY --on-ip 127.0.0.1 --on-port 8000 --tproxy-mark 1
			-A DIVERT -j MARK --set-mark 1
			-A DIVERT -j ACCEPT
			COMMIT
		RULES
	else
		listener=$dialled:$first_port-$last_port
		ip -n "$namespaces-proxy" address add "$dialled/32" dev lo
	fi
}

start_origin() {
	in_background origin "$generator" serve -a "$origin_address" -p "$origin_port"
}

probe() {
	load "$1" idle -c 1
}

# load CONTESTANT MODE [OPTION...]: runs the load generator against it.
load() {
	local -a target=(-a "$dialled" -p "$first_port" -n "$ports" -s "10.66.1.$first_source" -m "$sources")
	[ "$1" != direct ] || target=(-a "$origin_address" -p "$origin_port" -s "10.66.3.$first_source" -m "$sources")
	(in_namespace client "$generator" "$2" "${target[@]}" "${@:3}")
}

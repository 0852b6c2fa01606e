#!/usr/bin/env bash
# Sourced: what is compared, and how each of them is started in its namespace. Each has as many threads or workers as
# there are cores, and otherwise what it comes with, but for what would make it do another job than the others: each keeps
# its connections to the origin and to the clients, passes on what it gets, and tells the origin who the client is.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# The ones that Everyport is compared with.
rivals=(yarp nginx-tproxy)
contestants=(direct everyport yarp nginx nginx-tproxy haproxy haproxy-tproxy)
http_port=7000 h2c_port=7100 tls_port=7443

declare -A titles=(
	[direct]='no proxy'
	[everyport]='Everyport'
	[yarp]='bare YARP'
	[nginx]='nginx, bound'
	[nginx-tproxy]='nginx behind TPROXY'
	[haproxy]='haproxy, bound'
	[haproxy-tproxy]='haproxy behind TPROXY'
)

# start CONTESTANT: returns when requests go through it.
start() {
	start_origin
	case $1 in
	direct) ;;
	everyport) start_everyport ;;
	yarp) start_yarp ;;
	haproxy*) start_haproxy "$1" ;;
	nginx*) start_nginx "$1" ;;
	esac
	await_answer "$1"
}

reverse_proxy='"ReverseProxy": {
	"Routes": { "bench": { "ClusterId": "bench", "Match": { "Path": "{**rest}" } } },
	"Clusters": { "bench": { "Destinations": { "origin": { "Address": "http://'$origin_address:$origin_port'/" } } } }
}'

start_everyport() {
	cat >"$work/everyport.json" <<-JSON
		{
		  "Steering": { "Rules": { "bench": { "Prefixes": ["$dialled/32"] } } },
		  "Limits": { "MaxConnectionsPerSource": 100000 },
		  "Tls": { "Certificates": {
		    "ecdsa": { "Path": "$work/ecdsa.crt", "KeyPath": "$work/ecdsa.key", "Hosts": ["*"] },
		    "rsa": { "Path": "$work/rsa.crt", "KeyPath": "$work/rsa.key" }
		  } },
		  $reverse_proxy
		}
	JSON
	in_background proxy env "${with_hook[@]}" "$everyport" run --config "$work/everyport.json"
}

# Kestrel tells HTTP/1.1 and HTTP/2 without TLS apart by the port only.
start_yarp() {
	cat >"$work/yarp.json" <<-JSON
		{
		  "Kestrel": { "Endpoints": {
		    "http": { "Url": "http://$dialled:$http_port", "Protocols": "Http1" },
		    "h2c": { "Url": "http://$dialled:$h2c_port", "Protocols": "Http2" },
		    "tls": { "Url": "https://$dialled:$tls_port", "Protocols": "Http1AndHttp2", "Sni": {
		      "rsa.bench": { "Certificate": { "Path": "$work/rsa.crt", "KeyPath": "$work/rsa.key" } },
		      "*": { "Certificate": { "Path": "$work/ecdsa.crt", "KeyPath": "$work/ecdsa.key" } }
		    } }
		  } },
		  $reverse_proxy
		}
	JSON
	lead_to_listener yarp
	in_background proxy env "${with_hook[@]}" "$bareyarp" "$work/yarp.json"
}

start_haproxy() {
	local transparent=''
	lead_to_listener "$1"
	[[ $1 != *tproxy* ]] || transparent=transparent
	cat "$work/ecdsa.crt" "$work/ecdsa.key" >"$work/ecdsa.pem"
	cat "$work/rsa.crt" "$work/rsa.key" >"$work/rsa.pem"
	cat >"$work/haproxy.cfg" <<-CONFIGURATION
		global
		  nbthread $(nproc)
		  maxconn 9500
		defaults
		  mode http
		  http-reuse always
		  option forwardfor
		  timeout connect 5s
		  timeout client 1h
		  timeout server 1h
		listen bench
		  bind $listener:$http_port $transparent
		  bind $listener:$h2c_port proto h2 $transparent
		  bind $listener:$tls_port ssl crt $work/ecdsa.pem crt $work/rsa.pem alpn h2,http/1.1 $transparent
		  server origin $origin_address:$origin_port
	CONFIGURATION
	in_background proxy haproxy -db -f "$work/haproxy.cfg"
}

start_nginx() {
	local port transport
	local -a lenders=()
	lead_to_listener "$1"
	# nginx has no option for a transparent listener, but takes over those that are there already.
	if [[ $1 == *tproxy* ]]; then
		for port in "$http_port" "$h2c_port" "$tls_port"; do
			lenders+=("$generator" lend -a "$listener" -p "$port")
		done
	fi
	transport="listen $listener:$http_port; listen $listener:$h2c_port http2; listen $listener:$tls_port ssl http2;
		location / { proxy_pass http://origin; }"
	# It would end a connection after 1,000 requests, and write what a client takes slowly to a file.
	run_nginx http "
		access_log off;
		keepalive_requests 1000000000;
		proxy_max_temp_file_size 0;
		proxy_http_version 1.1;
		proxy_set_header Connection '';
		proxy_set_header X-Forwarded-For \$remote_addr;
		upstream origin { server $origin_address:$origin_port; keepalive 128; keepalive_requests 1000000000; }
		server { server_name ecdsa.bench; ssl_certificate $work/ecdsa.crt; ssl_certificate_key $work/ecdsa.key; $transport }
		server { server_name rsa.bench; ssl_certificate $work/rsa.crt; ssl_certificate_key $work/rsa.key; $transport }" "${lenders[@]}"
}

# lead_to_listener CONTESTANT: makes what the clients dial arrive at the same ports of the address that it sets as `listener`.
lead_to_listener() {
	if [[ $1 == *tproxy* ]]; then
		listener=127.0.0.1
		# Packets of known connections are recognised first, which is cheaper; a SYN is not, or one that reuses the ports
		# of a closed connection would not reach the listener.
		divert_with_tproxy -4 <<-RULES
			*mangle
			:DIVERT - [0:0]
			-A PREROUTING -i client -p tcp ! --syn -m socket --transparent -j DIVERT
			-A PREROUTING -i client -p tcp -d 198.51.100.0/24 -j TPROXY --on-ip 127.0.0.1 --on-port 0 --tproxy-mark 1
			-A DIVERT -j MARK --set-mark 1
			-A DIVERT -j ACCEPT
			COMMIT
		RULES
	else
		listener=$dialled
		ip -n "$namespaces-proxy" address add "$dialled/32" dev lo
	fi
}

start_origin() {
	in_background origin "$generator" serve -a "$origin_address" -p "$origin_port"
}

# The programs of .NET: one that is compared, and what makes them tell how much they allocate.
publish_programs() {
	dotnet publish loadtest/BareYarp -c Release -o "$BENCH_OUT/bin/bareyarp" --nologo -v quiet
	dotnet publish loadtest/AllocationHook -c Release -o "$BENCH_OUT/bin/hook" --nologo -v quiet
	bareyarp=$BENCH_OUT/bin/bareyarp/bareyarp
	with_hook=("DOTNET_STARTUP_HOOKS=$BENCH_OUT/bin/hook/Everyport.AllocationHook.dll" "EVERYPORT_BENCH_ALLOCATIONS=$work/allocations")
}

# Certificates for TLS: the ECDSA one is the default.
make_certificates() {
	local name
	local -A keys=([ecdsa]='ec -pkeyopt ec_paramgen_curve:P-256' [rsa]='rsa:2048')
	for name in ecdsa rsa; do
		# shellcheck disable=SC2086 # words
		openssl req -x509 -newkey ${keys[$name]} -nodes -days 30 -subj "/CN=$name.bench" -addext "subjectAltName=DNS:$name.bench" \
			-keyout "$work/$name.key" -out "$work/$name.crt" 2>"$work/openssl.log" || { cat "$work/openssl.log" >&2; exit 1; }
	done
}

probe() {
	load "$1" httpload idle -u /0 -c 1
}

#!/usr/bin/env bash
# Sourced: nginx as a proxy of HTTP, TCP connections or UDP flows.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# run_nginx SECTION CONTENT [LENDER...]: with what its section `http` or `stream` holds; a lender runs it with sockets for it
# to take over.
run_nginx() {
	cat >"$work/nginx.conf" <<-CONFIGURATION
		load_module /usr/lib/nginx/modules/ngx_stream_module.so;
		daemon off;
		user root;
		pid $work/nginx.pid;
		error_log stderr error;
		worker_processes $(nproc);
		events { worker_connections 19500; }
		$1 { $2 }
	CONFIGURATION
	in_background proxy "${@:3}" nginx -p "$work" -c "$work/nginx.conf"
}

nginx_version() {
	nginx -v 2>&1 | sed 's/.*\///; s/^/nginx /'
}

#!/bin/bash
# Asks the admin endpoint whether the proxy is ready. The image has no HTTP client, and bash can do without one.
# It knows Admin:Listen from the environment only: a file that moves the endpoint needs Admin__Listen set as well.
set -euo pipefail

listen=${Admin__Listen:-127.0.0.1:9464}
host=${listen%:*} port=${listen##*:}
host=${host#[} host=${host%]}

exec 3<>"/dev/tcp/$host/$port"
printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]

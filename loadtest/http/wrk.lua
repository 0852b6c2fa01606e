-- What wrk counted, as a line of JSON like those of our own generators: times in seconds, quantiles in microseconds.

-- Seconds that this process has computed; the clock of /proc ticks a hundred times a second.
local function computed()
	local file = io.open("/proc/self/stat")
	local fields = file:read("*l"):match("%) (.*)$")
	file:close()
	local user, system = fields:match(("%S+ "):rep(11) .. "(%d+) (%d+)")
	return (user + system) / 100
end

function done(summary, latency)
	local errors = summary.errors
	local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
	print(('{ "requests": %d, "failed": %d, "seconds": %.6f, "cpu": %.2f, "p50": %.1f, "p99": %.1f }'):format(
		summary.requests, failed, summary.duration / 1e6, computed(), latency:percentile(50), latency:percentile(99)))
end

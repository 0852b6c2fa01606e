/*
 * httpload: loads proxies of HTTP/1.1, with or without TLS, and is the origin behind them. Each mode prints one line of
 * JSON with its figures: times in seconds, quantiles in microseconds. One thread, so that what it takes is one core at most.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "httpload.h"

static const struct {
	const char *name;
	void (*run)(const struct options *options);
} modes[] = {
	{ "serve", serve },		{ "requests", requests }, { "connect", connect_and_close },
	{ "handshake", handshake }, { "idle", idle },	  { "lend", lend },
};

static const char usage[] =
	"usage: httpload serve     -a ADDRESS -p PORT\n"
	"       httpload requests  TARGET -c CONNECTIONS -t SECONDS [-r REQUESTS A SECOND]\n"
	"       httpload connect   TARGET -c CONNECTIONS -t SECONDS\n"
	"       httpload handshake TARGET -c CONNECTIONS -t SECONDS [-R]  full, or resumed\n"
	"       httpload idle      TARGET -c CONNECTIONS\n"
	"       httpload lend      -a ADDRESS -p PORT PROGRAM [ARGUMENT...]\n"
	"TARGET also has [-u PATH] [-T HOST], for TLS with that name.\n" TARGET_USAGE;

static struct options parse(int argc, char **argv)
{
	struct options options = { .target.ports = 1, .connections = 1, .seconds = 1, .path = "/", .host = "bench" };
	int option;

	/* '+': what follows the first word that is no option is a command of its own. */
	while ((option = getopt(argc, argv, "+" TARGET_OPTIONS "c:t:r:u:T:R")) >= 0) {
		switch (option) {
		case 'c': options.connections = atoi(optarg); break;
		case 't': options.seconds = atof(optarg); break;
		case 'r': options.rate = atof(optarg); break;
		case 'u': options.path = optarg; break;
		case 'T': options.host = optarg; options.tls = true; break;
		case 'R': options.resume = true; break;
		default:
			if (!take_target_option(&options.target, option, optarg)) {
				fputs(usage, stderr);
				exit(2);
			}
		}
	}
	options.command = argv + optind;
	return options;
}

int main(int argc, char **argv)
{
	struct options options;

	/* OpenSSL writes to sockets whose other side is gone. */
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(argv[1], modes[i].name) != 0)
			continue;
		options = parse(argc - 1, argv + 1);
		if (options.target.address.s_addr == 0 || options.target.port <= 0 || options.target.ports <= 0 || options.connections <= 0)
			break;
		modes[i].run(&options);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}

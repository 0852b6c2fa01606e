/*
 * flowload: loads proxies of UDP, and is the origin behind them. It prints one line of JSON with its figures: times in
 * seconds, quantiles in microseconds. One thread, so that what it takes is one core at most.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flowload.h"

static const struct {
	const char *name;
	void (*run)(const struct options *options);
} modes[] = { { "serve", serve }, { "exchange", exchange }, { "lend", lend } };

static const char usage[] =
	"usage: flowload serve    -a ADDRESS -p PORT\n"
	"       flowload exchange -a ADDRESS -p PORT [-n PORTS] -s FIRST SOURCE ADDRESS [-m ADDRESSES] -t SECONDS -b BYTES\n"
	"                         [-c SOCKETS] [-f] (-r DATAGRAMS A SECOND | -w WINDOW)\n"
	"       flowload lend     -a ADDRESS -p PORT [-n PORTS] [-j WORKERS] [-T] PROGRAM [ARGUMENT...]\n";

static struct in6_addr parse_address(const char *text)
{
	struct in6_addr address;
	char mapped[64];

	snprintf(mapped, sizeof(mapped), strchr(text, ':') ? "%s" : "::ffff:%s", text);
	if (inet_pton(AF_INET6, mapped, &address) != 1)
		fail("'%s' is no address", text);
	return address;
}

static struct options parse(int argc, char **argv)
{
	struct options options = { .ports = 1, .sources = 1, .sockets = 1, .size = 64, .window = 1, .seconds = 1, .workers = 1 };
	int option;

	/* '+': what follows the first word that is no option is a command of its own. */
	while ((option = getopt(argc, argv, "+a:p:n:s:m:c:fb:w:r:t:j:T")) >= 0) {
		switch (option) {
		case 'a': options.address = parse_address(optarg); break;
		case 'p': options.port = atoi(optarg); break;
		case 'n': options.ports = atoi(optarg); break;
		case 's': options.source = parse_address(optarg); break;
		case 'm': options.sources = atoi(optarg); break;
		case 'c': options.sockets = atoi(optarg); break;
		case 'f': options.fresh = true; break;
		case 'b': options.size = atoi(optarg); break;
		case 'w': options.window = atoi(optarg); break;
		case 'r': options.rate = atof(optarg); break;
		case 't': options.seconds = atof(optarg); break;
		case 'j': options.workers = atoi(optarg); break;
		case 'T': options.transparent = true; break;
		default: fputs(usage, stderr); exit(2);
		}
	}
	options.command = argv + optind;
	return options;
}

static bool makes_sense(const struct options *options)
{
	return options->port > 0 && options->ports > 0 && options->sources > 0 && options->sockets > 0 && options->workers > 0 &&
	       options->size >= SMALLEST && options->size <= LARGEST && (options->rate > 0 || options->window > 0);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(*modes); i++) {
		struct options options;

		if (strcmp(argv[1], modes[i].name) != 0)
			continue;
		options = parse(argc - 1, argv + 1);
		if (!makes_sense(&options))
			break;
		modes[i].run(&options);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}

/* What the load generators of TCP share: whom they dial, from where, and sockets. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>

/* How long, in seconds, what should happen at once may take before the run is given up. */
#define PATIENCE 15

struct target {
	struct in_addr address; /* to listen on, or to dial */
	int port;
	int ports;             /* connections take turns on so many, from `port` on */
	struct in_addr source; /* and on so many addresses, from this one on */
	int sources;
};

#define TARGET_OPTIONS "a:p:n:s:m:"
#define TARGET_USAGE "TARGET: -a ADDRESS -p PORT [-n PORTS] [-s FIRST SOURCE ADDRESS -m ADDRESSES]\n"

/* Takes an option of TARGET_OPTIONS; returns false where it is another one. */
bool take_target_option(struct target *target, int option, const char *value);

/* A listening socket that does not block, as programs that inherit one expect; fails where there can be none. */
int listen_on(struct in_addr address, int port, bool transparent);

/* The n-th connection; the socket of one that only begins does not block. Returns -1 where there can be none. */
int dial(const struct target *target, int n, bool only_begin);

void watch_for(int poller, int fd, uint32_t events, uint64_t data);

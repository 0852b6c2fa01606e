/* What the modes of streamload share: the options, the origin's services and sockets. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../load/load.h"

/* Requests and answers have this size. */
#define MESSAGE 64

/* How long, in seconds, what should happen at once may take before the run is given up. */
#define PATIENCE 15

/* What is written at once where only the amount counts. */
#define CHUNK (256 * 1024)

/*
 * What the origin does with a connection; the first byte of the client says it. None of them can begin HTTP or TLS,
 * so that a proxy that peeks is done with the first byte.
 */
enum service {
	ECHO = 1,   /* everything comes back, this byte as well */
	ONCE = 2,   /* one message comes back, then the origin closes */
	SOURCE = 3, /* the origin sends until the client has ended */
	SINK = 4,   /* when the client has ended, the origin says in 8 bytes how many it got */
};

struct options {
	struct in_addr address; /* to listen on, or to dial */
	int port;
	int ports;             /* connections take turns on so many, from `port` on */
	struct in_addr source; /* and on so many addresses, from this one on */
	int sources;
	int connections;
	double seconds;
	double rate; /* messages a second; 0: as many as go */
	bool upload;
	char **command; /* what follows the options */
};

void serve(const struct options *options);
void bulk(const struct options *options);
void connect_and_close(const struct options *options);
void pingpong(const struct options *options);
void idle(const struct options *options);
void lend(const struct options *options);

/* A listening socket that does not block, as programs that inherit one expect; fails where there can be none. */
int listen_on(struct in_addr address, int port, bool transparent);

/* The n-th connection; the socket of one that only begins does not block. Returns -1 where there can be none. */
int dial(const struct options *options, int n, bool only_begin);

/* The n-th connection of a service, which has answered already if it is ECHO; fails where there can be none. */
int dial_service(const struct options *options, int n, enum service service);

void watch_for(int poller, int fd, uint32_t events, uint64_t data);

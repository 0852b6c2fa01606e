/* What the modes of streamload share: the options, the origin's services and sockets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../load/load.h"
#include "../load/tcp.h"

/* Requests and answers have this size. */
#define MESSAGE 64

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
	struct target target;
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

/* The n-th connection of a service, which has answered already if it is ECHO; fails where there can be none. */
int dial_service(const struct options *options, int n, enum service service);

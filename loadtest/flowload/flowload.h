/* What the modes of flowload share: the options and the sockets. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>

#include "../load/load.h"

#define SMALLEST 16  /* bytes of a datagram: what tells it from others */
#define LARGEST 1472 /* what an Ethernet frame holds */
#define BATCH 64     /* datagrams that one system call moves */

/* IPv4 addresses are IPv4-mapped. */
struct options {
	struct in6_addr address; /* to listen on, or to dial */
	int port;
	int ports;              /* flows take turns on so many, from `port` on */
	struct in6_addr source; /* and on so many addresses, from this one on */
	int sources;
	int sockets; /* of the client: datagrams take turns on them */
	bool fresh;  /* each datagram of a socket goes to another port than the one before, so that it begins a flow */
	int size;    /* of a datagram */
	int window;  /* datagrams without an answer, where there is no rate */
	double rate; /* datagrams a second; 0: as many as go */
	double seconds;
	int workers; /* listening sockets for each port */
	bool transparent;
	char **command; /* what follows the options */
};

void serve(const struct options *options);
void exchange(const struct options *options);
void lend(const struct options *options);

/* A datagram socket of one address and port; 0 is any port. It holds what comes while the machine does other things. */
int bind_to(const struct in6_addr *address, int port);

/* Lets a socket hold so many bytes as are lost nowhere else than in a proxy. */
void hold_much(int fd);

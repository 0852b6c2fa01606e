/*
 * lend: runs nginx with sockets that it cannot make by itself: ones that hold more than the limit of the machine allows,
 * and transparent ones, which is what TPROXY may give datagrams to, and which may answer from any address.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "flowload.h"

static int listen_on(const struct options *options, int port)
{
	struct sockaddr_in6 local = { .sin6_family = AF_INET6, .sin6_addr = options->address, .sin6_port = htons(port) };
	struct sockaddr_in local4 = { .sin_family = AF_INET, .sin_addr.s_addr = options->address.s6_addr32[3], .sin_port = htons(port) };
	bool ipv4 = IN6_IS_ADDR_V4MAPPED(&options->address);
	int fd = socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail("cannot open a socket");
	hold_much(fd);
	set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (!ipv4)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (options->transparent)
		set(fd, ipv4 ? IPPROTO_IP : IPPROTO_IPV6, ipv4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, 1);
	if (bind(fd, ipv4 ? (void *)&local4 : &local, ipv4 ? sizeof(local4) : sizeof(local)) < 0)
		fail("cannot bind to port %d", port);
	return fd;
}

void lend(const struct options *options)
{
	int count = options->ports * options->workers;
	int *listeners = calloc(count, sizeof(*listeners));

	if (!listeners)
		fail("no memory for %d sockets", count);
	for (int i = 0; i < count; i++)
		listeners[i] = listen_on(options, options->port + i / options->workers);
	run_with_listeners(listeners, count, options->command);
}

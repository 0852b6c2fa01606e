/* Datagram sockets. */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "flowload.h"

#define HELD (8 * 1024 * 1024)

void hold_much(int fd)
{
	set(fd, SOL_SOCKET, SO_RCVBUFFORCE, HELD);
}

int bind_to(const struct in6_addr *address, int port)
{
	struct sockaddr_in6 local = { .sin6_family = AF_INET6, .sin6_addr = *address, .sin6_port = htons(port) };
	char text[INET6_ADDRSTRLEN];
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0)
		fail("cannot open a socket");
	hold_much(fd);
	if (bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0)
		fail("cannot bind to port %d of %s", port, inet_ntop(AF_INET6, address, text, sizeof(text)));
	return fd;
}

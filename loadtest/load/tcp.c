/* Listening, dialling, and asking for other events. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "load.h"
#include "tcp.h"

#define BACKLOG 4096

static struct in_addr parse_address(const char *text)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1)
		fail("'%s' is not an IPv4 address", text);
	return address;
}

bool take_target_option(struct target *target, int option, const char *value)
{
	switch (option) {
	case 'a': target->address = parse_address(value); return true;
	case 'p': target->port = atoi(value); return true;
	case 'n': target->ports = atoi(value); return true;
	case 's': target->source = parse_address(value); return true;
	case 'm': target->sources = atoi(value); return true;
	default: return false;
	}
}

int listen_on(struct in_addr address, int port, bool transparent)
{
	struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr = address, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail("cannot open a socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	/* Accepted sockets inherit it: an answer must not wait for the acknowledgement of the one before. */
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (transparent)
		set(fd, IPPROTO_IP, IP_TRANSPARENT, 1);
	if (bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0 || listen(fd, BACKLOG) < 0)
		fail("cannot listen on %s:%d", inet_ntoa(address), port);
	return fd;
}

int dial(const struct target *target, int n, bool only_begin)
{
	struct sockaddr_in source = { .sin_family = AF_INET }, destination = { .sin_family = AF_INET, .sin_addr = target->address };
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(AF_INET, SOCK_STREAM | (only_begin ? SOCK_NONBLOCK : 0), 0);

	if (fd < 0)
		return -1;
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (!only_begin) {
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	}
	destination.sin_port = htons(target->port + n % target->ports);
	if (target->sources) {
		/* The port is chosen when the destination is known: it has to be free for that one only. */
		set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
		source.sin_addr.s_addr = htonl(ntohl(target->source.s_addr) + n % target->sources);
		if (bind(fd, (struct sockaddr *)&source, sizeof(source)) < 0)
			fail("cannot dial from %s", inet_ntoa(source.sin_addr));
	}
	if (connect(fd, (struct sockaddr *)&destination, sizeof(destination)) == 0 || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

void watch_for(int poller, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = { .events = events, .data.u64 = data };

	if (epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event) < 0)
		fail("cannot watch a socket");
}

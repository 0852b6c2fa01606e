/* Listening, dialling, and asking for other events. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "streamload.h"

#define BACKLOG 4096

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

int dial(const struct options *options, int n, bool only_begin)
{
	struct sockaddr_in source = { .sin_family = AF_INET }, target = { .sin_family = AF_INET, .sin_addr = options->address };
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(AF_INET, SOCK_STREAM | (only_begin ? SOCK_NONBLOCK : 0), 0);

	if (fd < 0)
		return -1;
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (!only_begin) {
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	}
	target.sin_port = htons(options->port + n % options->ports);
	if (options->sources) {
		/* The port is chosen when the destination is known: it has to be free for that one only. */
		set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
		source.sin_addr.s_addr = htonl(ntohl(options->source.s_addr) + n % options->sources);
		if (bind(fd, (struct sockaddr *)&source, sizeof(source)) < 0)
			fail("cannot dial from %s", inet_ntoa(source.sin_addr));
	}
	if (connect(fd, (struct sockaddr *)&target, sizeof(target)) == 0 || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

int dial_service(const struct options *options, int n, enum service service)
{
	char message[MESSAGE] = { service };
	size_t length = service == ECHO ? MESSAGE : 1;
	int fd = dial(options, n, false);

	if (fd < 0)
		fail("cannot open connection %d", n + 1);
	if (send(fd, message, length, MSG_NOSIGNAL) != (ssize_t)length)
		fail("cannot send on connection %d", n + 1);
	errno = 0;
	if (service == ECHO && recv(fd, message, MESSAGE, MSG_WAITALL) != MESSAGE)
		fail("no answer on connection %d", n + 1);
	return fd;
}

void watch_for(int poller, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = { .events = events, .data.u64 = data };

	if (epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event) < 0)
		fail("cannot watch a socket");
}

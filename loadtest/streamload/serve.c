/* serve: the origin. It offers every service of streamload.h on one port, until it is killed. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "streamload.h"

#define EVENTS 256

struct connection {
	enum service service; /* 0 until the first byte is there */
	uint64_t received;
};

static struct connection *connections; /* by descriptor */
static int poller;
static char buffer[CHUNK];

static void accept_all(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		connections[fd] = (struct connection){ 0 };
		watch(poller, fd, EPOLLIN, fd);
	}
	if (errno != EAGAIN && errno != ECONNABORTED)
		fail("cannot accept");
}

/* Answers are short and the client waits for them: one that does not fit is an error of the client. */
static void answer(int fd, const void *data, size_t length)
{
	if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		perror("streamload: cannot answer");
}

/* Reads once; false: nothing is to be done any more. */
static bool read_once(int fd, struct connection *connection)
{
	/* What a sink gets is not even copied: it must not be what the proxies wait for. */
	ssize_t length = recv(fd, buffer, sizeof(buffer), connection->service == SINK ? MSG_TRUNC : 0);

	if (length < 0)
		return errno == EAGAIN;
	if (length == 0) {
		if (connection->service == SINK)
			answer(fd, &connection->received, sizeof(connection->received));
		return false;
	}
	if (connection->received == 0) {
		connection->service = buffer[0];
		if (connection->service == SOURCE)
			watch_for(poller, fd, EPOLLIN | EPOLLOUT, fd);
	}
	connection->received += length;
	if (connection->service == ECHO)
		answer(fd, buffer, length);
	if (connection->service == ONCE && connection->received == MESSAGE) {
		answer(fd, buffer, MESSAGE);
		return false;
	}
	return true;
}

static bool write_once(int fd)
{
	return send(fd, buffer, sizeof(buffer), MSG_NOSIGNAL) >= 0 || errno == EAGAIN;
}

static void handle(int fd, uint32_t events)
{
	struct connection *connection = &connections[fd];
	bool open = true;

	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		open = read_once(fd, connection);
	if (open && events & EPOLLOUT)
		open = write_once(fd);
	if (!open)
		close(fd);
}

void serve(const struct options *options)
{
	struct epoll_event events[EVENTS];
	struct rlimit descriptors;
	int listener = listen_on(options->target.address, options->target.port, false), count;

	getrlimit(RLIMIT_NOFILE, &descriptors);
	connections = calloc(descriptors.rlim_cur, sizeof(*connections));
	poller = epoll_create1(0);
	if (!connections || poller < 0)
		fail("cannot serve");
	watch(poller, listener, EPOLLIN, listener);
	while ((count = epoll_wait(poller, events, EVENTS, -1)) >= 0 || errno == EINTR) {
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 == (uint64_t)listener)
				accept_all(listener);
			else
				handle(events[i].data.u64, events[i].events);
		}
	}
	fail("cannot wait");
}

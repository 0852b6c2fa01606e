/* serve: the origin. GET /N is answered with N bytes, over HTTP/1.1, until it is killed. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "httpload.h"

#define EVENTS 256
#define MAX_BODY (1024 * 1024)

struct connection {
	size_t length; /* of the request, as far as it is here */
	char request[MAX_HEAD];
	size_t head_length, body_length, sent; /* of the answer */
	char head[128];
	bool answering, close;
};

static struct connection **connections; /* by descriptor */
static int poller;
static char body[MAX_BODY];

static void accept_all(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (!connections[fd])
			connections[fd] = malloc(sizeof(**connections));
		if (!connections[fd])
			fail("no memory for a connection");
		connections[fd]->length = 0;
		connections[fd]->answering = connections[fd]->close = false;
		watch(poller, fd, EPOLLIN | EPOLLOUT | EPOLLET, fd);
	}
	if (errno != EAGAIN && errno != ECONNABORTED)
		fail("cannot accept");
}

/* Returns true where nothing of the answer is left, or false with what errno says. */
static bool send_rest(int fd, struct connection *connection)
{
	while (connection->sent < connection->head_length + connection->body_length) {
		size_t head = connection->sent < connection->head_length ? connection->head_length - connection->sent : 0;
		size_t done = head ? 0 : connection->sent - connection->head_length;
		struct iovec parts[2] = {
			{ connection->head + connection->head_length - head, head },
			{ body + done, connection->body_length - done },
		};
		struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
		ssize_t length = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (length < 0)
			return false;
		connection->sent += length;
	}
	connection->answering = false;
	return true;
}

/* Takes one request out of what was received; returns false where none is complete. */
static bool take_request(struct connection *connection)
{
	char *end = memmem(connection->request, connection->length, "\r\n\r\n", 4);
	size_t length;

	if (!end)
		return false;
	*end = 0;
	connection->close = strcasestr(connection->request, "\r\nConnection: close") != NULL;
	connection->body_length = strncmp(connection->request, "GET /", 5) == 0 ? strtoul(connection->request + 5, NULL, 10) : 0;
	if (connection->body_length > MAX_BODY)
		connection->body_length = MAX_BODY;
	connection->head_length = sprintf(connection->head, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n%s\r\n",
					  connection->body_length, connection->close ? "Connection: close\r\n" : "");
	connection->sent = 0;
	connection->answering = true;
	length = end + 4 - connection->request;
	connection->length -= length;
	memmove(connection->request, connection->request + length, connection->length);
	return true;
}

/* Returns false where the connection is over. */
static bool advance(int fd, struct connection *connection)
{
	for (;;) {
		ssize_t length;

		if (connection->answering && !send_rest(fd, connection))
			return errno == EAGAIN;
		if (!connection->answering && connection->close)
			return false;
		if (take_request(connection))
			continue;
		if (connection->length == MAX_HEAD)
			return false;
		length = recv(fd, connection->request + connection->length, MAX_HEAD - connection->length, 0);
		if (length <= 0)
			return length < 0 && errno == EAGAIN;
		connection->length += length;
	}
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
	memset(body, 'x', sizeof(body));
	watch(poller, listener, EPOLLIN, listener);
	while ((count = epoll_wait(poller, events, EVENTS, -1)) >= 0 || errno == EINTR) {
		for (int i = 0; i < count; i++) {
			int fd = events[i].data.u64;

			if (fd == listener)
				accept_all(listener);
			else if (!advance(fd, connections[fd]))
				close(fd);
		}
	}
	fail("cannot wait");
}

/* bulk: as many bytes as go through, one way, on all connections at once. What is counted has arrived. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "streamload.h"

#define EVENTS 64

struct transfer {
	int fd;
	uint64_t sent;
};

static struct transfer *transfers;
static uint64_t arrived;
static char buffer[CHUNK];

/* Ends this side: the origin stops sending, or says what it got. */
static void end_all(const struct options *options, int poller)
{
	for (int i = 0; i < options->connections; i++) {
		if (shutdown(transfers[i].fd, SHUT_WR) < 0)
			fail("a connection broke before its end");
		watch_for(poller, transfers[i].fd, EPOLLIN, i);
	}
}

static void send_more(struct transfer *transfer)
{
	ssize_t length = send(transfer->fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_NOSIGNAL);

	if (length > 0)
		transfer->sent += length;
	else if (errno != EAGAIN)
		fail("a connection broke while sending");
}

/* Returns false at the end of the connection. */
static bool receive_more(struct transfer *transfer, bool ended)
{
	ssize_t length = recv(transfer->fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);

	if (length > 0)
		arrived += length;
	else if (length < 0 && errno != EAGAIN)
		fail("a connection broke while receiving");
	else if (length == 0 && !ended) {
		errno = 0;
		fail("a connection ended early");
	}
	return length != 0;
}

/* The origin's count is what arrived, and it has to be what was sent. */
static void receive_count(const struct transfer *transfer)
{
	uint64_t count;

	errno = 0;
	if (recv(transfer->fd, &count, sizeof(count), MSG_WAITALL) != sizeof(count))
		fail("the origin did not say how much it got");
	if (count != transfer->sent)
		fail("of %llu bytes, %llu arrived", (unsigned long long)transfer->sent, (unsigned long long)count);
	arrived += count;
}

void bulk(const struct options *options)
{
	struct epoll_event events[EVENTS];
	int poller = epoll_create1(0), open = options->connections;
	bool ended = false;
	double start, end;

	transfers = calloc(options->connections, sizeof(*transfers));
	for (int i = 0; i < options->connections; i++) {
		transfers[i] = (struct transfer){ dial_service(options, i, options->upload ? SINK : SOURCE), 1 };
		watch(poller, transfers[i].fd, options->upload ? EPOLLOUT : EPOLLIN, i);
	}
	start = now();
	end = start + options->seconds;
	while (open > 0) {
		int count = epoll_wait(poller, events, EVENTS, 10);

		if (!ended && now() >= end) {
			ended = true;
			end_all(options, poller);
			continue;
		}
		errno = 0;
		if (now() > end + PATIENCE)
			fail("%d connections did not end", open);
		for (int i = 0; i < count; i++) {
			struct transfer *transfer = &transfers[events[i].data.u64];

			if (options->upload && !ended) {
				send_more(transfer);
				continue;
			}
			if (options->upload)
				receive_count(transfer);
			else if (receive_more(transfer, ended))
				continue;
			close(transfer->fd);
			open--;
		}
	}
	end = now();
	printf("{ \"bytes\": %llu, \"seconds\": %.6f, \"cpu\": %.6f }\n", (unsigned long long)arrived, end - start, computed());
}

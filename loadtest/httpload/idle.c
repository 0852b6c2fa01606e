/* idle: connections that have had one answer each and then rest, until standard input ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "httpload.h"

/* Waits for the one answer. */
static void await_answer(struct channel *channel, const char *request, size_t length)
{
	struct answer answer = { 0 };
	struct epoll_event event;
	char buffer[16 * 1024];
	double end = now() + PATIENCE;
	int poller = epoll_create1(0);
	bool asked = false, answered = false;

	watch(poller, channel->fd, EPOLLIN | EPOLLOUT | EPOLLET, 0);
	while (!answered) {
		ssize_t received;

		errno = 0;
		if (wait_until(poller, &event, 1, end) == 0)
			fail("no answer");
		asked = asked || channel_send(channel, request, length) > 0;
		while (asked && (received = channel_receive(channel, buffer, sizeof(buffer))) > 0)
			answered = take_piece(&answer, buffer, received);
		if (!answered && errno != EAGAIN)
			fail("no answer");
	}
	close(poller);
}

void idle(const struct options *options)
{
	struct channel *channels = calloc(options->connections, sizeof(*channels));
	char request[MAX_HEAD], byte;
	size_t length = write_request(request, options, false);
	double start = now();
	int lost = 0;

	for (int i = 0; i < options->connections; i++) {
		channels[i] = open_channel(options, i);
		await_answer(&channels[i], request, length);
	}
	printf("{ \"connections\": %d, \"seconds\": %.6f }\n", options->connections, now() - start);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	for (int i = 0; i < options->connections; i++)
		lost += channel_receive(&channels[i], &byte, 1) >= 0 || errno != EAGAIN;
	printf("{ \"lost\": %d }\n", lost);
}

/*
 * pingpong: requests and answers on kept connections. At a fixed rate, requests leave when they are due, whether or
 * not earlier ones are answered, and their time counts from when they were due; without a rate, each connection sends
 * its next one when it has the answer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "streamload.h"

#define EVENTS 64
#define PENDING 4096 /* requests without an answer on one connection; a power of two */

struct conversation {
	int fd;
	size_t partial;      /* bytes of an answer that is not complete */
	unsigned sent, got;  /* requests and answers */
	double due[PENDING]; /* of the requests without an answer */
};

static struct conversation *conversations;
static struct samples samples;
static uint64_t outstanding;

static void ask(struct conversation *conversation, double due)
{
	char request[MESSAGE] = { ECHO };

	errno = 0;
	if (conversation->sent - conversation->got == PENDING)
		fail("%d requests of a connection have no answer", PENDING);
	if (send(conversation->fd, request, MESSAGE, MSG_DONTWAIT | MSG_NOSIGNAL) != MESSAGE)
		fail("a request could not be sent");
	conversation->due[conversation->sent++ % PENDING] = due;
	outstanding++;
}

/* Takes what is there; returns the number of answers. */
static int take_answers(struct conversation *conversation)
{
	char answers[16 * 1024];
	ssize_t length = recv(conversation->fd, answers, sizeof(answers), MSG_DONTWAIT);
	double time = now();
	int count;

	if (length < 0 && errno == EAGAIN)
		return 0;
	if (length <= 0)
		fail("a connection ended early");
	conversation->partial += length;
	count = conversation->partial / MESSAGE;
	conversation->partial %= MESSAGE;
	for (int i = 0; i < count; i++)
		add_sample(&samples, time - conversation->due[conversation->got++ % PENDING]);
	outstanding -= count;
	return count;
}

static void converse(const struct options *options, int poller)
{
	struct epoll_event events[EVENTS];
	double start = now(), end = start + options->seconds, due = start;
	uint64_t asked = 0;

	for (int i = 0; options->rate == 0 && i < options->connections; i++)
		ask(&conversations[i], now());
	while (outstanding > 0 || (options->rate > 0 && due < end)) {
		int count;

		while (options->rate > 0 && due < end && due <= now()) {
			ask(&conversations[asked % options->connections], due);
			due = start + ++asked / options->rate;
		}
		errno = 0;
		if (now() > end + PATIENCE)
			fail("%llu requests have no answer", (unsigned long long)outstanding);
		count = wait_until(poller, events, EVENTS, options->rate > 0 && due < end ? due : end + PATIENCE);
		for (int i = 0; i < count; i++) {
			struct conversation *conversation = &conversations[events[i].data.u64];

			if (take_answers(conversation) > 0 && options->rate == 0 && now() < end)
				ask(conversation, now());
		}
	}
	end = now();
	sort_samples(&samples);
	printf("{ \"requests\": %zu, \"seconds\": %.6f, \"cpu\": %.6f, ", samples.count, end - start, computed());
	printf("\"p50\": %.1f, \"p99\": %.1f }\n", quantile(&samples, 0.5) * 1e6, quantile(&samples, 0.99) * 1e6);
}

void pingpong(const struct options *options)
{
	int poller = epoll_create1(0);

	wake_in_time();
	conversations = calloc(options->connections, sizeof(*conversations));
	for (int i = 0; i < options->connections; i++) {
		conversations[i].fd = dial_service(options, i, ECHO);
		watch(poller, conversations[i].fd, EPOLLIN, i);
	}
	converse(options, poller);
}

/*
 * requests: on kept connections. At a fixed rate, requests are due whether or not earlier ones are answered; one that is
 * due while no connection is free waits for the next one, and its time counts from when it was due all the same. Without
 * a rate, each connection sends its next one when it has the answer.
 */
#include <errno.h>
#include <stdlib.h>

#include "httpload.h"

#define EVENTS 256

struct conversation {
	struct channel channel;
	struct answer answer;
	bool busy;
	double due;
	struct conversation *next; /* of those that are free */
};

static struct conversation *conversations, *first_free, **last_free = &first_free;
static struct samples samples;
static char request[MAX_HEAD], buffer[256 * 1024];
static size_t request_length;
static int outstanding;

/* The one that is free for longest comes first, so that all of them are used. */
static void set_free(struct conversation *conversation)
{
	conversation->busy = false;
	conversation->next = NULL;
	*last_free = conversation;
	last_free = &conversation->next;
}

static struct conversation *take_free(void)
{
	struct conversation *conversation = first_free;

	first_free = conversation->next;
	if (!first_free)
		last_free = &first_free;
	return conversation;
}

static void ask(struct conversation *conversation, double due)
{
	conversation->due = due;
	conversation->busy = true;
	conversation->answer.length = 0;
	conversation->answer.has_head = false;
	outstanding++;
	if (channel_send(&conversation->channel, request, request_length) != (ssize_t)request_length)
		fail("a request could not be sent");
}

/* Takes what is there; returns true where the answer is complete. */
static bool take_answer(struct conversation *conversation)
{
	ssize_t length;

	/* Until nothing is left: events tell of changes only, and TLS may hold more than the socket. */
	while ((length = channel_receive(&conversation->channel, buffer, sizeof(buffer))) > 0) {
		errno = 0;
		if (!conversation->busy)
			fail("an answer came without a request");
		if (take_piece(&conversation->answer, buffer, length)) {
			add_sample(&samples, now() - conversation->due);
			outstanding--;
			return true;
		}
	}
	if (length == 0)
		fail("a connection ended early");
	if (errno != EAGAIN)
		fail("a connection broke");
	return false;
}

/* One request each, so that connections and TLS are there before time counts. */
static void open_all(const struct options *options, int poller)
{
	struct epoll_event events[EVENTS];
	double end = now() + PATIENCE;
	char *asked = calloc(options->connections, 1);

	for (int i = 0; i < options->connections; i++) {
		conversations[i].channel = open_channel(options, i);
		watch(poller, conversations[i].channel.fd, EPOLLIN | EPOLLOUT | EPOLLET, i);
	}
	outstanding = options->connections;
	while (outstanding > 0) {
		int count = wait_until(poller, events, EVENTS, end);

		errno = 0;
		if (now() > end)
			fail("%d connections have no answer", outstanding);
		for (int i = 0; i < count; i++) {
			struct conversation *conversation = &conversations[events[i].data.u64];

			if (!asked[events[i].data.u64]) {
				ssize_t sent = channel_send(&conversation->channel, request, request_length);

				if (sent < 0 && errno != EAGAIN)
					fail("a request could not be sent");
				conversation->busy = sent > 0;
				asked[events[i].data.u64] = conversation->busy;
			}
			if (conversation->busy && take_answer(conversation))
				set_free(conversation);
		}
	}
	samples.count = 0;
	free(asked);
}

void requests(const struct options *options)
{
	struct epoll_event events[EVENTS];
	int poller = epoll_create1(0);
	double start, end, due;
	size_t begun = 0;

	wake_in_time();
	conversations = calloc(options->connections, sizeof(*conversations));
	request_length = write_request(request, options, false);
	open_all(options, poller);

	start = due = now();
	end = start + options->seconds;
	for (;;) {
		int count;

		while (first_free && due < end && due <= now()) {
			ask(take_free(), options->rate > 0 ? due : now());
			due = options->rate > 0 ? start + ++begun / options->rate : start;
		}
		if (options->rate == 0 && now() >= end)
			due = end;
		if (outstanding == 0 && due >= end)
			break;
		errno = 0;
		if (now() > end + PATIENCE)
			fail("%d requests have no answer", outstanding);
		count = wait_until(poller, events, EVENTS, options->rate > 0 && first_free && due < end ? due : end + PATIENCE);
		for (int i = 0; i < count; i++) {
			struct conversation *conversation = &conversations[events[i].data.u64];

			if (take_answer(conversation))
				set_free(conversation);
		}
	}
	report("requests", &samples, 0, now() - start);
}

/* connect: as many connections as go through, one after the other in each of some slots: one request, its answer, the end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpload.h"

#define EVENTS 256

struct slot {
	struct channel channel;
	struct answer answer;
	bool asked, answered;
	double started;
};

static const struct options *load;
static int poller, dialled, active, failed;
static struct slot *slots;
static struct samples samples;
static char request[MAX_HEAD], buffer[256 * 1024];
static size_t request_length;

static void begin(struct slot *slot)
{
	*slot = (struct slot){ .channel = open_channel(load, dialled++), .started = now() };
	active++;
	watch(poller, slot->channel.fd, EPOLLIN | EPOLLOUT | EPOLLET, slot - slots);
}

static void finish(struct slot *slot, double end)
{
	double time = now();

	if (!slot->answered && failed++ == 0)
		fprintf(stderr, "httpload: a connection failed after %.3f s: %s\n", time - slot->started, errno ? strerror(errno) : "no answer");
	close_channel(&slot->channel);
	active--;
	if (slot->answered)
		add_sample(&samples, time - slot->started);
	if (time < end)
		begin(slot);
}

/* Returns false while the connection goes on. */
static bool advance(struct slot *slot)
{
	ssize_t length;

	if (!slot->asked) {
		slot->asked = channel_send(&slot->channel, request, request_length) == (ssize_t)request_length;
		if (!slot->asked)
			return errno != EAGAIN;
	}
	while ((length = channel_receive(&slot->channel, buffer, sizeof(buffer))) > 0)
		slot->answered = take_piece(&slot->answer, buffer, length);
	if (length == 0)
		errno = 0;
	return length == 0 || errno != EAGAIN;
}

void connect_and_close(const struct options *options)
{
	struct epoll_event events[EVENTS];
	double start = now(), end = start + options->seconds;

	load = options;
	poller = epoll_create1(0);
	slots = calloc(options->connections, sizeof(*slots));
	request_length = write_request(request, options, true);
	for (int i = 0; i < options->connections; i++)
		begin(&slots[i]);
	while (active > 0 && now() < end + PATIENCE) {
		int count = epoll_wait(poller, events, EVENTS, 100);

		for (int i = 0; i < count; i++) {
			struct slot *slot = &slots[events[i].data.u64];

			if (advance(slot))
				finish(slot, end);
		}
	}
	report("connections", &samples, failed + active, now() - start);
}

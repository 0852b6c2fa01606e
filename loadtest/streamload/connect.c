/* connect: as many connections as go through, one after the other in each of some slots: one request, one answer, the end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "streamload.h"

#define EVENTS 256

struct slot {
	int fd;
	bool asked;
	size_t received;
	double started;
};

static const struct options *load;
static int poller, dialled, active, failed;
static struct slot *slots;
static struct samples samples;
static char request[MESSAGE] = { ONCE };

static void begin(struct slot *slot)
{
	*slot = (struct slot){ .fd = dial(&load->target, dialled++, true), .started = now() };
	if (slot->fd < 0)
		fail("cannot open connection %d", dialled);
	active++;
	watch(poller, slot->fd, EPOLLIN | EPOLLOUT | EPOLLET, slot - slots);
}

static void finish(struct slot *slot, bool answered, double end)
{
	double time = now();

	if (!answered && failed++ == 0)
		fprintf(stderr, "streamload: a connection failed after %.3f s: %s\n", time - slot->started, errno ? strerror(errno) : "no answer");
	close(slot->fd);
	active--;
	if (answered)
		add_sample(&samples, time - slot->started);
	if (time < end)
		begin(slot);
}

/* Returns false while the connection goes on; `answered` says how it ended. */
static bool advance(struct slot *slot, bool *answered)
{
	char answer[MESSAGE];
	ssize_t length;

	*answered = false;
	if (!slot->asked) {
		slot->asked = send(slot->fd, request, MESSAGE, MSG_NOSIGNAL) == MESSAGE;
		return !slot->asked && errno != EAGAIN;
	}
	while ((length = recv(slot->fd, answer, MESSAGE, 0)) > 0)
		slot->received += length;
	if (length < 0)
		return errno != EAGAIN;
	errno = 0;
	*answered = slot->received == MESSAGE;
	return true;
}

void connect_and_close(const struct options *options)
{
	struct epoll_event events[EVENTS];
	double start = now(), end = start + options->seconds;
	bool answered;

	load = options;
	poller = epoll_create1(0);
	slots = calloc(options->connections, sizeof(*slots));
	for (int i = 0; i < options->connections; i++)
		begin(&slots[i]);
	while (active > 0 && now() < end + PATIENCE) {
		int count = epoll_wait(poller, events, EVENTS, 100);

		for (int i = 0; i < count; i++) {
			struct slot *slot = &slots[events[i].data.u64];

			if (advance(slot, &answered))
				finish(slot, answered, end);
		}
	}
	end = now();
	sort_samples(&samples);
	printf("{ \"connections\": %zu, \"failed\": %d, \"seconds\": %.6f, \"cpu\": %.6f, ", samples.count, failed + active, end - start,
	       computed());
	printf("\"p50\": %.1f, \"p99\": %.1f }\n", quantile(&samples, 0.5) * 1e6, quantile(&samples, 0.99) * 1e6);
}

/*
 * handshake: as many TLS handshakes as go, full or resumed, each on a connection of its own that carries no request. It
 * counts when the other side has closed, so that all it has to do for it is done.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpload.h"

#define EVENTS 256

struct slot {
	struct channel channel;
	bool connected, ended;
	double started;
};

static const struct options *load;
static int poller, dialled, active, failed, unlike;
static struct slot *slots;
static struct samples samples;

/* A session to resume: that of one connection with a request, as a server gives it after the handshake. */
static void get_session(void)
{
	struct channel channel = open_channel(load, dialled++);
	struct epoll_event event;
	struct answer answer = { 0 };
	char request[MAX_HEAD], buffer[16 * 1024];
	size_t length = write_request(request, load, false);
	double end = now() + PATIENCE;
	bool asked = false, answered = false;

	watch(poller, channel.fd, EPOLLIN | EPOLLOUT | EPOLLET, 0);
	while (!answered) {
		ssize_t received;

		errno = 0;
		if (wait_until(poller, &event, 1, end) == 0)
			fail("no answer to the first request");
		asked = asked || channel_send(&channel, request, length) > 0;
		if (!asked && errno != EAGAIN)
			fail("the first handshake failed");
		while (asked && (received = channel_receive(&channel, buffer, sizeof(buffer))) > 0)
			answered = take_piece(&answer, buffer, received);
	}
	close_channel(&channel);
	errno = 0;
	if (!resume_sessions())
		fail("the server gave no session to resume");
}

static void begin(struct slot *slot)
{
	*slot = (struct slot){ .channel = open_channel(load, dialled++), .started = now() };
	active++;
	watch(poller, slot->channel.fd, EPOLLIN | EPOLLOUT | EPOLLET, slot - slots);
}

static void finish(struct slot *slot, double end)
{
	double time = now();

	if (!slot->ended && failed++ == 0)
		fprintf(stderr, "httpload: a handshake failed after %.3f s: %s\n", time - slot->started, errno ? strerror(errno) : "the connection ended");
	unlike += slot->ended && SSL_session_reused(slot->channel.ssl) != load->resume;
	close_channel(&slot->channel);
	active--;
	if (slot->ended)
		add_sample(&samples, time - slot->started);
	if (time < end)
		begin(slot);
}

/* Returns false while the connection goes on. */
static bool advance(struct slot *slot)
{
	char rest[1024];
	ssize_t length = -1;

	/* Receiving does the handshake, and takes the sessions that follow it. */
	while ((length = channel_receive(&slot->channel, rest, sizeof(rest))) > 0)
		;
	if (!slot->connected)
		slot->connected = SSL_is_init_finished(slot->channel.ssl);
	if (slot->connected && !slot->ended && (length == 0 || errno == EAGAIN)) {
		slot->ended = end_channel(&slot->channel);
		return false;
	}
	/* Some close without an end of TLS once we have ended ours: the handshake is done all the same. */
	return length == 0 || errno != EAGAIN;
}

void handshake(const struct options *options)
{
	struct epoll_event events[EVENTS];
	double start, end;

	load = options;
	poller = epoll_create1(0);
	slots = calloc(options->connections, sizeof(*slots));
	if (options->resume)
		get_session();
	start = now();
	end = start + options->seconds;
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
	errno = 0;
	if (unlike > (int)samples.count / 100)
		fail("%d of %zu handshakes were %s", unlike, samples.count, options->resume ? "full" : "resumed");
	report("handshakes", &samples, failed + active, now() - start);
}

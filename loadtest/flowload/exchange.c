/*
 * exchange: datagrams and their answers. At a fixed rate, datagrams leave when they are due, whether or not earlier ones
 * are answered, and their time counts from when they were due; without a rate, so many are on their way at any time as
 * the window allows. An answer counts if it comes in time, and from where the datagram went: anything else is lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "flowload.h"

#define EVENTS 256
#define FLIGHTS (1 << 20) /* datagrams that may be on their way; a power of two */
#define PATIENCE 0.5      /* seconds after which a datagram is lost */

/* What a datagram begins with. */
struct mark {
	uint64_t run; /* tells answers to an earlier run, which come late, from those to this one */
	uint64_t number;
};

struct flight {
	uint64_t number;
	double due;
	in_port_t port;
	bool open;
};

static const struct options *options;
static int *sockets;
static int poller;
static struct flight flights[FLIGHTS];
static struct samples samples;
static uint64_t run, sent, settled, lost, astray;
static double last_answer;

/* What leaves next, all by the same socket. */
static struct {
	int fd, count;
	char payloads[BATCH][LARGEST];
	struct sockaddr_in6 targets[BATCH];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
} batch;

static void flush(void)
{
	for (int done = 0; done < batch.count;) {
		int count = sendmmsg(batch.fd, batch.messages + done, batch.count - done, 0);

		if (count < 0)
			fail("a datagram could not be sent");
		done += count;
	}
	batch.count = 0;
}

static void add_to_batch(int fd, const struct flight *flight)
{
	struct mark mark = { run, flight->number };
	int i;

	if (batch.count == BATCH || batch.fd != fd)
		flush();
	batch.fd = fd;
	i = batch.count++;
	memcpy(batch.payloads[i], &mark, sizeof(mark));
	batch.targets[i] = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = options->address, .sin6_port = flight->port };
	batch.vectors[i] = (struct iovec){ batch.payloads[i], options->size };
	batch.messages[i].msg_hdr = (struct msghdr){
		.msg_name = &batch.targets[i], .msg_namelen = sizeof(batch.targets[i]), .msg_iov = &batch.vectors[i], .msg_iovlen = 1,
	};
}

static void offer(double due)
{
	struct flight *flight = &flights[sent % FLIGHTS];
	uint64_t socket = sent % options->sockets, turn = options->fresh ? sent / options->sockets : 0;

	if (flight->open)
		fail("%d datagrams have no answer", FLIGHTS);
	*flight = (struct flight){ sent++, due, htons(options->port + (socket + turn) % options->ports), true };
	add_to_batch(sockets[socket], flight);
}

static void take_answer(const char *payload, size_t length, const struct sockaddr_in6 *from, double time)
{
	struct flight *flight;
	struct mark mark;

	memcpy(&mark, payload, sizeof(mark));
	if (mark.run != run)
		return;
	flight = &flights[mark.number % FLIGHTS];
	if (length != (size_t)options->size || from->sin6_port != flight->port || memcmp(&from->sin6_addr, &options->address, sizeof(from->sin6_addr)) != 0) {
		astray++;
		return;
	}
	if (flight->number != mark.number || !flight->open)
		return;
	flight->open = false;
	last_answer = time;
	add_sample(&samples, time - flight->due);
}

static void take_answers(int fd)
{
	static char payloads[BATCH][LARGEST];
	static struct sockaddr_in6 sources[BATCH];
	static struct iovec vectors[BATCH];
	static struct mmsghdr messages[BATCH];
	int count;
	double time;

	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ payloads[i], LARGEST };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &sources[i], .msg_namelen = sizeof(sources[i]), .msg_iov = &vectors[i], .msg_iovlen = 1 };
	}
	count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
	if (count < 0 && errno != EAGAIN)
		fail("cannot receive");
	time = now();
	for (int i = 0; i < count; i++)
		take_answer(payloads[i], messages[i].msg_len, &sources[i], time);
}

/* Settles the oldest datagrams: those with an answer, and those that will have none. */
static void settle(double time)
{
	for (; settled < sent; settled++) {
		struct flight *flight = &flights[settled % FLIGHTS];

		if (flight->open && time - flight->due < PATIENCE)
			return;
		lost += flight->open;
		flight->open = false;
	}
}

static void converse(void)
{
	struct epoll_event events[EVENTS];
	double start = now(), end = start + options->seconds, time, cpu;

	while ((time = now()) < end || settled < sent) {
		double wake = time + PATIENCE / 10;
		int count;

		if (time < end && options->rate > 0) {
			while ((wake = start + sent / options->rate) <= time)
				offer(wake);
		} else if (time < end) {
			while (sent - lost - samples.count < (uint64_t)options->window)
				offer(time);
		}
		flush();
		count = wait_until(poller, events, EVENTS, wake);
		for (int i = 0; i < count; i++)
			take_answers(events[i].data.fd);
		settle(now());
	}
	cpu = computed();
	errno = 0;
	if (astray > 0)
		fail("%llu answers came from another address or port than was dialled, or in another size", (unsigned long long)astray);
	if (samples.count == 0)
		fail("no datagram was answered");
	sort_samples(&samples);
	printf("{ \"sent\": %llu, \"answered\": %zu, \"lost\": %llu, ", (unsigned long long)sent, samples.count, (unsigned long long)lost);
	printf("\"seconds\": %.6f, \"cpu\": %.6f, ", last_answer - start, cpu);
	printf("\"p50\": %.1f, \"p99\": %.1f }\n", quantile(&samples, 0.5) * 1e6, quantile(&samples, 0.99) * 1e6);
}

/* The n-th address from the first one on. */
static struct in6_addr source(int n)
{
	struct in6_addr address = options->source;

	address.s6_addr32[3] = htonl(ntohl(address.s6_addr32[3]) + n);
	return address;
}

void exchange(const struct options *given)
{
	options = given;
	wake_in_time();
	run = now() * 1e9;
	poller = epoll_create1(0);
	sockets = calloc(options->sockets, sizeof(*sockets));
	if (!sockets || poller < 0)
		fail("cannot begin");
	for (int i = 0; i < options->sockets; i++) {
		struct in6_addr address = source(i % options->sources);

		sockets[i] = bind_to(&address, 0);
		watch(poller, sockets[i], EPOLLIN, sockets[i]);
	}
	converse();
}

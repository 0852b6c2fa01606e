/* serve: the origin. Each datagram goes back to where it came from, until the program is killed. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>

#include "flowload.h"

static char payloads[BATCH][LARGEST];
static struct sockaddr_in6 clients[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static int receive(int fd)
{
	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ payloads[i], LARGEST };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &clients[i], .msg_namelen = sizeof(clients[i]), .msg_iov = &vectors[i], .msg_iovlen = 1 };
	}
	return recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
}

/* An answer that cannot be sent is one that the client misses: it is counted there. */
static void answer(int fd, int count)
{
	for (int i = 0; i < count; i++)
		vectors[i].iov_len = messages[i].msg_len;
	for (int done = 0; done < count;) {
		int sent = sendmmsg(fd, messages + done, count - done, 0);

		done += sent > 0 ? sent : 1;
	}
}

void serve(const struct options *options)
{
	int fd = bind_to(&options->address, options->port), count;

	while ((count = receive(fd)) >= 0 || errno == EINTR)
		answer(fd, count);
	fail("cannot receive");
}

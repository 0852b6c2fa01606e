/* The connections of services. */
#include <errno.h>
#include <sys/socket.h>

#include "streamload.h"

int dial_service(const struct options *options, int n, enum service service)
{
	char message[MESSAGE] = { service };
	size_t length = service == ECHO ? MESSAGE : 1;
	int fd = dial(&options->target, n, false);

	if (fd < 0)
		fail("cannot open connection %d", n + 1);
	if (send(fd, message, length, MSG_NOSIGNAL) != (ssize_t)length)
		fail("cannot send on connection %d", n + 1);
	errno = 0;
	if (service == ECHO && recv(fd, message, MESSAGE, MSG_WAITALL) != MESSAGE)
		fail("no answer on connection %d", n + 1);
	return fd;
}

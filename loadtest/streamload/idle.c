/* idle: connections that have had one answer each and then rest, until standard input ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "streamload.h"

void idle(const struct options *options)
{
	int *fds = calloc(options->connections, sizeof(*fds)), lost = 0;
	double start = now();
	char byte;

	for (int i = 0; i < options->connections; i++)
		fds[i] = dial_service(options, i, ECHO);
	printf("{ \"connections\": %d, \"seconds\": %.6f }\n", options->connections, now() - start);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	for (int i = 0; i < options->connections; i++)
		lost += recv(fds[i], &byte, 1, MSG_DONTWAIT) >= 0 || errno != EAGAIN;
	printf("{ \"lost\": %d }\n", lost);
}

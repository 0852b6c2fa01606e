/*
 * lend: runs nginx with a listening socket that nginx itself cannot make: a transparent one, which is what TPROXY may
 * give connections to. nginx takes over the sockets that the variable NGINX names, as when its program is replaced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "streamload.h"

void lend(const struct options *options)
{
	char descriptors[16];

	snprintf(descriptors, sizeof(descriptors), "%d;", listen_on(options->address, options->port, true));
	setenv("NGINX", descriptors, 1);
	execvp(options->command[0], options->command);
	fail("cannot run %s", options->command[0]);
}

/* nginx takes over the sockets that the variable NGINX names; several lenders in a row add to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

#define DIGITS 12 /* of a descriptor, with what ends it */

_Noreturn void run_with_listeners(const int *listeners, int count, char **command)
{
	const char *before = getenv("NGINX") ? getenv("NGINX") : "";
	size_t length = strlen(before);
	char *names = malloc(length + (size_t)count * DIGITS + 1);

	if (!names)
		fail("no memory for the names of %d sockets", count);
	strcpy(names, before);
	for (int i = 0; i < count; i++)
		length += sprintf(names + length, "%d;", listeners[i]);
	setenv("NGINX", names, 1);
	execvp(command[0], command);
	fail("cannot run %s", command[0]);
}

/* lend: runs nginx with a transparent listening socket, which is what TPROXY may give connections to. */
#include "httpload.h"

void lend(const struct options *options)
{
	int listener = listen_on(options->target.address, options->target.port, true);

	run_with_listeners(&listener, 1, options->command);
}

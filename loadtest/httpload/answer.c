/* Requests and answers of HTTP/1.1, as far as a load generator needs them. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpload.h"

size_t write_request(char text[MAX_HEAD], const struct options *options, bool close)
{
	int length = snprintf(text, MAX_HEAD, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", options->path, options->host,
			      close ? "Connection: close\r\n" : "");

	if (length >= MAX_HEAD)
		fail("the path is too long");
	return length;
}

static void read_head(struct answer *answer)
{
	const char *length = strcasestr(answer->head, "\r\nContent-Length:");

	errno = 0;
	if (strncmp(answer->head, "HTTP/1.1 200", 12) != 0)
		fail("the answer is %.*s", (int)strcspn(answer->head, "\r\n"), answer->head);
	if (!length)
		fail("the answer has no Content-Length");
	answer->left = atoll(strchr(length, ':') + 1);
}

bool take_piece(struct answer *answer, const char *piece, size_t length)
{
	if (!answer->has_head) {
		size_t room = MAX_HEAD - 1 - answer->length, before = answer->length, taken = length < room ? length : room;
		const char *end;

		memcpy(answer->head + before, piece, taken);
		answer->head[before + taken] = 0;
		answer->length += taken;
		end = strstr(answer->head + (before < 3 ? 0 : before - 3), "\r\n\r\n");
		errno = 0;
		if (!end && taken < length)
			fail("the head of an answer has more than %d bytes", MAX_HEAD);
		if (!end)
			return false;
		read_head(answer);
		answer->has_head = true;
		length -= end + 4 - answer->head - before;
	}
	errno = 0;
	if ((long long)length > answer->left)
		fail("an answer is longer than it says");
	answer->left -= length;
	return answer->left == 0;
}

void report(const char *what, struct samples *samples, int failed, double seconds)
{
	sort_samples(samples);
	printf("{ \"%s\": %zu, \"failed\": %d, \"seconds\": %.6f, \"cpu\": %.6f, ", what, samples->count, failed, seconds, computed());
	printf("\"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f }\n", quantile(samples, 0.5) * 1e6, quantile(samples, 0.99) * 1e6,
	       quantile(samples, 0.999) * 1e6);
}

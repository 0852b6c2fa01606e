/* Clocks, figures, waiting, and the end that every error has. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "load.h"

_Noreturn void fail(const char *format, ...)
{
	int error = errno;
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, error ? ": %s\n" : "\n", strerror(error));
	exit(1);
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

double computed(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) < 0)
		fail("cannot set option %d of a socket", name);
}

void watch(int poller, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = { .events = events, .data.u64 = data };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
		fail("cannot watch a socket");
}

int wait_until(int poller, struct epoll_event *events, int capacity, double due)
{
	double left = due - now();
	struct timespec time = { 0 };

	if (left > 0) {
		time.tv_sec = left;
		time.tv_nsec = (left - time.tv_sec) * 1e9;
	}
	return epoll_pwait2(poller, events, capacity, &time, NULL);
}

void wake_in_time(void)
{
	prctl(PR_SET_TIMERSLACK, 1);
}

void add_sample(struct samples *samples, double value)
{
	if (samples->count == samples->capacity) {
		samples->capacity = samples->capacity ? samples->capacity * 2 : 1 << 16;
		samples->values = realloc(samples->values, samples->capacity * sizeof(double));
		if (!samples->values)
			fail("no memory for %zu samples", samples->capacity);
	}
	samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

void sort_samples(struct samples *samples)
{
	if (samples->count)
		qsort(samples->values, samples->count, sizeof(double), compare);
}

double quantile(const struct samples *samples, double share)
{
	return samples->count ? samples->values[(size_t)(share * (samples->count - 1))] : 0;
}

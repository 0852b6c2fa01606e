/* What the load generators share: clocks, figures, waiting, and the end that every error has. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct samples {
	double *values;
	size_t count, capacity;
};

/* Prints the message and what `errno` says, where it says something, and exits. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Seconds of a clock that only goes forward. */
double now(void);

/* Seconds that this process has computed, the kernel's work for it included. */
double computed(void);

/* Sets an option of a socket; fails where it cannot be set. */
void set(int fd, int level, int name, int value);

void watch(int poller, int fd, uint32_t events, uint64_t data);

/* Waits for events, until `due` at most. */
int wait_until(int poller, struct epoll_event *events, int capacity, double due);

/* Sleeps would last 50 microseconds longer than they should otherwise. */
void wake_in_time(void);

void add_sample(struct samples *samples, double value);
void sort_samples(struct samples *samples);

/* Of sorted samples, the one that the given share of them does not exceed. */
double quantile(const struct samples *samples, double share);

/* Runs nginx with listening sockets that it cannot make by itself, and takes over as when its program is replaced. */
_Noreturn void run_with_listeners(const int *listeners, int count, char **command);

/* What the modes of httpload share: the options, connections with or without TLS, and answers. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../load/load.h"
#include "../load/tcp.h"

/* Of the head of a request or an answer; more is an error. */
#define MAX_HEAD 4096

struct options {
	struct target target;
	const char *path, *host;
	int connections;
	double seconds;
	double rate; /* requests a second; 0: as many as go */
	bool tls, resume;
	char **command; /* what follows the options */
};

void serve(const struct options *options);
void requests(const struct options *options);
void connect_and_close(const struct options *options);
void handshake(const struct options *options);
void idle(const struct options *options);
void lend(const struct options *options);

/* The request for the path, as it goes over the wire; fails where it is too long. */
size_t write_request(char text[MAX_HEAD], const struct options *options, bool close);

/* A connection; `ssl` is there where it has TLS. Nothing blocks; EAGAIN says that events have to be waited for. */
struct channel {
	int fd;
	SSL *ssl;
};

/* The n-th connection, not yet established; fails where there can be none. */
struct channel open_channel(const struct options *options, int n);

/* As send() and recv(); of TLS, they do the handshake as well. */
ssize_t channel_send(struct channel *channel, const void *data, size_t length);
ssize_t channel_receive(struct channel *channel, void *data, size_t length);

void close_channel(struct channel *channel);

/* Ends this side; what the other one still sends can be received. Returns false where it cannot be done yet. */
bool end_channel(struct channel *channel);

/* Of a client context: resumes the session that was kept last, from here on. Returns false where none was kept. */
bool resume_sessions(void);

/* An answer that comes in pieces. */
struct answer {
	char head[MAX_HEAD];
	size_t length; /* of the head, as far as it is here */
	bool has_head;
	long long left; /* of the body */
};

/* Takes a piece; returns true at the end of the answer. Fails where it is not a 200 with a Content-Length. */
bool take_piece(struct answer *answer, const char *piece, size_t length);

/* Prints figures of requests, or of connections: how many, and what they took. */
void report(const char *what, struct samples *samples, int failed, double seconds);

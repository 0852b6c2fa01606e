/* Connections with or without TLS. The certificate of the other side is not looked at. */
#define _GNU_SOURCE
#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "httpload.h"

static SSL_SESSION *kept;    /* the last one that a server gave */
static SSL_SESSION *resumed; /* what new connections begin with */

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	if (resumed)
		return 0;
	SSL_SESSION_free(kept);
	kept = session;
	return 1;
}

static SSL_CTX *context(void)
{
	static SSL_CTX *made;

	if (made)
		return made;
	made = SSL_CTX_new(TLS_client_method());
	if (!made)
		fail("OpenSSL gives no context");
	SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(made, keep_session);
	return made;
}

bool resume_sessions(void)
{
	return (resumed = kept) != NULL;
}

/* OpenSSL takes a session out of use when a connection that it began gets a newer one: each begins with a copy. */
static void begin_with(SSL *ssl, const SSL_SESSION *session)
{
	SSL_SESSION *copy = SSL_SESSION_dup(session);

	if (!copy || !SSL_set_session(ssl, copy))
		fail("OpenSSL does not take a session");
	SSL_SESSION_free(copy);
}

struct channel open_channel(const struct options *options, int n)
{
	struct channel channel = { .fd = dial(&options->target, n, true) };

	if (channel.fd < 0)
		fail("cannot open connection %d", n + 1);
	if (!options->tls)
		return channel;
	channel.ssl = SSL_new(context());
	if (!channel.ssl || !SSL_set_fd(channel.ssl, channel.fd) || !SSL_set_tlsext_host_name(channel.ssl, options->host))
		fail("OpenSSL gives no connection");
	if (resumed)
		begin_with(channel.ssl, resumed);
	SSL_set_connect_state(channel.ssl);
	return channel;
}

/* What an operation of OpenSSL came to, which moved `length` bytes where it went well, as recv() would say it. */
static ssize_t outcome(struct channel *channel, int result, size_t length)
{
	if (result > 0)
		return length;
	switch (SSL_get_error(channel->ssl, result)) {
	case SSL_ERROR_ZERO_RETURN: return 0;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE: errno = EAGAIN; return -1;
	case SSL_ERROR_SYSCALL: return errno ? -1 : 0;
	default: errno = EPROTO; return -1;
	}
}

ssize_t channel_send(struct channel *channel, const void *data, size_t length)
{
	size_t sent = 0;
	int result;

	if (!channel->ssl)
		return send(channel->fd, data, length, MSG_NOSIGNAL);
	ERR_clear_error();
	errno = 0;
	result = SSL_write_ex(channel->ssl, data, length, &sent);
	return outcome(channel, result, sent);
}

ssize_t channel_receive(struct channel *channel, void *data, size_t length)
{
	size_t received = 0;
	int result;

	if (!channel->ssl)
		return recv(channel->fd, data, length, 0);
	ERR_clear_error();
	errno = 0;
	result = SSL_read_ex(channel->ssl, data, length, &received);
	return outcome(channel, result, received);
}

void close_channel(struct channel *channel)
{
	/* OpenSSL would take a session for broken whose connection did not end in order. */
	if (channel->ssl)
		SSL_set_shutdown(channel->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(channel->ssl);
	close(channel->fd);
}

bool end_channel(struct channel *channel)
{
	ERR_clear_error();
	return SSL_shutdown(channel->ssl) >= 0 && shutdown(channel->fd, SHUT_WR) == 0;
}

/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Steers new connections and datagrams to the sockets of services. The kernel runs it once for each lookup of
 * a listening (or unconnected UDP) socket, never for an established connection; see
 * https://docs.kernel.org/bpf/prog_sk_lookup.html
 *
 * The decision is one walk through an immutable table: over the bits of the destination address, then over the
 * bits of the destination port. The table holds every precedence already resolved.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "table.h"

#define AF_INET 2 /* <sys/socket.h> cannot be included for this target */

/* Every step reads 4 bits at least; one more changes to the low half of an IPv6 address, and one sees the end. */
#define IPV4_STEPS (32 / 4 + 1)
#define IPV6_STEPS (128 / 4 + 2)

const volatile struct settings settings;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, union cell);
	__uint(max_entries, 1); /* as many as the table has, when it is loaded */
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, MAX_SERVICES * 4 * MEMBERS_PER_FAMILY);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct service_counters);
	__uint(max_entries, MAX_SERVICES * 2);
} services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct namespace_counters);
	__uint(max_entries, 1);
} totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct port_page);
	__uint(max_entries, PORT_PAGES);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, RULE_NUMBERS);
} rules SEC(".maps");

/*
 * Follows references from `ref` until a leaf, or until the address is decided. `word` holds the bits still to be
 * read, the next one on top; `low`, where there is more, follows it when a skip says so. A table that is broken,
 * or needs more `steps`, ends in DROP.
 */
static __always_inline __u32 walk(__u32 ref, __u64 word, const __u64 *low, const int steps)
{
	__u32 kind, stride, bits, index;
	union cell *cell;
	int step;

#pragma clang loop unroll(disable)
	for (step = 0; step < steps; step++) {
		kind = ref >> REF_KIND_SHIFT;
		index = ref & REF_VALUE_MASK;
		if (kind >= NODE && kind <= LAST_KIND) {
			stride = STRIDE(kind);
			bits = word >> (64 - stride);
			word <<= stride;
			index += bits / REFS_PER_CELL;
			cell = bpf_map_lookup_elem(&cells, &index);
			if (!cell)
				return DROP;
			ref = cell->refs[bits % REFS_PER_CELL];
			continue;
		}
		if (kind != SKIP)
			return ref;

		cell = bpf_map_lookup_elem(&cells, &index);
		if (!cell)
			return DROP;
		if ((word ^ cell->skip.key) & cell->skip.mask) {
			ref = cell->skip.miss;
			continue;
		}
		ref = cell->skip.match;
		word = low && cell->skip.next_word ? *low : word << (cell->skip.length & 63);
	}
	return DROP;
}

static __always_inline __u32 walk_ipv4(__u32 ref, __u32 ip4)
{
	return walk(ref, (__u64)bpf_ntohl(ip4) << 32, NULL, IPV4_STEPS);
}

static __always_inline __u32 walk_ipv6(__u32 ref, const __u32 ip6[4])
{
	__u64 high = (__u64)bpf_ntohl(ip6[0]) << 32 | bpf_ntohl(ip6[1]);
	__u64 low = (__u64)bpf_ntohl(ip6[2]) << 32 | bpf_ntohl(ip6[3]);

	return walk(ref, high, &low, IPV6_STEPS);
}

/* A page is 256 references. The first one, by the high byte, holds verdicts and references to pages by the low byte. */
static __always_inline __u32 port_verdict(__u32 ref, __u32 port)
{
	__u32 index = (ref & REF_VALUE_MASK) + (port >> 12);
	union cell *cell = bpf_map_lookup_elem(&cells, &index);

	if (!cell)
		return DROP;
	ref = cell->refs[port >> 8 & 15];
	if (!(ref & REF_PORTS))
		return ref;

	index = (ref & REF_VALUE_MASK) + (port >> 4 & 15);
	cell = bpf_map_lookup_elem(&cells, &index);
	return cell ? cell->refs[port & 15] : DROP;
}

static __always_inline bool is_denied(struct bpf_sk_lookup *ctx)
{
	if (ctx->family == AF_INET)
		return settings.deny_ipv4 && walk_ipv4(settings.deny_ipv4, ctx->remote_ip4) != NO_RULE;
	return settings.deny_ipv6 && walk_ipv6(settings.deny_ipv6, ctx->remote_ip6) != NO_RULE;
}

/* The verdict for the destination of this lookup. */
static __always_inline __u32 decide(struct bpf_sk_lookup *ctx, bool udp)
{
	__u32 ref;

	/* Each root by itself: without CAP_PERFMON, `udp` may not be an index into the settings. */
	if (ctx->family == AF_INET) {
		ref = settings.roots[0];
		if (udp)
			ref = settings.roots[1];
		ref = walk_ipv4(ref, ctx->local_ip4);
	} else {
		ref = settings.roots[2];
		if (udp)
			ref = settings.roots[3];
		ref = walk_ipv6(ref, ctx->local_ip6);
	}
	return ref & REF_PORTS ? port_verdict(ref, ctx->local_port) : ref;
}

static __always_inline void count_port(__u32 port)
{
	__u32 number = port / PORTS_PER_PAGE;
	struct port_page *page = bpf_map_lookup_elem(&ports, &number);

	if (page)
		page->steered[port % PORTS_PER_PAGE]++;
}

/* How often each rule has decided, whatever came of it. */
static __always_inline void count_rule(__u32 number)
{
	__u64 *hits = bpf_map_lookup_elem(&rules, &number);

	if (hits)
		++*hits;
}

/*
 * Gives the lookup to a socket of the service: the first of its members that the kernel takes. Where none is
 * left it refuses; what a rule gives to a service must never reach whoever else listens on that port.
 */
static __always_inline int assign(struct bpf_sk_lookup *ctx, __u32 service, bool udp)
{
	__u32 family = ctx->family == AF_INET ? 0 : 1;
	__u32 slot = ((service * 2 + family) * 2 + udp) * MEMBERS_PER_FAMILY;
	__u32 counter = service * 2 + udp;
	struct service_counters *count;
	bool found = false;
	struct bpf_sock *sk;
	int member;
	long err;

	count = bpf_map_lookup_elem(&services, &counter);
	if (!count)
		return SK_DROP;

	for (member = 0; member < MEMBERS_PER_FAMILY; member++, slot++) {
		sk = bpf_map_lookup_elem(&sockets, &slot);
		if (!sk)
			continue;
		/* F_REPLACE: a selection by a program attached before this one would otherwise stand. */
		err = bpf_sk_assign(ctx, sk, BPF_SK_LOOKUP_F_REPLACE);
		bpf_sk_release(sk);
		if (!err) {
			count->steered++;
			if (settings.count_ports)
				count_port(ctx->local_port);
			return SK_PASS;
		}
		found = true;
		/* Or clang reads it off `sk`: a released pointer, which takes CAP_PERFMON to look at. */
		barrier_var(found);
	}

	if (found)
		count->error++;
	else
		count->refused++;
	return SK_DROP;
}

SEC("sk_lookup")
int steer(struct bpf_sk_lookup *ctx)
{
	bool udp = ctx->protocol == IPPROTO_UDP;
	struct namespace_counters *count;
	__u32 zero = 0, verdict;

	if (!udp && ctx->protocol != IPPROTO_TCP)
		return SK_PASS;

	verdict = is_denied(ctx) ? DENIED : decide(ctx, udp);
	if (settings.count_rules && verdict > TARGET_MASK) {
		count_rule(verdict >> TARGET_BITS);
		verdict &= TARGET_MASK;
	}
	if (verdict >= FIRST_SERVICE)
		return assign(ctx, verdict - FIRST_SERVICE, udp);
	if (verdict == NO_RULE)
		return SK_PASS;

	count = bpf_map_lookup_elem(&totals, &zero);
	if (!count)
		return SK_DROP;
	switch (verdict) {
	case PASS:
		count->passed++;
		return SK_PASS;
	case DENIED:
		count->denied++;
		return SK_DROP;
	default:
		count->dropped++;
		return SK_DROP;
	}
}

char _license[] SEC("license") = "Dual MIT/GPL";

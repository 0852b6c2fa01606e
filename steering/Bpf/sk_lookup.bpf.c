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
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "table.h"

#define AF_INET 2 /* <sys/socket.h> cannot be included for this target */

/* 128 bits of address and 16 of port by 4 bits at a time, a skip before each, and the change to the low half. */
#define MAX_STEPS 80

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

/*
 * Follows references from `ref` until a leaf, or until the address is decided. `word` holds the bits still to be
 * read, the next one on top; `low` follows it where a skip says so. A broken table ends in DROP.
 */
static __always_inline __u32 walk(__u32 ref, __u64 word, __u64 low)
{
	union cell *cell;
	__u32 index;
	int step;

#pragma clang loop unroll(disable)
	for (step = 0; step < MAX_STEPS; step++) {
		if (ref & REF_PORTS)
			return ref;

		index = ref & REF_VALUE_MASK;
		switch (ref >> REF_KIND_SHIFT) {
		case LEAF:
			return ref;
		case BYTE:
			index += word >> 60;
			word <<= 4;
			break;
		case SKIP:
			cell = bpf_map_lookup_elem(&cells, &index);
			if (!cell)
				return DROP;
			if ((word ^ cell->skip.key) & cell->skip.mask) {
				ref = cell->skip.miss;
				continue;
			}
			ref = cell->skip.match;
			word = cell->skip.next_word ? low : word << (cell->skip.length & 63);
			continue;
		}

		cell = bpf_map_lookup_elem(&cells, &index);
		if (!cell)
			return DROP;
		ref = cell->refs[word >> 60];
		word <<= 4;
	}
	return DROP;
}

/* The verdict for the destination of this lookup. */
static __always_inline __u32 decide(struct bpf_sk_lookup *ctx, bool udp)
{
	__u64 word, low = 0;
	__u32 ref;

	if (ctx->family == AF_INET) {
		word = (__u64)bpf_ntohl(ctx->local_ip4) << 32;
		ref = settings.roots[udp];
	} else {
		word = (__u64)bpf_ntohl(ctx->local_ip6[0]) << 32 | bpf_ntohl(ctx->local_ip6[1]);
		low = (__u64)bpf_ntohl(ctx->local_ip6[2]) << 32 | bpf_ntohl(ctx->local_ip6[3]);
		ref = settings.roots[2 + udp];
	}

	ref = walk(ref, word, low);
	if (ref & REF_PORTS)
		ref = walk(ref & ~REF_PORTS, (__u64)ctx->local_port << 48, 0);
	return ref;
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
			return SK_PASS;
		}
		found = true;
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

	verdict = decide(ctx, udp);
	if (verdict >= FIRST_SERVICE)
		return assign(ctx, verdict - FIRST_SERVICE, udp);
	if (verdict == NO_RULE)
		return SK_PASS;

	count = bpf_map_lookup_elem(&totals, &zero);
	if (!count)
		return SK_DROP;
	if (verdict == PASS) {
		count->passed++;
		return SK_PASS;
	}
	count->dropped++;
	return SK_DROP;
}

char _license[] SEC("license") = "Dual MIT/GPL";

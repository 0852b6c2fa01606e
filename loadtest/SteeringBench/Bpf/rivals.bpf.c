/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What steering is measured against: the least that an sk_lookup program can do, the least that a steering program
 * can do, and the same semantics with the kernel's own longest-prefix-match tries.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} target SEC(".maps");

struct key4 {
	__u32 length;
	__u32 address;
};

struct key6 {
	__u32 length;
	__u32 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct key4);
	__type(value, __u32);
	__uint(max_entries, 1048576);
} prefixes4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct key6);
	__type(value, __u32);
	__uint(max_entries, 1048576);
} prefixes6 SEC(".maps");

/* Port sets as pages, 256 by 256: what a prefix leads to. */
struct page {
	__u32 verdicts[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct page);
	__uint(max_entries, 64);
} pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 16);
} counters SEC(".maps");

static __always_inline int assign(struct bpf_sk_lookup *ctx)
{
	struct bpf_sock *sk;
	__u32 zero = 0;
	long err;

	sk = bpf_map_lookup_elem(&target, &zero);
	if (!sk)
		return SK_DROP;
	err = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	return err ? SK_DROP : SK_PASS;
}

SEC("sk_lookup")
int pass(struct bpf_sk_lookup *ctx __attribute__((unused)))
{
	return SK_PASS;
}

SEC("sk_lookup")
int unconditional(struct bpf_sk_lookup *ctx)
{
	return assign(ctx);
}

SEC("sk_lookup")
int lpm(struct bpf_sk_lookup *ctx)
{
	__u32 number, verdict, *set;
	struct page *page;
	__u64 *count;

	if (ctx->family == AF_INET) {
		struct key4 key = { 32, ctx->local_ip4 };

		set = bpf_map_lookup_elem(&prefixes4, &key);
	} else {
		struct key6 key = { 128, { ctx->local_ip6[0], ctx->local_ip6[1], ctx->local_ip6[2], ctx->local_ip6[3] } };

		set = bpf_map_lookup_elem(&prefixes6, &key);
	}
	if (!set)
		return SK_PASS;

	number = *set;
	page = bpf_map_lookup_elem(&pages, &number);
	if (!page)
		return SK_DROP;
	number = page->verdicts[ctx->local_port >> 8 & 255];
	page = bpf_map_lookup_elem(&pages, &number);
	if (!page)
		return SK_DROP;
	verdict = page->verdicts[ctx->local_port & 255];
	if (!verdict)
		return SK_PASS;

	count = bpf_map_lookup_elem(&counters, &verdict);
	if (count)
		(*count)++;
	return assign(ctx);
}

char _license[] SEC("license") = "Dual MIT/GPL";

/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Puts a socket of one sockets map into a slot of another. No process can do that: it gets a number out of such a
 * map, and no socket. A program can (since Linux 5.10), and this one is never attached: each run (BPF_PROG_TEST_RUN) moves
 * one socket, with the slots in the place of the addresses.
 */
#include <linux/bpf.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1); /* both are replaced when it is loaded */
} from SEC(".maps"), to SEC(".maps");

SEC("sk_lookup")
int move(struct bpf_sk_lookup *ctx)
{
	__u32 source = ctx->remote_ip4, target = ctx->local_ip4;
	struct bpf_sock *sk = bpf_map_lookup_elem(&from, &source);
	long err;

	if (!sk)
		return SK_DROP; /* closed since it was seen */
	err = bpf_map_update_elem(&to, &target, sk, BPF_ANY);
	bpf_sk_release(sk);
	return err ? SK_DROP : SK_PASS;
}

char _license[] SEC("license") = "Dual MIT/GPL";

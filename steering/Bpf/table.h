/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The forwarding table as the BPF program reads it and as steering/Tables/ writes it.
 * A change here changes both; one of what pinned maps hold is a new layout version.
 */
#ifndef EVERYPORT_TABLE_H
#define EVERYPORT_TABLE_H

#define LAYOUT_VERSION	   1

#define MAX_SERVICES	   4096
#define MEMBERS_PER_FAMILY 4	/* sockets of one reuseport group that stand in for each other */

/*
 * A reference says what comes next in a walk. Bit 31: the address is decided, and the rest is a page of ports. Bits
 * 30-28: the kind. Bits 27-0: a cell, or a verdict where the kind is LEAF. Kinds from NODE on are nodes that read 4, 8, 12, ...
 * bits: that many references in adjacent cells.
 */
#define REF_PORTS	   (1U << 31)
#define REF_KIND_SHIFT	   28
#define REF_VALUE_MASK	   ((1U << REF_KIND_SHIFT) - 1)

enum ref_kind {
	LEAF, /* the walk ends with this verdict */
	SKIP, /* a cell that compares many bits at once */
	NODE,
	LAST_KIND = 7,
};

/*
 * A verdict is a target, and above it the number of the rule that has decided, by which `rules` counts; 0 where rules are not counted.
 * Twice as many numbers as rules: what comes new gets one that the rules before did not have.
 */
#define TARGET_BITS	   13
#define TARGET_MASK	   ((1U << TARGET_BITS) - 1)
#define MAX_COUNTED_RULES  256
#define RULE_NUMBERS	   (2 * MAX_COUNTED_RULES + 1)

#define STRIDE(kind)	   (4 * ((kind) - NODE + 1))

enum target {
	NO_RULE,
	PASS,
	DROP,
	DENIED,
	FIRST_SERVICE, /* target - FIRST_SERVICE is the service */
};

#define REFS_PER_CELL	   16

/* One cache line. What it holds is told by the reference that leads to it. */
union cell {
	__u32 refs[REFS_PER_CELL];
	struct skip {
		__u64 key;
		__u64 mask;   /* compared bits, from the top of the word */
		__u32 length; /* how many bits the mask covers */
		__u32 match;
		__u32 miss;
		__u32 next_word; /* non-zero: after a match go on with the low half of the address */
	} skip;
};

/* Constants of one generation; the verifier sees their values and removes what is not used. */
struct settings {
	__u32 roots[4];	    /* [family * 2 + protocol]; family 0 is IPv4, protocol 0 is TCP */
	__u32 deny_ipv4;    /* the same cells hold the denied sources: anything but NO_RULE denies */
	__u32 deny_ipv6;
	__u32 count_ports;
	__u32 count_rules;
};

struct service_counters {
	__u64 steered;
	__u64 refused; /* no socket */
	__u64 error;   /* sockets, but the kernel took none of them */
};

struct namespace_counters {
	__u64 passed;
	__u64 dropped;
	__u64 denied;
};

#define PORTS_PER_PAGE 1024 /* a per-CPU value may have 32 KiB at most */
#define PORT_PAGES     (65536 / PORTS_PER_PAGE)

struct port_page {
	__u64 steered[PORTS_PER_PAGE];
};

#endif

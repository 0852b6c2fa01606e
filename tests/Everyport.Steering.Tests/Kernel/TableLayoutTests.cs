using System.Runtime.CompilerServices;
using Everyport.Steering.Counters;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>
/// The layout that C# writes and reads, against <c>Bpf/table.h</c> with which the program is compiled. A new
/// constant or field is one more line here; one that is forgotten makes the test fail.
/// </summary>
public class TableLayoutTests
{
    private static readonly string[] Headers = ["linux/types.h", Repository.PathOf("steering", "Bpf", "table.h")];

    [Fact]
    public void Every_constant_is_that_of_the_program() =>
        new CHeaders(Headers)
            .Constants(typeof(TableLayout), new Dictionary<string, string>
            {
                ["Version"] = "LAYOUT_VERSION",
                ["MaxServices"] = "MAX_SERVICES",
                ["MembersPerFamily"] = "MEMBERS_PER_FAMILY",
                ["SlotsPerService"] = "4 * MEMBERS_PER_FAMILY",
                ["RefPorts"] = "REF_PORTS",
                ["RefKindShift"] = "REF_KIND_SHIFT",
                ["RefValueMask"] = "REF_VALUE_MASK",
                ["Leaf"] = "LEAF",
                ["Node"] = "NODE",
                ["LastKind"] = "LAST_KIND",
                ["Skip"] = "SKIP",
                ["NoRule"] = "NO_RULE",
                ["Pass"] = "PASS",
                ["Drop"] = "DROP",
                ["Denied"] = "DENIED",
                ["FirstService"] = "FIRST_SERVICE",
                ["TargetBits"] = "TARGET_BITS",
                ["TargetMask"] = "TARGET_MASK",
                ["MaxCountedRules"] = "MAX_COUNTED_RULES",
                ["RuleNumbers"] = "RULE_NUMBERS",
                ["CellSize"] = "sizeof(union cell)",
                ["RefsPerCell"] = "REFS_PER_CELL",
                ["SkipKey"] = "offsetof(struct skip, key) / 4",
                ["SkipMask"] = "offsetof(struct skip, mask) / 4",
                ["SkipLength"] = "offsetof(struct skip, length) / 4",
                ["SkipMatch"] = "offsetof(struct skip, match) / 4",
                ["SkipMiss"] = "offsetof(struct skip, miss) / 4",
                ["SkipNextWord"] = "offsetof(struct skip, next_word) / 4",
                ["PortsPerPage"] = "PORTS_PER_PAGE",
                ["PortPages"] = "PORT_PAGES",
            })
            .Verify();

    [Fact]
    public void A_skip_fits_into_a_cell() =>
        new CHeaders(Headers).Value("a skip fits", 1, "sizeof(struct skip) <= sizeof(union cell)").Verify();

    [Fact]
    public void The_counters_are_those_that_the_program_counts() =>
        new CHeaders(Headers)
            .Structure<ServiceCounters>("struct service_counters", new Dictionary<string, string>
            {
                ["Steered"] = "steered",
                ["Refused"] = "refused",
                ["Error"] = "error",
            })
            .Structure<NamespaceCounters>("struct namespace_counters", new Dictionary<string, string>
            {
                ["Passed"] = "passed",
                ["Dropped"] = "dropped",
                ["Denied"] = "denied",
            })
            .Value("the settings", Unsafe.SizeOf<TableLayout.Settings>(), "sizeof(struct settings)")
            .Value("a page of port counters", TableLayout.PortsPerPage * sizeof(ulong), "sizeof(struct port_page)")
            .Verify();

    [Fact]
    public void Every_family_and_protocol_of_a_service_has_slots_of_its_own()
    {
        var slots =
            from service in Enumerable.Range(0, 3)
            from ipv6 in (bool[])[false, true]
            from udp in (bool[])[false, true]
            from member in Enumerable.Range(0, TableLayout.MembersPerFamily)
            select TableLayout.FirstSlot(service, ipv6, udp) + member;
        Assert.Equal(Enumerable.Range(0, 3 * TableLayout.SlotsPerService), slots.Order());
    }
}

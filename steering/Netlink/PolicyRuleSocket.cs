using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Netlink;

/// <summary>Adds and removes the policy rules of one program in a namespace; see rtnetlink(7), linux/fib_rules.h.</summary>
/// <param name="protocol">Marks whose rules they are: <c>ip -d rule</c> shows it as <c>proto</c>.</param>
internal sealed class PolicyRuleSocket(byte protocol) : IDisposable
{
    private const ushort NewRule = 32, DeleteRule = 33, GetRule = 34, Exclusive = 0x200, Create = 0x400;
    private const ushort RuleSource = 2, RuleInputInterface = 3, RulePriority = 6, RuleMark = 10, RuleTable = 15, RuleProtocol = 21;
    private const ushort RuleIpProtocol = 22, RuleSourcePorts = 23, RuleDestinationPorts = 24;
    private const byte ActionLookUp = 1, IpProtoTcp = 6;
    private const int RuleSize = 12, AttributesSize = 128;

    private static readonly byte[] s_loopback = Encoding.ASCII.GetBytes("lo\0");

    private readonly NetlinkSocket _socket = new(Libc.NetlinkRoute);

    /// <summary>Adds a rule, where it is not there yet.</summary>
    public void Add(PolicyRule rule)
    {
        Span<byte> attributes = stackalloc byte[AttributesSize];
        attributes = attributes[..WriteAttributes(attributes, rule)];
        var message = NetlinkSocket.NewMessage(NewRule, Exclusive | Create | NetlinkSocket.Acknowledge, RuleSize + attributes.Length);
        var body = message.AsSpan(NetlinkSocket.HeaderSize);
        body[0] = (byte)(rule.Source.IsIPv6 ? Libc.AfInet6 : Libc.AfInet);
        body[2] = (byte)rule.Source.Width;
        body[7] = ActionLookUp;
        attributes.CopyTo(body[RuleSize..]);

        if (_socket.Transact(message) is var error and not (0 or Libc.EEXIST))
            throw KernelError.From($"add the policy rule '{rule}'", error);
    }

    /// <summary>The priorities of all rules of the program, of both families.</summary>
    public IReadOnlyList<uint> Priorities() => [.. Own().Select(PriorityOf)];

    /// <summary>Removes all rules of the program.</summary>
    public void RemoveAll()
    {
        foreach (var rule in Own())
        {
            // A rule is removed by a request that repeats what a dump says of it.
            var message = NetlinkSocket.NewMessage(DeleteRule, NetlinkSocket.Acknowledge, rule.Length);
            rule.CopyTo(message, NetlinkSocket.HeaderSize);
            if (_socket.Transact(message) is var error and not (0 or Libc.ENOENT))
                throw KernelError.From($"remove the policy rule of priority {PriorityOf(rule)}", error);
        }
    }

    public void Dispose() => _socket.Dispose();

    private List<byte[]> Own()
    {
        var rules = new List<byte[]>();
        foreach (var family in Socket.OSSupportsIPv6 ? [Libc.AfInet, Libc.AfInet6] : (ReadOnlySpan<byte>)[Libc.AfInet])
        {
            var message = NetlinkSocket.NewMessage(GetRule, NetlinkSocket.Dump, RuleSize);
            message[NetlinkSocket.HeaderSize] = family;
            _socket.ReadDump(message, NewRule, "list the policy rules", rule =>
            {
                if (NetlinkSocket.FindAttribute(rule[RuleSize..], RuleProtocol) is [var owner] && owner == protocol)
                    rules.Add(rule.ToArray());
            });
        }
        return rules;
    }

    private static uint PriorityOf(byte[] rule) =>
        MemoryMarshal.TryRead(NetlinkSocket.FindAttribute(rule.AsSpan(RuleSize), RulePriority), out uint priority) ? priority : 0;

    private int WriteAttributes(Span<byte> attributes, PolicyRule rule)
    {
        Span<byte> source = stackalloc byte[16];
        var rest = NetlinkSocket.WriteAttribute(attributes, RuleSource, source[..rule.Source.WriteBytes(source)]);
        rest = Write(rest, RulePriority, rule.Priority);
        rest = Write(rest, RuleTable, rule.Table);
        rest = Write(rest, RuleProtocol, protocol);
        rest = Write(rest, RuleIpProtocol, IpProtoTcp);
        if (rule.SourcePorts != PortRange.All)
            rest = Write(rest, RuleSourcePorts, rule.SourcePorts);
        if (rule.DestinationPorts != PortRange.All)
            rest = Write(rest, RuleDestinationPorts, rule.DestinationPorts);
        if (rule.SentHere)
            rest = NetlinkSocket.WriteAttribute(rest, RuleInputInterface, s_loopback);
        if (rule.Mark != 0)
            rest = Write(rest, RuleMark, rule.Mark);
        return attributes.Length - rest.Length;
    }

    private static Span<byte> Write<T>(Span<byte> destination, ushort type, T value) where T : unmanaged =>
        NetlinkSocket.WriteAttribute(destination, type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}

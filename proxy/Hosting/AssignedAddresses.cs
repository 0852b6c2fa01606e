using System.Net.NetworkInformation;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Hosting;

/// <summary>The addresses that are assigned to interfaces of this network namespace.</summary>
internal static class AssignedAddresses
{
    public static IEnumerable<Address> All() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(assigned => Address.From(assigned.Address))
            .Distinct();
}

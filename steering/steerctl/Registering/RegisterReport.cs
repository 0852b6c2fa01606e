using System.Text.Json;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Registering;

/// <summary>What <c>register</c> has done: a line for each socket.</summary>
internal sealed class RegisterReport(IReadOnlyList<RegisteredService> services) : IReport
{
    public void WriteText(TextWriter output)
    {
        foreach (var service in services)
        {
            for (var i = 0; i < service.Descriptions.Count; i++)
                output.WriteLine($"{service.Registered.Service}: {service.Descriptions[i]}{(service.Registered.Sockets[i].WasThere ? ", as before" : "")}");
            if (service.LeftOut > 0)
                output.WriteLine($"{service.Registered.Service}: {service.LeftOut} more of the reuseport group need no slot, as the kernel spreads over all of it");
        }
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("services");
        foreach (var service in services)
            Write(json, service);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RegisteredService service)
    {
        json.WriteStartObject();
        json.WriteString("service", service.Registered.Service);
        json.WriteStartArray("sockets");
        foreach (var (socket, description) in service.Registered.Sockets.Zip(service.Descriptions))
        {
            json.WriteStartObject();
            json.WriteString("description", description);
            json.WriteString("protocol", socket.Protocol == Protocols.Udp ? "udp" : "tcp");
            json.WriteBoolean("ipv4", socket.IPv4);
            json.WriteBoolean("ipv6", socket.IPv6);
            json.WriteNumber("cookie", socket.Cookie);
            json.WriteBoolean("wasThere", socket.WasThere);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("replaced", service.Registered.Replaced);
        json.WriteNumber("leftOut", service.LeftOut);
        json.WriteEndObject();
    }
}

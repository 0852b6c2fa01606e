using System.Text;
using Everyport.Steering.Registration;

namespace Everyport.Steering.Tests.Registration;

public sealed class WatchFileTests
{
    [Fact]
    public void A_file_names_services_and_their_programs()
    {
        var services = Parse("""
            {
              // One program may serve several.
              "Watch": [
                { "Service": "web", "Process": "/run/nginx.pid", "Protocol": "tcp", "Address": "0.0.0.0", "Port": 80 },
                { "Service": "secure", "Process": "/run/nginx.pid", "Protocol": "tcp", "Address": "0.0.0.0", "Port": "443" },
                { "Service": "dns", "Process": "unit:nsd.service" },
              ]
            }
            """);
        Assert.Equal(
            ["web /run/nginx.pid tcp 0.0.0.0 80", "secure /run/nginx.pid tcp 0.0.0.0 443", "dns unit:nsd.service "],
            services.Select(service => $"{service.Service} {service.Source} {service.Filter}"));
    }

    [Theory]
    [InlineData("""{""", "is no JSON")]
    [InlineData("""[]""", "Watch: is missing; expected a list of services")]
    [InlineData("""{"Watch": {}}""", "Watch: is missing; expected a list of services")]
    [InlineData("""{"Watch": []}""", "Watch: is empty; expected a list of services")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": "unit:/etc"}]}""", "Watch:0:Process: 'unit:/etc' does not name a unit")]
    [InlineData("""{"Watch": ["web"]}""", "Watch:0: expected an object with 'Service' and 'Process'")]
    [InlineData("""{"Watch": [{"Process": "/run/a.pid"}]}""", "Watch:0:Service: is missing; expected the name of a service")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": ""}]}""", "Watch:0:Process: is missing; expected a PID file")]
    [InlineData("""{"Watch": [{"Service": " a", "Process": "/run/a.pid"}]}""", "Watch:0:Service: ' a' begins or ends with a space")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": 4711}]}""", "Watch:0:Process: '4711' is one process, and ends with it")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": "/run/a.pid", "Port": 80}]}""", "Watch:0: 'Protocol', 'Address' and 'Port' belong together")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": "/run/a.pid", "Protocol": "tcp", "Address": "0.0.0.0", "Port": 0}]}""", "Watch:0: '0' is not a port")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": "/run/a.pid", "Pid": 1}]}""", "Watch:0:Pid: is an unknown key; expected 'Service'")]
    [InlineData("""{"Watch": [{"Service": "a", "Process": "/run/a.pid"}, {"Service": "a", "Process": "/run/b.pid"}]}""", "Watch: the service 'a' is there twice")]
    public void What_is_wrong_is_told_by_its_place(string json, string error)
    {
        Assert.False(WatchFile.TryParse(Encoding.UTF8.GetBytes(json), out _, out var errors));
        Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        Assert.False(WatchFile.TryParse("""{"Watch": [{"Service": "a"}, {"Process": "/run/b.pid"}, 3]}"""u8.ToArray(), out _, out var errors));
        Assert.Equal(3, errors.Count);
    }

    private static IReadOnlyList<WatchedService> Parse(string json)
    {
        Assert.True(WatchFile.TryParse(Encoding.UTF8.GetBytes(json), out var services, out var errors), string.Join("; ", errors));
        return services;
    }
}

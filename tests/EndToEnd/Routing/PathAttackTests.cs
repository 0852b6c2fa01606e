namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>Of nginx, only <c>/public</c> is open at one port: no way of writing a path leads elsewhere.</summary>
public sealed class PathAttackTests(RoutingScene scene) : IClassFixture<RoutingScene>
{
    private const string Secret = "the secret";

    [KernelTheory]
    [InlineData("/public/..%2fadmin")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/.%2e%2Fadmin")]
    [InlineData("/public/%2e%2e%2fadmin/")]
    [InlineData("/public/../admin")]
    [InlineData("/public/x/..//../admin")]
    [InlineData("/public/x//..%2f..%2fadmin")]
    [InlineData("http://one.example.com/public/..%2fadmin")]
    public void A_path_that_is_the_secret_one_to_nginx_does_not_reach_it(string target)
    {
        // The attack works on nginx itself: where all of it is open, the same bytes get the secret.
        Assert.Contains(Secret, scene.Get(target, RoutingScene.Whole), StringComparison.Ordinal);

        var answer = scene.Get(target, RoutingScene.Public);
        Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
        Assert.Matches("^HTTP/1.1 (400|503) ", answer);
    }

    [KernelTheory]
    [InlineData("/public/..\\admin")]
    [InlineData("/public/..%5cadmin")]
    [InlineData("/public/..;/admin")]
    [InlineData("/public%2f..%2fadmin")]
    [InlineData("//admin")]
    [InlineData("/public/..%2f..%2f..%2fadmin")]
    public void Nor_does_one_that_is_the_secret_one_to_others(string target)
    {
        var answer = scene.Get(target, RoutingScene.Public);
        Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
        Assert.Matches("^HTTP/1.1 (400|503) ", answer);
    }

    [KernelTheory]
    [InlineData("/public/a%2Fb")]
    [InlineData("/public/a//b/./c/../d;e")]
    [InlineData("/public/.well-known/a%5Cb")]
    public void A_path_that_stays_where_it_is_open_passes_byte_for_byte(string target) =>
        Assert.Contains($"open target={target}\n", scene.Get(target, RoutingScene.Public), StringComparison.Ordinal);
}

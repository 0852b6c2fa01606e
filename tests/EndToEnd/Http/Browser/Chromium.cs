using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;

namespace Everyport.EndToEnd.Tests.Http.Browser;

/// <summary>Debian's Chromium, without a window, in the namespace of a scene.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Patience = 120_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly IPlaywright _playwright;
    private IBrowser? _browser;

    private Chromium(IPlaywright playwright) => _playwright = playwright;

    public static Task<Chromium> StartAsync(PartiesScene scene)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(scene.Authority.PathOf("party"));
        var key = Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        return StartAsync(scene.Namespace, $"--ignore-certificate-errors-spki-list={key}", $"--host-resolver-rules=MAP {PartiesScene.HostName} {PartiesScene.Address}");
    }

    public static async Task<Chromium> StartAsync(NetworkNamespace @namespace, params string[] arguments)
    {
        var chromium = new Chromium(await Playwright.CreateAsync());
        try
        {
            await chromium.LaunchAsync(@namespace, arguments);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>A page with all that belongs to it.</summary>
    public async Task<IPage> OpenAsync(string url, BrowserNewPageOptions? options = null)
    {
        var page = await _browser!.NewPageAsync(options);
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(url, new PageGotoOptions { WaitUntil = WaitUntilState.Load, Timeout = Patience });
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright.Dispose();
        _directory.Dispose();
    }

    private async Task LaunchAsync(NetworkNamespace @namespace, string[] arguments)
    {
        var program = _directory.Write("chromium", $"#!/bin/sh\nexec ip netns exec {@namespace.Name} chromium \"$@\"\n");
        Command.Run("chmod", "+x", program);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Headless = true,
            Timeout = Patience,
            // Its sandbox refuses root.
            Args = ["--no-sandbox", .. arguments],
        });
    }
}

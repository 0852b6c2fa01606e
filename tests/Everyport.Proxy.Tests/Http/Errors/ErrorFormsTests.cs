using Everyport.Proxy.Http.Errors;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Tests.Http.Errors;

/// <summary>Which form of an error a client gets for what it says it accepts.</summary>
public class ErrorFormsTests
{
    [Theory]
    [InlineData(null, "Text")]
    [InlineData("", "Text")]
    [InlineData("*/*", "Text")] // curl
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "Html")] // browsers, for a page
    [InlineData("image/avif,image/webp,*/*;q=0.8", "Text")] // browsers, for a picture
    [InlineData("application/json, text/plain, */*", "Problem")] // axios
    [InlineData("application/json", "Problem")]
    [InlineData("application/problem+json", "Problem")]
    [InlineData("application/*", "Problem")]
    [InlineData("APPLICATION/JSON;charset=utf-8", "Problem")]
    [InlineData("text/*", "Text")]
    [InlineData("text/html;q=0.5,application/json;q=0.6", "Problem")]
    [InlineData("text/html;q=0.6,application/json;q=0.5", "Html")]
    [InlineData("text/plain;q=0,*/*", "Problem")]
    [InlineData("text/plain;q=0,application/*;q=0,*/*", "Html")]
    [InlineData("image/png", "Text")]
    [InlineData("this is no list of types", "Text")]
    public void The_form_is_what_the_client_likes_best(string? accept, string form) => Assert.Equal(form, ErrorForms.Choose(accept).ToString());

    [Fact]
    public void Several_headers_are_one_list() => Assert.Equal(ErrorForm.Html, ErrorForms.Choose(new StringValues(["application/json;q=0.1", "text/html"])));

    [Fact]
    public void A_very_long_list_is_not_read() =>
        Assert.Equal(ErrorForm.Text, ErrorForms.Choose(string.Join(',', Enumerable.Repeat("application/json", 1000))));
}

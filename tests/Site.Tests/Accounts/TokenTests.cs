using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using BrowserTech.Site.Accounts;

namespace BrowserTech.Site.Tests.Accounts;

public sealed partial class TokenTests(AccountHub hub)
{
    [Fact]
    public async Task The_command_prints_the_token_alone_and_it_works_at_once_and_no_more_when_it_is_revoked()
    {
        var made = await hub.TokenAsync("new", AccountHub.Account, "--label", "the build server");
        Assert.Equal("", made.Errors);
        Assert.Matches(@"\Aat-[0-9a-z]{12}\.[0-9a-z]{52}\n\z", made.Good());
        var token = made.Output.Trim();
        using var http = hub.With(token);
        Assert.Equal(["test"], await AccountsAsync(http));

        var id = token.Split('.')[0];
        Assert.Matches($@"{id}\ttest\tworks\t\d{{4}}-\d\d-\d\d\t\d{{4}}-\d\d-\d\d\tnone\tthe build server", (await hub.TokenAsync("list")).Good());
        (await hub.TokenAsync("revoke", id)).Good();
        using var refused = await http.GetAsync("/auth");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains($"{id}\ttest\trevoked", (await hub.TokenAsync("list")).Good(), StringComparison.Ordinal);
        var again = await hub.TokenAsync("revoke", id);
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains(id, again.Errors, StringComparison.Ordinal);

        Assert.DoesNotContain(token.Split('.')[1], hub.Hub.Output, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(hub.Hub.DataFolder, "hub.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(open, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(token.Split('.')[1], await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_can_be_made_before_a_hub_ever_ran_and_works_when_it_does()
    {
        var data = Directory.CreateTempSubdirectory("token-tests-").FullName;
        try
        {
            var token = (await AccountHub.TokenCommandOn(data, "new", AccountHub.Account)).Good().Trim();
            await using var started = await HubProcess.StartAsync(new HubSettings { Data = data, Content = hub.Content.Root });
            using var http = started.NewClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal(["test"], await AccountsAsync(http));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task An_account_without_a_service_is_named_beside_the_token_and_the_list_says_when_that_ends()
    {
        var data = Directory.CreateTempSubdirectory("token-tests-").FullName;
        try
        {
            await using StringWriter looked = new(), output = new(), errors = new();
            Assert.Equal(0, await TokenCommand.RunAsync(["list", "--data", data], looked, errors));
            Assert.Equal(("", true), (looked.ToString(), errors.ToString().Contains("No token was made yet", StringComparison.Ordinal)));
            Assert.Empty(Directory.EnumerateFileSystemEntries(data));

            Assert.Equal(0, await TokenCommand.RunAsync(["new", "tset", "--days", "2", "--data", data, "--content", hub.Content.Root], output, errors));
            Assert.Contains("are of 'test'", errors.ToString(), StringComparison.Ordinal);
            Assert.StartsWith("at-", output.ToString(), StringComparison.Ordinal);
            await using var listed = new StringWriter();
            await TokenCommand.RunAsync(["list", "--data", data], listed, errors);
            var ends = TimeProvider.System.GetUtcNow().AddDays(2).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Matches($@"\ttset\tworks\t[0-9-]+\tnever\t{ends}-\d\d\t", listed.ToString());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_data_folder_that_is_not_there_is_misspelt_and_not_made()
    {
        var missing = Path.Combine(hub.Hub.DataFolder, "typo");
        await using StringWriter output = new(), errors = new();
        Assert.Equal(1, await TokenCommand.RunAsync(["new", "test", "--data", missing], output, errors));
        Assert.Contains($"There is no folder {missing}", errors.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    [Theory]
    [InlineData(2, "./run token new ACCOUNT")]
    [InlineData(2, "./run token new ACCOUNT", "new")]
    [InlineData(2, "'Bad Name' is not an account", "new", "Bad Name")]
    [InlineData(2, "--days is a number", "new", "test", "--days", "0")]
    [InlineData(2, "'--days' needs a value", "new", "test", "--days")]
    [InlineData(2, "'--forever' is not an option", "new", "test", "--forever")]
    [InlineData(2, "is not the id of a token", "revoke", "nonsense")]
    [InlineData(1, "There is no token", "revoke", "at-000000000000")]
    public async Task What_it_cannot_do_it_says_on_the_other_channel(int code, string words, params string[] args)
    {
        await using StringWriter output = new(), errors = new();
        Assert.Equal(code, await TokenCommand.RunAsync([.. args, "--data", hub.Hub.DataFolder], output, errors));
        Assert.Equal("", output.ToString());
        Assert.Contains(words, errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_organiser_makes_a_token_sees_it_once_and_takes_it_back()
    {
        using var organizer = await hub.SignInAsync();
        Assert.DoesNotContain("Copy it now", await organizer.GetStringAsync("/organize/tokens"), StringComparison.Ordinal);
        using var made = await RunningHub.PostAsync(organizer, "/organize/tokens", "make", ("account", "test"), ("label", "a <b>page</b>"), ("days", "90"));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal("no-store", made.Headers.CacheControl?.ToString());
        var page = await made.Content.ReadAsStringAsync();
        var token = TokenPattern().Match(page).Value;
        using var http = hub.With(token);
        Assert.Equal(["test"], await AccountsAsync(http));

        var id = token.Split('.')[0];
        var later = await organizer.GetStringAsync("/organize/tokens");
        Assert.Contains(id, later, StringComparison.Ordinal);
        Assert.Contains("a &lt;b&gt;page&lt;/b&gt;", later, StringComparison.Ordinal);
        Assert.DoesNotContain(token, later, StringComparison.Ordinal);

        using var revoked = await RunningHub.PostAsync(organizer, "/organize/tokens", $"revoke-{id}");
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        using var refused = await http.GetAsync("/auth");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("Bad Name", "", "90")]
    [InlineData("test", "", "7")]
    [InlineData("test", "two\nlines", "90")]
    public async Task A_form_that_makes_no_sense_makes_nothing_and_loses_nothing(string account, string label, string days)
    {
        using var organizer = await hub.SignInAsync();
        using var refused = await RunningHub.PostAsync(organizer, "/organize/tokens", "make", ("account", account), ("label", label), ("days", days));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync();
        Assert.DoesNotContain("Copy it now", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{account}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_but_an_organiser_makes_one()
    {
        using var asked = await hub.PostAsync("/organize/tokens", "make", ("account", "test"), ("days", "90"));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Contains("/organize/sign-in", asked.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var organizer = await hub.SignInAsync();
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/organize/tokens");
        forged.Headers.Add("Sec-Fetch-Site", "same-site");
        forged.Content = new FormUrlEncodedContent([KeyValuePair.Create("_handler", "make"), KeyValuePair.Create("account", "test")]);
        using var refused = await organizer.SendAsync(forged);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<string?[]> AccountsAsync(HttpClient http)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>("/auth");
        Assert.Equal("ok", answer.GetProperty("status").GetString());
        return [.. answer.GetProperty("accounts").EnumerateArray().Select(each => each.GetString())];
    }

    [GeneratedRegex(@"at-[0-9a-z]{12}\.[0-9a-z]{52}")]
    private static partial Regex TokenPattern();
}

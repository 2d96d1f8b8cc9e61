using BrowserTech.Playground.Accounts;

namespace BrowserTech.Site.Accounts;

/// <summary>Tokens of accounts, for whoever calls the session-backend API.</summary>
public static class AccountsSetup
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountTokens>();
        services.AddSingleton<IAccountTokens>(provider => provider.GetRequiredService<AccountTokens>());
        return services;
    }
}

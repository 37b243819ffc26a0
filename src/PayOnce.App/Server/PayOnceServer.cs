using PayOnce.App.Access;
using PayOnce.App.Api;
using PayOnce.App.Background;
using PayOnce.App.Dashboard;
using PayOnce.App.Dashboard.Pages.Runs;
using PayOnce.App.Forms;
using PayOnce.App.Privacy;
using PayOnce.Stores;

namespace PayOnce.App.Server;

/// <summary>The HTTP server: API, dashboard, and what runs behind them. The same for <c>serve</c>, <c>demo</c> and the tests.</summary>
internal static class PayOnceServer
{
    /// <summary>No request that PayOnce knows is longer than this, apart from imports, which say so themselves.</summary>
    public const long LargestBody = 1024 * 1024;

    /// <summary>Builds the server; the caller starts it and waits for its end.</summary>
    public static WebApplication Build(ServerParts parts)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Beside the program, wherever it is started from.
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(PayOnceServer).Assembly.GetName().Name,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls([.. parts.Options.Addresses]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("PayOnce", LogLevel.Information).AddFilter(typeof(TokenScheme).FullName, LogLevel.Warning);
        builder.Services.AddPayOnce(parts);
        var app = builder.Build();
        app.UsePayOnce();
        return app;
    }

    private static void AddPayOnce(this IServiceCollection services, ServerParts parts)
    {
        services.AddSingleton(parts);
        services.AddSingleton(parts.Store);
        services.AddSingleton<IStore>(parts.Store);
        services.AddSingleton<IHistoryStore>(parts.Store);
        services.AddSingleton<IAccessStore>(parts.Store);
        services.AddSingleton(parts.Connector);
        services.AddSingleton(parts.Engine);
        services.AddSingleton(parts.Surroundings.Clock);
        services.AddSingleton(parts.Surroundings.Node);
        services.AddSingleton(parts.Steps);
        services.AddSingleton(parts.Options);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(parts.Options.StopSeconds));
        services.AddHttpContextAccessor();
        services.AddScoped(each => each.GetRequiredService<IHttpContextAccessor>().HttpContext!.Visit());
        services.AddScoped<Words>();
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "payonce-form";
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddBackground(parts);
        services.AddAccess(parts);
        services.AddApi(ApiLimits.Of(parts.Options));
        services.AddRunPages();
        services.AddSingleton<FormDesk>();
        services.AddSingleton<PrivacyDesk>();
    }

    /// <summary>The order matters; facts on the web stack §1 say why each stands where it does.</summary>
    private static void UsePayOnce(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UseLanguage();
        app.UseStatusPages();
        app.UseRouting();
        app.UseAccess();
        app.UsePersonalViews();
        app.UseAntiforgery();
        app.UseRefusedForms();
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapAccess();
        app.MapApi();
        app.MapDashboardForms();
        app.MapRunPages();
        app.MapRazorComponents<Dashboard.App>();
    }
}

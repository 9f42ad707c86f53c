using System.Text;
using Latchkey.Accounts;
using Latchkey.Activity;
using Latchkey.Api;
using Latchkey.Applications;
using Latchkey.Applications.MessageProviders;
using Latchkey.Billing;
using Latchkey.Billing.Payments;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Limits;
using Latchkey.Messages;
using Latchkey.Provider;
using Latchkey.Storage;
using Latchkey.Users;

namespace Latchkey.Operations;

/// <summary>All services except the web server, for the server and the commands.</summary>
public static class InstallationServices
{
    /// <summary>Opens the installation for a command: services, schema, key ring.</summary>
    /// <exception cref="InstallationUnavailableException">There is no installation, or its schema does not meet the policy.</exception>
    public static async Task<ServiceProvider> Open(InstallationSettings installation, SchemaPolicy schemaPolicy = SchemaPolicy.Migrate)
    {
        if (schemaPolicy != SchemaPolicy.Migrate && !Database.Exists(installation.DatabaseConnection))
        {
            throw InstallationUnavailableException.Missing(installation.DatabaseConnection); // opening a missing file would create it
        }

        var services = new ServiceCollection().AddLogging().AddInstallation(installation).BuildServiceProvider();
        try
        {
            await Prepare(services, schemaPolicy);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Migrates the schema, and checks that the key ring belongs to this database.</summary>
    /// <exception cref="InstallationUnavailableException">The schema does not meet the policy.</exception>
    /// <exception cref="WrongKeyRingException">The key ring does not belong to the database.</exception>
    /// <exception cref="InvalidSettingException">The machine has no ICU.</exception>
    public static async Task Prepare(IServiceProvider services, SchemaPolicy schemaPolicy = SchemaPolicy.Migrate)
    {
        RequireUnicode();
        var database = services.GetRequiredService<Database>();
        if (schemaPolicy == SchemaPolicy.Migrate)
        {
            await database.RequireWritable();
        }

        var migrator = new Migrator(database);
        var (reached, newest) = (await migrator.CurrentVersion(), Migrator.NewestVersion(database.Dialect.Name));
        if (schemaPolicy != SchemaPolicy.Migrate && reached == 0)
        {
            throw InstallationUnavailableException.Missing(services.GetRequiredService<InstallationSettings>().DatabaseConnection);
        }

        if (schemaPolicy == SchemaPolicy.AcceptAny)
        {
            return;
        }

        if (schemaPolicy == SchemaPolicy.RequireCurrent && reached < newest)
        {
            throw InstallationUnavailableException.OutdatedSchema(reached, newest);
        }

        if (reached > 0 && reached < newest)
        {
            await database.BackUpBeforeMigration(reached);
        }

        if (reached != newest)
        {
            await migrator.Run();
        }

        await VerifyKeyRing(services, database);
        await services.GetRequiredService<InstallationProviders>().Load();
    }

    /// <summary>
    /// Without ICU, Unicode normalisation does nothing: handles and passwords would have several forms, and logins would fail on another
    /// machine.
    /// </summary>
    private static void RequireUnicode()
    {
        if (!string.Equals("\uFF21".Normalize(NormalizationForm.FormKC), "A", StringComparison.Ordinal))
        {
            throw new InvalidSettingException(
                "Unicode normalisation does not work. Install ICU (Debian and Ubuntu: libicu-dev; Alpine: icu-libs; Fedora: libicu), and "
                    + "set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false."
            );
        }
    }

    private static async Task VerifyKeyRing(IServiceProvider services, Database database)
    {
        var mark = await database.Read(KeyCheckValue.Read);
        if (mark is not null && !services.GetRequiredService<KeyFolder>().HasKeys)
        {
            throw new WrongKeyRingException(); // a new first key would be newer than the right ones, once restored
        }

        var ring = services.GetRequiredService<KeyRing>();
        mark ??= await database.Write(async db =>
        {
            var earlier = await KeyCheckValue.Read(db); // another node was faster
            if (earlier is null)
            {
                await KeyCheckValue.Write(db, ring);
            }

            return earlier;
        });
        if (mark is not null && !KeyCheckValue.Matches(ring, mark))
        {
            throw new WrongKeyRingException();
        }
    }

    /// <summary>Registers everything except the portal and the web server, room by room.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="installation">The settings.</param>
    /// <param name="busyTimeout">How long a write waits for another process's SQLite write lock; by default as for commands.</param>
    public static IServiceCollection AddInstallation(
        this IServiceCollection services,
        InstallationSettings installation,
        TimeSpan? busyTimeout = null
    ) =>
        services
            .AddSingleton(installation)
            .AddData(installation, busyTimeout)
            .AddCryptography(installation)
            .AddLimits()
            .AddJobs()
            .AddActivity()
            .AddApplications()
            .AddMessages()
            .AddBilling(installation)
            .AddPayments(installation)
            .AddUsers()
            .AddApi()
            .AddAccounts()
            .AddStorage()
            .AddProvider()
            .AddOperations();
}

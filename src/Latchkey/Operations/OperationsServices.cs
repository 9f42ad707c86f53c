using Latchkey.Jobs;
using Latchkey.Operations.Backup;
using Latchkey.Operations.CosyncMigration;
using Latchkey.Operations.Erasure;
using Latchkey.Operations.FirstSteps;
using Latchkey.Operations.KeyRotation;
using Latchkey.Operations.Overview;
using Latchkey.Operations.PersonalData;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations;

/// <summary>Operator tasks: erasure, user import and export, key rotation, backups.</summary>
public static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) =>
        services
            .AddSingleton<UserTransferStore>()
            .AddSingleton<UserUpdate>()
            .AddSingleton<UserImport>()
            .AddSingleton<UserExport>()
            .AddSingleton<PersonalDataSource>()
            .AddSingleton<PersonalDataExport>()
            .AddSingleton<CosyncSettings>()
            .AddSingleton<CosyncApplicationReader>()
            .AddSingleton<CosyncApplicationWriter>()
            .AddSingleton<CosyncImport>()
            .AddSingleton<LegacyTokenRules>()
            .AddSingleton<EncryptedColumnStore>()
            .AddSingleton<KeyUsageStore>()
            .AddSingleton<KeyUsageReport>()
            .AddSingleton<KeyRingRotation>()
            .AddSingleton<ReEncryption>()
            .AddSingleton<BackupWriter>()
            .AddSingleton<ApplicationCountStore>()
            .AddSingleton<ApplicationCounter>()
            .AddSingleton<DeletionSteps>()
            .AddSingleton<FirstStepReader>()
            .AddSingleton<InstallationOverviewStore>()
            .AddSingleton<InstallationOverview>()
            .AddSingleton<NodeList>()
            .AddScoped<OperatorTaskReader>()
            .AddSingleton<DeletionRules>()
            .AddSingleton<IJobHandler, ResetApplicationJob>()
            .AddSingleton<IJobHandler, DeleteApplicationJob>();
}

using System.Collections.Frozen;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Names of fields in other systems, normalised by <see cref="Normalise"/>. When a file has several for a field, the first in this table is
/// used.
/// </summary>
public static class ColumnAliases
{
    private static readonly (UserField? Field, ColumnReading Reading, string Names)[] Table =
    [
        (
            UserField.Handle,
            ColumnReading.Value,
            "email emailaddress useremail primaryemailaddress primaryemail mail traits.email profile.email emails.address emails.value "
                + "emailaddresses.emailaddress loginmethods.email"
        ),
        (
            UserField.EmailVerified,
            ColumnReading.Value,
            "emailverified emailconfirmed emailverification emailisverified isemailverified isemailconfirmed emailaddressverified "
                + "verifiedemail emails.verified emailaddresses.verification.status loginmethods.isverified loginmethods.verified"
        ),
        (UserField.EmailVerified, ColumnReading.VerifiedAt, "emailverifiedat emailconfirmedat"),
        (UserField.EmailVerified, ColumnReading.Value, "isverified verified confirmed"),
        (UserField.EmailVerified, ColumnReading.VerifiedAt, "confirmedat"),
        (UserField.EmailVerified, ColumnReading.VerifiedAddresses, "verifiedemailaddresses verifiableaddresses"),
        (
            UserField.UserName,
            ColumnReading.Value,
            "username userlogin loginname login preferredusername cognitousername traits.username profile.login userprincipalname"
        ),
        (
            UserField.PasswordHash,
            ColumnReading.Value,
            "passwordhash encryptedpassword hashedpassword passworddigest passwordencrypted userpass password passwd pass pwd "
                + "custompasswordhash.hash.value credentials.password.config.hashedpassword credentials.password.hash.value "
                + "loginmethods.passwordhash hash"
        ),
        (UserField.PasswordHash, ColumnReading.KeycloakCredentials, "credentials"),
        (UserField.TotpSeed, ColumnReading.Value, "totpseed totpsecret mfafactors.totp.secret"),
        (UserField.TwoFactorPhone, ColumnReading.FactorPhone, "mfafactors.phone.value"),
        (UserField.Status, ColumnReading.Value, "status accountstatus"),
        (UserField.Status, ColumnReading.UserStatus, "userstatus"),
        (UserField.Status, ColumnReading.State, "state"),
        (
            UserField.Status,
            ColumnReading.Active,
            "isactive active enabled isenabled accountenabled useractive loginenabled loginallowed canlogin accountnonlocked "
                + "isaccountnonlocked accountnonexpired isaccountnonexpired"
        ),
        (
            UserField.Status,
            ColumnReading.Suspended,
            "suspended issuspended suspendedat accountsuspended disabled isdisabled disabledat accountdisabled logindisabled "
                + "block blocked isblocked blockedat accountblocked blacklisted isblacklisted banned isbanned bannedat accountbanned "
                + "locked islocked islockedout lockedout lockedat accountlocked nsaccountlock frozen isfrozen "
                + "deactivated isdeactivated deactivatedat inactive isinactive inactivatedat archived isarchived archivedat "
                + "deleted isdeleted deletedat softdeleted removed isremoved removedat discarded discardedat trashed istrashed trashedat "
                + "terminated isterminated terminatedat revoked isrevoked revokedat spam isspam spammer isspammer"
        ),
        (
            UserField.Status,
            ColumnReading.SuspendedUntil,
            "banneduntil bannedtill banexpires banexpiresat lockoutend lockoutenddateutc lockoutuntil lockeduntil lockuntil lockexpires "
                + "lockexpiresat blockeduntil suspendeduntil suspendedtill disableduntil"
        ),
        (
            UserField.Phone,
            ColumnReading.Phone,
            "phonenumber primaryphonenumber primaryphone mobilephone mobile mobilenumber telephone tel traits.phone profile.mobilephone "
                + "attributes.phonenumber"
        ),
        (
            UserField.Phone,
            ColumnReading.PhoneVerified,
            "phoneverified phoneverification phonenumberverified phonenumberconfirmed phoneconfirmed phoneconfirmedat phoneverifiedat "
                + "isphoneverified attributes.phonenumberverified"
        ),
        (UserField.Phone, ColumnReading.VerifiedAddresses, "verifiedphonenumbers"),
        (
            UserField.Locale,
            ColumnReading.Value,
            "locale language languagecode lang preferredlanguage preferredlocale userlocale attributes.locale traits.locale profile.locale"
        ),
        (UserField.LoginProvider, ColumnReading.Value, "provider authprovider signinprovider oauthprovider rawappmetadata.provider"),
        (
            UserField.ProviderSubject,
            ColumnReading.Value,
            "providersubject providerid provideruserid oauthid oauthsubject socialid socialuserid"
        ),
        (UserField.ProviderSubject, ColumnReading.GoogleSubject, "googleid googlesub googleuserid authdata.google.id authdatagoogle.id"),
        (UserField.ProviderSubject, ColumnReading.AppleSubject, "appleid applesub appleuserid authdata.apple.id authdataapple.id"),
        (
            UserField.LoginProvider,
            ColumnReading.LinkedAccounts,
            "provideruserinfo providerdata identities federatedidentities externalaccounts linkedaccounts credentials.oidc.config.providers"
        ),
        (
            UserField.CreatedAt,
            ColumnReading.Value,
            "createdat datejoined userregistered usercreatedate createdtimestamp createddatetime creationtime creationdate createddate "
                + "createdon created registeredat registrationdate dateregistered registered joinedat joindate joined signupdate "
                + "insertinstant"
        ),
        (
            UserField.UpdatedAt,
            ColumnReading.Value,
            "updatedat userlastmodifieddate updatedon updated modifiedat lastmodifiedat lastmodified modified datemodified "
                + "lastupdateinstant"
        ),
        (
            UserField.LastLogin,
            ColumnReading.Value,
            "lastlogin lastloginat lastsigninat lastsignedinat lastsignin lastsignintime lastlogindate lastlogininstant currentsigninat"
        ),
        (UserField.MetaData, ColumnReading.Value, "metadata usermetadata rawusermetadata customattributes publicmetadata metadatapublic"),
        (UserField.MetaData, ColumnReading.Attributes, "attributes userattributes"),
        (null, ColumnReading.Envelope, "fields user source record doc node"),
        (UserField.Id, ColumnReading.Value, "id uuid userid uid objectid sub"),
        (UserField.Id, ColumnReading.FirebaseId, "localid"),
    ];

    private static readonly FrozenDictionary<string, FieldTarget> Targets = Table
        .SelectMany(entry => entry.Names.Split(' ').Select(name => (Name: name, entry.Field, entry.Reading)))
        .GroupBy(alias => alias.Field)
        .SelectMany(field =>
            field.Select((alias, i) => (alias.Name, Target: new FieldTarget(alias.Field) { Reading = alias.Reading, Rank = i + 1 }))
        )
        .ToFrozenDictionary(alias => alias.Name, alias => alias.Target, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Prefixes = Targets.Keys.SelectMany(PathPrefixes).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The target of a column, or of a path into JSON; null when unknown.</summary>
    public static FieldTarget? Find(string path) => Targets.GetValueOrDefault(Normalise(path));

    /// <summary>Whether a path below this one is known.</summary>
    public static bool HasBelow(string path) => Prefixes.Contains(Normalise(path));

    public static bool IsHandleOrUserName(string name) =>
        UserFields.Find(name) is UserField.Handle or UserField.UserName
        || Find(name) is { Field: UserField.Handle or UserField.UserName, Reading: ColumnReading.Value };

    /// <summary>Lower case without punctuation other than dots, so that <c>Email Address</c> equals <c>email_address</c>.</summary>
    private static string Normalise(string path) =>
        string.Concat(path.Where(c => char.IsLetterOrDigit(c) || c == '.')).ToLowerInvariant().Trim('.');

    private static IEnumerable<string> PathPrefixes(string path)
    {
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = path.IndexOf('.', dot + 1))
        {
            yield return path[..dot];
        }
    }
}

namespace Latchkey.Operations.UserTransfer;

/// <summary>How to read a column or JSON property into its field.</summary>
public enum ColumnReading
{
    /// <summary>As the field's value.</summary>
    Value,

    /// <summary>The time when the address was verified; empty when it was not.</summary>
    VerifiedAt,

    /// <summary>A flag; false means suspended.</summary>
    Active,

    /// <summary>A flag, or the time of the suspension.</summary>
    Suspended,

    /// <summary>The end of the suspension.</summary>
    SuspendedUntil,

    /// <summary>A number, 0 for active users (WordPress), or a word (<see cref="StatusWords"/>).</summary>
    UserStatus,

    /// <summary>A word of <see cref="StatusWords"/>; another text has another meaning, such as a state of the USA.</summary>
    State,

    /// <summary>A phone number that is not verified unless another column says so.</summary>
    Phone,

    /// <summary>A flag, or the time when the phone number was verified.</summary>
    PhoneVerified,

    /// <summary>The user's id in an export of Firebase, which has verified phone numbers only.</summary>
    FirebaseId,

    /// <summary>The phone number of the second factor.</summary>
    FactorPhone,

    /// <summary>A list of verified addresses or phone numbers.</summary>
    VerifiedAddresses,

    /// <summary>The user's id at Google.</summary>
    GoogleSubject,

    /// <summary>The user's id at Apple.</summary>
    AppleSubject,

    /// <summary>A list of social accounts (<see cref="UserTransfer.LinkedAccounts"/>).</summary>
    LinkedAccounts,

    /// <summary>A list of <see cref="ProviderAccount"/>, as an export has it.</summary>
    LinkedIdentities,

    /// <summary>A list of objects with a name and a value, which are read like properties; or metadata with lists of one value.</summary>
    Attributes,

    /// <summary>An object with the user's properties, as in exports of Django and search engines.</summary>
    Envelope,

    /// <summary>A list of <see cref="UserTransfer.KeycloakCredentials"/>.</summary>
    KeycloakCredentials,
}

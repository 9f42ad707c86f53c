using Latchkey.Applications.Settings;

namespace Latchkey.Tests.Applications;

/// <summary>Settings as they lie in the database, from this version and from older ones.</summary>
public sealed class SettingsDocumentTests
{
    [Fact]
    public void A_setting_that_an_older_document_lacks_has_its_default() =>
        SettingsDocument
            .Write(SettingsDocument.Read("""{"linkingEnabled":true,"addressChangeEnabled":true}"""))
            .ShouldBe(SettingsDocument.Write(new ApplicationSettings()));

    [Fact]
    public void Addresses_stay_in_an_application_that_is_older_than_their_change() =>
        SettingsDocument.Read("{}").AddressChangeEnabled.ShouldBeFalse();

    [Fact]
    public void Linking_stays_off_in_an_application_that_is_older_than_it()
    {
        SettingsDocument.Read("{}").LinkingEnabled.ShouldBeFalse();
        SettingsDocument.Read(SettingsDocument.Write(new ApplicationSettings())).LinkingEnabled.ShouldBeTrue();
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var settings = new ApplicationSettings
        {
            SignupEnabled = false,
            MaxUsers = 7,
            SignupFlow = SignupFlow.Link,
            Locales = ["EN", "FR"],
            MetaData = [new("a.b", "b", CanEdit: false, Required: true)],
        };
        SettingsDocument.Write(SettingsDocument.Read(SettingsDocument.Write(settings))).ShouldBe(SettingsDocument.Write(settings));
        SettingsDocument.Read("""{"signupEnabled":false,"noLongerKnown":1}""").SignupEnabled.ShouldBeFalse();
    }
}

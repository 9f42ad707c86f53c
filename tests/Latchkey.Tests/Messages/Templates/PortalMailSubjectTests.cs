using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>Row 71: subjects of the portal's mails are ours. A name that somebody chose would be their words in our mail.</summary>
public sealed class PortalMailSubjectTests
{
    [Fact]
    public void No_subject_holds_what_people_chose()
    {
        var kinds = typeof(PortalMailKind)
            .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();
        kinds.Count.ShouldBeGreaterThan(10);
        foreach (var (kind, language) in kinds.SelectMany(kind => BuiltInTemplateTests.Locales.Select(language => (kind, language))))
        {
            var subject = MessageTemplates.PortalMail(kind, language).Subject;
            subject.ShouldNotBeNullOrEmpty(kind);
            foreach (var macro in new[] { "%BY%", "%APPLICATION%", "%WORDS%", "%HANDLE%", "%ROLE%" })
            {
                subject.ShouldNotContain(macro, Case.Sensitive, $"{kind} in {language}");
            }
        }
    }
}

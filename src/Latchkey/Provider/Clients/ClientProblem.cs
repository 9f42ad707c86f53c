namespace Latchkey.Provider.Clients;

/// <summary>What is wrong with a client.</summary>
/// <param name="Field">The name of the field; <c>name</c> for the client's name.</param>
/// <param name="Sentence">For the person who set it.</param>
public sealed record ClientProblem(string Field, string Sentence);

namespace Latchkey.Billing.Statements;

/// <summary>What an application costs this month.</summary>
/// <param name="Name">The application's name.</param>
/// <param name="SoFar">Until now.</param>
/// <param name="Forecast">Until the month's end, if it goes on like this.</param>
public sealed record ApplicationCosts(string Name, Statement SoFar, Statement Forecast);

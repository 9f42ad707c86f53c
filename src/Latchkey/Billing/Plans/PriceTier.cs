namespace Latchkey.Billing.Plans;

/// <summary>A price for units up to a number.</summary>
/// <param name="UpTo">The last unit at this price, counted after the free ones; null for all further units.</param>
/// <param name="Millionths">The price, as in <see cref="UnitPrice"/>.</param>
public sealed record PriceTier(long? UpTo, long Millionths);

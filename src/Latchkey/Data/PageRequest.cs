namespace Latchkey.Data;

/// <summary>Which page of a list is asked for: after one cursor or before the other; neither for the first.</summary>
public sealed record PageRequest(string After, string Before, int Size);

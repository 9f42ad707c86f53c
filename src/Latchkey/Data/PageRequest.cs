namespace Latchkey.Data;

/// <summary>The requested page: after one cursor or before the other; neither for the first.</summary>
public sealed record PageRequest(string After, string Before, int Size);

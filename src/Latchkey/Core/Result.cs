using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Core;

/// <summary>A value or an expected <see cref="Core.Error"/>, never both.</summary>
[SuppressMessage(
    "Usage",
    "CA2225:Operator overloads have named alternates",
    Justification = "return value; and return error; are the point"
)]
public readonly record struct Result<T> : IOutcome
{
    private Result(T? value, Error? error) => (Value, Error) = (value, error);

    public T? Value { get; }

    public Error? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>
    /// Whether this is an error. Nullability flows to the outputs, so that callers write <c>if (result.Failed(out var value, out var
    /// error)) return error;</c>.
    /// </summary>
    /// <param name="value">The value; null when this is an error.</param>
    /// <param name="error">The error; null when this is a value.</param>
    public bool Failed([MaybeNullWhen(true)] out T value, [NotNullWhen(true)] out Error? error)
    {
        value = Value;
        error = Error;
        return error is not null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public void Deconstruct(out T? value, out Error? error) => (value, error) = (Value, Error);
}

namespace Latchkey.Core;

/// <summary>A request type that reads itself from named, typed parameters.</summary>
public interface IRequest<TSelf>
    where TSelf : IRequest<TSelf>
{
    static abstract TSelf Read(FieldReader fields);
}
